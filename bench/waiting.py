"""A thousand operations waiting at once."""

import sys
import time

import lab as labs

WATCH = 60

if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    lab = labs.Lab(1)
    try:
        # the first snapshot's task hangs; all others wait for the lock of the same VM
        lab.admin("/task-faults", {"fault": "hang", "type": "qmsnapshot", "id": "1033", "count": 1})
        bot = labs.Bot(lab)
        try:
            acknowledged = []
            operations = []
            for number in range(1, many + 1):
                cards, _, first = bot.say(f"snapshot 1033 called wait{number}")
                acknowledged.append(first)
                operations.append(labs.operation(cards))
            for number in operations:
                _, _, first = bot.say(f"approve {number}")
                acknowledged.append(first)
            after = max(row["seq"] for row in lab.ledger())
            for _ in range(20):  # people go on talking while all of them wait
                time.sleep(WATCH / 20)
                _, _, first = bot.say("op list")
                acknowledged.append(first)
            calls = [row for row in lab.ledger(after) if row["kind"] == "call"]
            nodes = {}
            for row in calls:
                nodes[row["node"]] = nodes.get(row["node"], 0) + 1
            busiest = max(nodes.values(), default=0) / WATCH
            print(f"{many} operations waiting   acknowledgement median {labs.percentile(acknowledged, .5) * 1000:.0f} ms,"
                  f" p99 {labs.percentile(acknowledged, .99) * 1000:.0f} ms (target <= 500)"
                  f"   busiest node {busiest:.2f} requests/s (target <= 2)"
                  f"   resident {bot.resident_mib():.0f} MiB (target <= 512)")
        finally:
            bot.close()
    finally:
        lab.close()
