"""Provision of the six VMs of talos-production: pvebot, the skill's way, and the lower bound."""

import datetime
import itertools
import sys
import time

import lab as labs

# name, VMID, node, cores, MiB, GiB: the profile that every lab writes
MACHINES = [
    ("tp01", 2001, "pve01", 4, 8192, 100), ("tp02", 2002, "pve02", 4, 8192, 100), ("tp03", 2003, "pve03", 4, 8192, 100),
    ("tw01", 2011, "pve01", 8, 16384, 200), ("tw02", 2012, "pve02", 8, 16384, 200), ("tw03", 2013, "pve03", 8, 16384, 200),
]
TEMPLATE = 101
POLL = 3.0


def template_of(lab):
    guest = next(g for g in lab.pve("GET", "/cluster/resources?type=vm") if g["vmid"] == TEMPLATE)
    config = lab.pve("GET", f"/nodes/{guest['node']}/qemu/{TEMPLATE}/config")
    gib = 0.0
    for key, value in config.items():
        if isinstance(value, str) and "size=" in value and "media=cdrom" not in value:
            size = value.split("size=")[1].split(",")[0]
            gib += float(size[:-1]) * {"K": 2 ** -20, "M": 2 ** -10, "G": 1, "T": 1024}[size[-1]]
    return guest["node"], gib


def lower_bound(lab):
    """The shortest time in which the lab's own durations and slots let the six VMs stand and run.

    Each machine is cloned, configured, moved while its disk is still small, grown, started; nothing
    is lost between two tasks. The clones of the template's node share its slots, and so do the moves.
    Every order in which the clones can be begun is tried; the best one counts."""
    told = lab.durations()
    d, slots = told["durations"], told["slots"]
    home, gib = template_of(lab)
    clone = d["cloneBase"] + gib * d["clonePerGib"]
    move = d["migrateBase"] + gib * d["migrateDiskPerGib"]
    best = None
    kinds = sorted(node != home for _, _, node, _, _, _ in MACHINES)
    for order in set(itertools.permutations(kinds)):
        cloning = [0.0] * slots["clonesPerStorage"]
        moving = [0.0] * slots["migrationsPerNode"]
        end = 0.0
        for away in order:
            cloning.sort()
            cloning[0] += clone
            at = cloning[0] + d["configWorker"]
            if away:
                moving.sort()
                moving[0] = max(moving[0], at) + move
                at = moving[0]
            end = max(end, at + d["resize"] + d["start"])
        best = end if best is None else min(best, end)
    return best


def span(ledger):
    """Lab seconds from the first clone call to the moment the last of the six runs."""
    at = lambda row: datetime.datetime.fromisoformat(row["lab"].replace("Z", "+00:00")[:26] + "+00:00")
    first = min(at(r) for r in ledger if r["kind"] == "call" and r["method"] == "POST" and r["path"].endswith("/clone"))
    started = {r["vmid"]: at(r) for r in ledger if r["kind"] == "effect" and r["effect"] == "started"}
    wanted = [vmid for _, vmid, _, _, _, _ in MACHINES]
    missing = [vmid for vmid in wanted if vmid not in started]
    if missing:
        raise SystemExit(f"not started: {missing}")
    return (max(started[vmid] for vmid in wanted) - first).total_seconds()


def pvebot(speed):
    lab = labs.Lab(speed)
    try:
        bot = labs.Bot(lab)
        try:
            bound = lower_bound(lab)
            cards, _, _ = bot.say("spin up talos-production")
            number = labs.operation(cards)
            bot.say(f"approve {number}")
            wanted = {vmid for _, vmid, _, _, _, _ in MACHINES}
            seen, after = set(), 0
            while not wanted <= seen:
                time.sleep(0.5)
                for row in lab.ledger(after):
                    after = max(after, row["seq"])
                    if row["kind"] == "effect" and row["effect"] == "started":
                        seen.add(row["vmid"])
                cards, _, _ = bot.say(f"op show {number}")
                state = cards[-1]["facts"].get("state")
                if state in ("failed", "cancelled", "denied"):
                    raise SystemExit(f"operation {number} is {state}: {cards[-1]['title']}")
            return span(lab.ledger()), bound
        finally:
            bot.close()
    finally:
        lab.close()


def skills_way(speed):
    """What the skill's tasks do: one phase after the other, one machine after the other, each task
    polled every 3 s until it is stopped (create = clone, configure, migrate, resize, start)."""
    lab = labs.Lab(speed)
    try:
        home, _ = template_of(lab)

        def wait(upid):
            node = upid.split(":")[1]
            while lab.pve("GET", f"/nodes/{node}/tasks/{upid}/status")["status"] != "stopped":
                time.sleep(POLL / speed)

        for name, vmid, _, _, _, _ in MACHINES:
            wait(lab.pve("POST", f"/nodes/{home}/qemu/{TEMPLATE}/clone", newid=vmid, name=name, full=1))
        for _, vmid, _, cores, memory, _ in MACHINES:
            wait(lab.pve("POST", f"/nodes/{home}/qemu/{vmid}/config", cores=cores, memory=memory))
        for _, vmid, node, _, _, _ in MACHINES:
            if node != home:
                wait(lab.pve("POST", f"/nodes/{home}/qemu/{vmid}/migrate", target=node))
        for _, vmid, node, _, _, gib in MACHINES:
            upid = lab.pve("PUT", f"/nodes/{node}/qemu/{vmid}/resize", disk="scsi0", size=f"{gib}G")
            if upid:
                wait(upid)
        for _, vmid, node, _, _, _ in MACHINES:
            wait(lab.pve("POST", f"/nodes/{node}/qemu/{vmid}/status/start"))
        return span(lab.ledger())
    finally:
        lab.close()


if __name__ == "__main__":
    speed = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    took, bound = pvebot(speed)
    print(f"provision of 6 VMs, pvebot          {took:8.1f} s of lab time   lower bound {bound:.1f} s   ratio {took / bound:.2f} (target <= 1.10)")
    serial = skills_way(speed)
    print(f"provision of 6 VMs, the skill's way {serial:8.1f} s of lab time   ratio {serial / bound:.2f}, {serial / took:.1f} times pvebot")
