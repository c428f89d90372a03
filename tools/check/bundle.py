"""Bundles: the checks of docs/spec/bundle.md section 4."""

from collections import namedtuple
from hashlib import sha256

from anchors import check_anchor_members
from container import ContainerFault
from manifest import MAX_BYTES, ManifestFault, parse_manifest
from note import open_checkpoint
from receipt import Verdict, file_fault, judge, parse_receipt, read_keys

MAX_SMALL_BYTES = 65536

Fault = namedtuple("Fault", "code path")


class BundleVerdict:
    """What was found: faults by member, files `proved`, `listed` or `failed`, entries proved, and what the whole stands on."""

    def __init__(self):
        self.faults = []
        self.keys_from = "given"
        self.manifest = self.checkpoint = self.made = self.manifest_digest = None
        self.signers, self.files, self.receipts, self.anchors = [], {}, {}, []

    def fault(self, code, path=None):
        """Notes a fault once."""
        if Fault(code, path) not in self.faults:
            self.faults.append(Fault(code, path))

    @property
    def is_whole(self):
        """Everything agrees with itself."""
        return not self.faults and self.manifest is not None

    @property
    def is_valid(self):
        """Whole, under keys that were given from elsewhere."""
        return self.is_whole and self.keys_from == "given"


class _Check:
    """One run over one container."""

    def __init__(self, container, key_texts, timestamp_roots):
        self.container, self.key_texts, self.roots = container, key_texts, timestamp_roots
        self.verdict = BundleVerdict()
        self.keys, self.note, self.opened = [], None, None

    def text(self, path, most=MAX_SMALL_BYTES):
        """Bytes of a member that are UTF-8, or None with a fault."""
        data = self.member(path, most)
        try:
            return data if data is None or data.decode("utf-8") is not None else None
        except UnicodeDecodeError:
            self.verdict.fault("bundle/text-malformed", path)
            return None

    def member(self, path, most):
        """Bytes of a member, or None, with a fault, when it is too large or its form in the container is wrong."""
        if self.container.sizes[path] > most:
            self.verdict.fault("bundle/too-large", path)
            return None
        try:
            return b"".join(self.container.pieces(path))
        except ContainerFault as fault:
            self.verdict.fault(f"bundle/{fault.code}", fault.path)
            return None

    def run(self):
        """All checks in the order of section 4. Without a manifest only the checkpoint and the anchors are judged; without a checkpoint no receipt is."""
        self.read_manifest()
        self.read_keys()
        self.opened = self.open_note()
        if self.verdict.manifest:
            digests = self.check_files()
            if self.opened:
                self.check_made()
                self.check_receipts(digests)
            self.check_extra()
        if self.opened:
            check_anchor_members(self, self.opened[0])
        named = {path for _, path in self.verdict.faults}
        for path in self.container.rotten:
            if path not in named:
                self.verdict.fault("bundle/zip-form", path)
        return self.verdict

    def read_manifest(self):
        if "manifest.json" not in self.container.sizes:
            self.verdict.fault("bundle/manifest-missing", "manifest.json")
            return
        data = self.member("manifest.json", MAX_BYTES)
        if data is None:
            return
        try:
            self.verdict.manifest = parse_manifest(data)
        except ManifestFault as fault:
            self.verdict.fault(f"bundle/{fault}", "manifest.json")
            return
        self.verdict.manifest_digest = sha256(data).digest()

    def read_keys(self):
        """Keys given from elsewhere, or else the bundle's own."""
        place = None
        if not self.key_texts:
            self.verdict.keys_from, place = "bundle", "log/keys"
            own = self.text(place) if place in self.container.sizes else self.verdict.fault("bundle/member-missing", place)
            self.key_texts = [line for line in (own or b"").decode().split("\n") if line]
        self.keys, reason = read_keys(self.key_texts)
        if reason:
            self.verdict.fault(f"receipt/{reason}", place)

    def open_note(self):
        """(checkpoint, signers, None) of `log/checkpoint`, or None with a fault."""
        if "log/checkpoint" not in self.container.sizes:
            self.verdict.fault("bundle/member-missing", "log/checkpoint")
            return None
        self.note = self.text("log/checkpoint")
        if self.note is None:
            return None
        opened = open_checkpoint(self.note, self.keys)
        if opened[2]:
            self.verdict.fault(f"receipt/{opened[2]}", "log/checkpoint")
            return None
        self.verdict.checkpoint, self.verdict.signers = opened[0], opened[1]
        if self.verdict.manifest and opened[0].origin != self.verdict.manifest["origin"]:
            self.verdict.fault("bundle/origin-differs", "log/checkpoint")
        return opened

    def check_files(self):
        """Digest of each file that is there and as listed, by the id of the entry that speaks for it (section 4.4)."""
        digests = {}
        for file in self.verdict.manifest["files"]:
            fault = self.file_fault(file)
            if fault:
                self.verdict.fault(*fault)
                self.verdict.files[file["path"]] = "failed"
                continue
            self.verdict.files[file["path"]] = "listed"
            if "entryId" in file:
                digests[file["entryId"]] = (file["path"], bytes.fromhex(file["sha256"]))
        return digests

    def file_fault(self, file):
        path = file["path"]
        if path not in self.container.sizes:
            return "bundle/file-missing", path
        if self.container.sizes[path] != file["byteCount"]:
            return "bundle/size-differs", path
        digest = sha256()
        try:
            for piece in self.container.pieces(path):
                digest.update(piece)
        except ContainerFault as fault:
            return f"bundle/{fault.code}", fault.path
        return None if digest.hexdigest() == file["sha256"] else ("bundle/file-altered", path)

    def check_made(self):
        """The receipt of the manifest: its commitment first, then the kind of its entry (section 4.3)."""
        found = self.check_receipt("manifest.tlog-proof")
        if not found:
            return
        reason = file_fault(found[0], found[1].entry, self.verdict.manifest_digest)
        if reason:
            self.verdict.fault(f"receipt/{reason}", "manifest.json")
        elif found[1].entry["kind"] != "bundle.made":
            self.verdict.fault("bundle/not-made", "manifest.tlog-proof")
        else:
            self.verdict.made = found[1]

    def check_receipts(self, digests):
        """The receipt of each entry (section 4.5)."""
        for entry_id in self.verdict.manifest["entries"]:
            path = f"receipts/{entry_id}.tlog-proof"
            found = self.check_receipt(path)
            if not found:
                continue
            if found[1].entry["id"] != entry_id:
                self.verdict.fault("bundle/receipt-swapped", path)
                continue
            self.verdict.receipts[entry_id] = found[1]
            if entry_id in digests:
                self.bind_file(found, *digests[entry_id])

    def bind_file(self, found, path, digest):
        reason = file_fault(found[0], found[1].entry, digest)
        self.verdict.files[path] = "failed" if reason else "proved"
        if reason:
            self.verdict.fault(f"receipt/{reason}", path)

    def check_receipt(self, path):
        """(receipt, verdict) of a receipt that is there, stands on the bundle's own checkpoint and holds, or None with a fault."""
        if path not in self.container.sizes:
            self.verdict.fault("bundle/receipt-missing", path)
            return None
        data = self.text(path)
        if data is None:
            return None
        if data.partition(b"\n\n")[2] != self.note:
            self.verdict.fault("bundle/other-checkpoint", path)
            return None
        receipt = parse_receipt(data)
        if receipt is None:
            self.verdict.fault("receipt/receipt-malformed", path)
            return None
        verdict = judge(Verdict(), receipt, self.opened, None)
        for reason in verdict.faults.values():
            self.verdict.fault(f"receipt/{reason}", path)
        return None if verdict.faults else (receipt, verdict)

    def check_extra(self):
        """No other member is there (section 4.6)."""
        known = {"manifest.json", "manifest.tlog-proof", "log/checkpoint"}
        known |= {file["path"] for file in self.verdict.manifest["files"]}
        known |= {f"receipts/{entry_id}.tlog-proof" for entry_id in self.verdict.manifest["entries"]}
        for path in self.container.sizes:
            if path not in known and not path.startswith("anchors/"):
                self.verdict.fault("bundle/file-extra", path)


def check_bundle(container, key_texts, timestamp_roots):
    """The verdict on a bundle under verifier keys given from elsewhere, or under its own when there are none."""
    return _Check(container, key_texts, timestamp_roots).run()
