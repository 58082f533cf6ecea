"""Clone, configure, start, snapshot, migrate, stop, delete and task status, by proxmoxer as it comes."""
import os

from proxmoxer import ProxmoxAPI
from proxmoxer.core import ResourceException
from proxmoxer.tools import Tasks

user, rest = os.environ["LAB_TOKEN"].split("!", 1)
name, secret = rest.split("=", 1)
pve = ProxmoxAPI(
    os.environ["LAB_HOST"], port=int(os.environ["LAB_PORT"]), user=user, token_name=name, token_value=secret,
    verify_ssl=os.environ["LAB_CA"],
)


def done(upid, node="pve01"):
    status = Tasks.blocking_status(pve, upid, timeout=30, polling_interval=0.05)
    assert status["exitstatus"] == "OK", status
    assert Tasks.decode_upid(upid)["node"] == upid.split(":")[1]
    assert "%s!%s" % (user, name) in upid or upid.split(":")[7] == "root@pam", upid
    log = Tasks.decode_log(pve.nodes(node).tasks(upid).log.get())
    assert log.endswith("TASK OK"), log


assert pve.version.get()["release"] == "9.1"
vmid = int(pve.cluster.nextid.get())
node = pve.nodes("pve01")
done(node.qemu(102).clone.post(newid=vmid, name="by-proxmoxer", full=1))
node.qemu(vmid).config.put(cores=4, memory=4096, tags="b;a", ipconfig0="ip=dhcp")
done(node.qemu(vmid).resize.put(disk="scsi0", size="+2G"))
config = node.qemu(vmid).config.get()
assert (config["cores"], config["memory"], config["tags"]) == (4, "4096", "a;b"), config
done(node.qemu(vmid).status.start.post())
assert node.qemu(vmid).status.current.get()["status"] == "running"
done(node.qemu(vmid).snapshot.post(snapname="first"))
done(node.qemu(vmid).snapshot("first").delete())
done(node.qemu(vmid).status.stop.post())
done(node.qemu(vmid).migrate.post(target="pve02"))
assert [r["node"] for r in pve.cluster.resources.get(type="vm") if r["vmid"] == vmid] == ["pve02"]
try:
    node.qemu(vmid).config.get()
    raise AssertionError("the VM is still on pve01")
except ResourceException as gone:
    assert gone.status_code == 500 and "does not exist" in str(gone), gone
done(pve.nodes("pve02").qemu(vmid).delete(purge=1), "pve02")
assert vmid not in [r["vmid"] for r in pve.cluster.resources.get(type="vm")]

# A login by password: ticket and CSRF token are proxmoxer's own doing.
root = ProxmoxAPI(
    os.environ["LAB_HOST"], port=int(os.environ["LAB_PORT"]), user="root@pam", password=os.environ["LAB_ROOT"],
    verify_ssl=os.environ["LAB_CA"],
)
root.nodes("pve01").qemu(1031).config.put(description="by root")
iso = os.path.join(os.path.dirname(os.environ["LAB_CA"]), "tiny.iso")
with open(iso, "wb") as file:
    file.write(b"not really an image" * 100)
with open(iso, "rb") as file:
    upid = root.nodes("pve01").storage("local").upload.post(content="iso", filename=file)
assert Tasks.blocking_status(root, upid, timeout=30, polling_interval=0.05)["exitstatus"] == "OK"
assert "local:iso/tiny.iso" in [v["volid"] for v in root.nodes("pve01").storage("local").content.get()]
print("proxmoxer is content")
