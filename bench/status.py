"""`cluster status` against the same reads by parallel curl."""

import statistics
import subprocess
import sys
import time

import lab as labs

READS = ["/cluster/resources", "/cluster/status", "/version", "/access/permissions"]


def by_curl(lab):
    base = lab.endpoints["nodes"]["pve01"] + "/api2/json"
    command = ["curl", "--silent", "--fail", "--parallel", "--parallel-immediate", "--cacert", lab.endpoints["ca"],
               "--config", "-"]
    config = f'header = "Authorization: PVEAPIToken={lab.token}"\n'
    for read in READS:
        config += f'url = "{base}{read}"\noutput = "/dev/null"\n'
    began = time.monotonic()
    subprocess.run(command, input=config, text=True, check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    lab = labs.Lab(1)
    try:
        bot = labs.Bot(lab)
        try:
            ours, curl = [], []
            for turn in range(runs + 5):
                time.sleep(2.1)  # older than a snapshot may be: each answer is read anew
                began = time.monotonic()
                _, code, _ = bot.say("status staging")
                took = time.monotonic() - began
                if code != 0:
                    raise SystemExit(f"status ended with {code}")
                other = by_curl(lab)
                if turn >= 5:
                    ours.append(took)
                    curl.append(other)
            ratio = statistics.median(a / b for a, b in zip(ours, curl))
            print(f"cluster status {statistics.median(ours) * 1000:.0f} ms, the same reads by parallel curl"
                  f" {statistics.median(curl) * 1000:.0f} ms (medians of {runs})   ratio {ratio:.2f} (target <= 1.30)")
        finally:
            bot.close()
    finally:
        lab.close()
