"""Makes the module's compact copies of PVE's API schema.

    python3 compact.py schema.json     ../src/main/resources/dev/pvebot/integrations/lab/schema/pve-9.1.gz
    python3 compact.py schema-8.4.json ../src/main/resources/dev/pvebot/integrations/lab/schema/pve-8.4.gz

One endpoint a line: METHOD, tab, path, tab, JSON without prose. Lines are parsed when they are first needed,
which keeps the start of a lab short.
"""
import gzip, json, sys

DROP = {"description", "verbose_description", "typetext", "format_description"}


def strip(value, keys_are_names=False):
    if isinstance(value, dict):
        return {
            k: strip(v, k in ("properties", "params") or (k == "format" and isinstance(v, dict)))
            for k, v in value.items()
            if keys_are_names or k not in DROP
        }
    if isinstance(value, list):
        return [strip(v) for v in value]
    return value


source, target = sys.argv[1:]
endpoints = json.load(open(source))["endpoints"]
lines = []
for e in sorted(endpoints, key=lambda e: (e["path"], e["method"])):
    body = {k: v for k, v in strip(e).items() if k not in ("path", "method", "name")}
    lines.append("\t".join([e["method"], e["path"], json.dumps(body, separators=(",", ":"), sort_keys=True)]))
with open(target, "wb") as out:
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, compresslevel=9) as z:
        z.write(("\n".join(lines) + "\n").encode())
