"""A lab and a bot for the benchmarks, and how to speak with them. Python's standard library only."""

import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PVEBOT = os.environ.get("PVEBOT", str(ROOT / "pvebot"))


class Lab:
    """`pvebot lab` in a process of its own, with a folder of its own."""

    def __init__(self, speed):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="pvebot-bench", dir="/tmp"))
        self.speed = speed
        self.log = open(self.dir / "lab.log", "w")
        self.process = subprocess.Popen(
            [PVEBOT, "lab", "--dir", str(self.dir), "--speed", str(speed), "--json"],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the lab did not start: see {self.dir}/lab.log (is another one running?)")
        self.endpoints = json.loads(line)
        self.context = ssl.create_default_context(cafile=self.endpoints["ca"])
        lines = pathlib.Path(self.endpoints["token_file"]).read_text().split()
        self.token = lines[0] + "=" + lines[1]

    def admin(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.endpoints["admin"] + path, data)) as answer:
            return answer.read().decode()

    def ledger(self, after=0):
        return [json.loads(line) for line in self.admin(f"/ledger?after={after}").splitlines() if line]

    def durations(self):
        return json.loads(self.admin("/durations"))

    def pve(self, method, path, **parameters):
        """One call of PVE's API, as a script would make it."""
        data = urllib.parse.urlencode(parameters).encode() if parameters else None
        if method in ("POST", "PUT") and data is None:
            data = b""
        request = urllib.request.Request(
            self.endpoints["nodes"]["pve01"] + "/api2/json" + path, data, method=method,
            headers={"Authorization": "PVEAPIToken=" + self.token})
        with urllib.request.urlopen(request, context=self.context) as answer:
            return json.load(answer)["data"]

    def close(self):
        stop(self.process)
        self.log.close()


class Bot:
    """`pvebot serve` on a lab's configuration."""

    def __init__(self, lab):
        self.lab = lab
        self.socket = str(lab.dir / "pvebot.sock")
        self.log = open(lab.dir / "serve.log", "w")
        self.process = subprocess.Popen(
            [PVEBOT, "serve", "--config", str(lab.dir / "pvebot.yaml")],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        if not self.process.stdout.readline():
            raise SystemExit(f"the bot did not start: see {lab.dir}/serve.log")

    def say(self, text, who="alice", follow=False, verb="say"):
        """One message by the local socket: what `pvebot say` does, without starting a JVM for it.

        Returns the cards, the exit code and the seconds until the first card."""
        call = {"verb": verb, "text": text, "as": who, "channel": "bench", "thread": None, "follow": follow}
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            began = time.monotonic()
            connection.connect(self.socket)
            connection.sendall((json.dumps(call) + "\n").encode())
            cards, first = [], None
            for line in connection.makefile(encoding="utf-8"):
                answer = json.loads(line)
                if answer["is"] == "end":
                    return cards, answer["exit"], first or time.monotonic() - began
                first = first or time.monotonic() - began
                if answer["is"] == "card":
                    cards.append(answer["card"])
        raise SystemExit(f"the bot went away: see {self.lab.dir}/serve.log")

    def resident_mib(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def close(self):
        stop(self.process)
        self.log.close()


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def operation(cards):
    """The number of the operation that the cards are about."""
    for card in cards:
        number = (card.get("facts") or {}).get("operation")
        if number:
            return number
    raise SystemExit("no operation was begun: " + json.dumps([card["title"] for card in cards]))


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
