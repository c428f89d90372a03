#!/usr/bin/env python3
"""Bundles by the second verifier, after docs/spec/bundle.md, standard library only.

    python3 tools/verify_bundle.py ZIP_OR_FOLDER --key KEY_OR_KEYFILE [--key ...] [--json]
    python3 tools/verify_bundle.py --questions < questions.jsonl     one {"zip" (base 64), "keys"} a line; a verdict a line

Exit codes: 0 valid, 1 whole under no key that was given, 2 wrong usage, 4 not whole. Proofs of outside providers are not judged here.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import struct
import sys
import unicodedata

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from verify import (  # noqa: E402
    Refused, UUID, check_file, check_inclusion, is_integer, is_match, read_base64, read_checkpoint, read_entry, read_json, read_key,
    read_keys, read_receipt, spell,
)

MEMBERS_MAX = 65_534
ANCHORS_MAX = 8
LIMITS = {"manifest": 64 << 20, "receipt": 64 << 10, "note": 64 << 10, "keys": 16 << 10, "anchor": 1 << 20}
PART = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}"
DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE | re.ASCII)
RESERVED = re.compile(r"(?:manifest\.|log/|receipts/|anchors/)", re.IGNORECASE)
KINDS = ("audit-pack", "evidence-pack", "trace")


class Closed(Exception):
    """Why a container is not opened: a code, and the member it concerns."""

    def __init__(self, code, path=None):
        super().__init__(code)
        self.code, self.path = code, path


# --- sections 1 and 2: members, zip ---

def is_member_path(path):
    parts = path.split("/")
    return len(parts) <= 8 and all(is_match(PART, p) and not p.endswith(".") and not DEVICE.match(p) for p in parts)


def collect(members):
    """Members by path; `members` gives (path, bytes)."""
    found, folded = {}, set()
    for path, data in members:
        if not is_member_path(path):
            raise Closed("bundle/path", re.sub(r"[^\x20-\x7e]", "?", path[:200]))
        if path.lower() in folded:
            raise Closed("bundle/duplicate", path)
        folded.add(path.lower())
        found[path] = data
    if len(found) > MEMBERS_MAX:
        raise Closed("bundle/too-many")
    return found


def open_zip(data):
    """Members of a zip of the one form: each header is compared with the one that a writer writes."""
    if data[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        raise Closed("bundle/not-zip")
    if len(data) < 22 or data[-22:-18] != b"PK\x05\x06":
        raise Closed("bundle/truncated")
    count, size, at = struct.unpack("<HII", data[-12:-2])
    if data[-22:] != b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, size, at, 0) or at + size + 22 != len(data):
        raise Closed("bundle/zip-form")
    directory, place, offset, records = data[at:at + size], 0, 0, []
    for _ in range(count):
        if place + 46 > len(directory):
            raise Closed("bundle/zip-form")
        flags, method = struct.unpack_from("<HH", directory, place + 8)
        crc, length = struct.unpack_from("<II", directory, place + 16)[0], struct.unpack_from("<I", directory, place + 24)[0]
        name_length, = struct.unpack_from("<H", directory, place + 28)
        begins, = struct.unpack_from("<I", directory, place + 42)
        name = directory[place + 46:place + 46 + name_length]
        path = name.decode("latin-1")
        shown = re.sub(r"[^\x20-\x7e]", "?", path[:200])
        if flags & 1:
            raise Closed("bundle/encrypted", shown)
        if method:
            raise Closed("bundle/compressed", shown)
        if re.search(r"[^\x20-\x7e]", path):
            raise Closed("bundle/path", shown)
        shared = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x21, crc, length, length, name_length, 0)
        right = b"PK\x01\x02" + struct.pack("<H", 20) + shared + struct.pack("<HHHII", 0, 0, 0, 0, begins) + name
        if directory[place:place + 46 + name_length] != right:
            raise Closed("bundle/zip-form", shown)
        records.append((path, begins, b"PK\x03\x04" + shared + name, length))
        place += 46 + name_length
    if place != len(directory):
        raise Closed("bundle/zip-form")
    for path, begins, header, length in records:
        if begins != offset:
            raise Closed("bundle/overlap", path)
        offset += len(header) + length
    if offset != at:
        raise Closed("bundle/overlap")

    def member(begins, header, length):
        if data[begins:begins + len(header)] != header:
            return None
        return data[begins + len(header):begins + len(header) + length]

    return collect((path, member(begins, header, length)) for path, begins, header, length in records)


def open_folder(root):
    """Members of an unpacked bundle; a link or a special file is not followed."""
    def walk():
        for folder, folders, files in os.walk(root):
            for name in folders + files:
                place = os.path.join(folder, name)
                path = os.path.relpath(place, root).replace(os.sep, "/")
                if os.path.islink(place) or (name in files and not os.path.isfile(place)):
                    raise Closed("bundle/not-a-file", path)
            for name in sorted(files):
                place = os.path.join(folder, name)
                with open(place, "rb") as stream:
                    yield os.path.relpath(place, root).replace(os.sep, "/"), stream.read()
    return collect(walk())


# --- section 3: manifest ---

def is_path_list(value):
    return isinstance(value, list) and all(isinstance(p, str) and is_member_path(p) for p in value) and len(set(value)) == len(value)


def is_code(value):
    return value is None or (isinstance(value, str) and 0 < len(value) <= 120 and not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in value))


def is_file(value):
    if not isinstance(value, dict) or not {"path", "byteCount", "sha256"} <= set(value) <= {"path", "byteCount", "sha256", "entryId"}:
        return False
    is_right = isinstance(value["path"], str) and is_member_path(value["path"]) and is_integer(value["byteCount"]) and value["byteCount"] >= 0
    return is_right and is_match(r"[0-9a-f]{64}", value["sha256"]) and ("entryId" not in value or is_match(UUID, value["entryId"]))


def is_material(value):
    if not isinstance(value, dict) or set(value) != {"materialId", "dossierId", "code", "files"}:
        return False
    return is_match(UUID, value["materialId"]) and is_match(UUID, value["dossierId"]) and is_code(value["code"]) and is_path_list(value["files"])


def read_manifest(data):
    try:
        text = data.decode("utf-8")
        m = read_json(text)
        if not isinstance(m, dict):
            raise Refused("malformed")
        if m.get("format") != "lantai-bundle-1" and is_match(r"lantai-bundle-\d+", m.get("format")):
            raise Refused("newer")
        names = {"archiveId", "entries", "files", "format", "kind", "madeAtMs", "materials", "origin"}
        is_head = set(m) == names and m["format"] == "lantai-bundle-1" and m["kind"] in KINDS and is_match(UUID, m["archiveId"])
        is_head = is_head and is_integer(m["madeAtMs"]) and m["madeAtMs"] >= 0 and isinstance(m["origin"], str) and re.fullmatch(r"[^\s+]{1,200}", m["origin"])
        if not is_head or not all(isinstance(m[name], list) for name in ("entries", "files", "materials")):
            raise Refused("malformed")
        files, entries, materials = m["files"], m["entries"], m["materials"]
        if not all(map(is_file, files)) or not all(is_match(UUID, e) for e in entries) or not all(map(is_material, materials)):
            raise Refused("malformed")
        paths, vouched = [f["path"] for f in files], [f["entryId"] for f in files if "entryId" in f]
        ids = [a["materialId"] for a in materials]
        # In order, and so that no two are one on a disk that does not tell cases apart.
        is_ordered = paths == sorted(paths) and entries == sorted(set(entries)) and ids == sorted(set(ids))
        is_once = len({p.lower() for p in paths}) == len(paths) and len(set(vouched)) == len(vouched) and set(vouched) <= set(entries)
        is_own = "log/keys" in paths and all(p == "log/keys" or not RESERVED.match(p) for p in paths)
        if not (is_ordered and is_once and is_own) or any(p not in paths for a in materials for p in a["files"]) or spell(m) != text:
            raise Refused("malformed")
        return m
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused("malformed") from None


# --- section 4: checks ---

def check_consistency(first, second, proof):
    """RFC 9162 section 2.1.4.2, for (size, root) of two checkpoints."""
    (from_size, from_root), (to_size, to_root) = first, second
    if from_size == to_size:
        if from_root != to_root:
            raise Refused("consistency")
        return
    if from_size > to_size or (from_size and not proof):
        raise Refused("consistency")
    if not from_size:
        return
    fn, sn = from_size - 1, to_size - 1
    while fn % 2:
        fn, sn = fn >> 1, sn >> 1
    hashes = list(proof)
    fr = sr = from_root if not fn else hashes.pop(0)
    for c in hashes:
        if not sn:
            raise Refused("consistency")
        if fn % 2 or fn == sn:
            fr, sr = hashlib.sha256(b"\x01" + c + fr).digest(), hashlib.sha256(b"\x01" + c + sr).digest()
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hashlib.sha256(b"\x01" + sr + c).digest()
        fn, sn = fn >> 1, sn >> 1
    if sn or fr != from_root or sr != to_root:
        raise Refused("consistency")


class Check:
    """One check of a bundle; faults are (code, member)."""

    def __init__(self, members, given_keys):
        self.members, self.given_keys, self.faults = members, given_keys, []

    def fault(self, code, path):
        self.faults.append({"code": code, "path": path})

    def read(self, path, limit, missing="bundle/member-missing"):
        if path not in self.members:
            return self.fault(missing, path)
        data = self.members[path]
        if data is None:
            return self.fault("bundle/zip-form", path)
        if limit is not None and len(data) > limit:
            return self.fault("bundle/too-large", path)
        return data

    def text(self, path, limit, missing="bundle/member-missing"):
        data = self.read(path, limit, missing)
        try:
            return None if data is None else data.decode("utf-8")
        except UnicodeDecodeError:
            return self.fault("bundle/text-malformed", path)

    def run(self):
        manifest, data = None, self.read("manifest.json", LIMITS["manifest"], "bundle/manifest-missing")
        if data is not None:
            try:
                manifest = read_manifest(data)
            except Refused as refusal:
                self.fault(f"bundle/manifest-{refusal}", "manifest.json")
        keys = self.open_keys()
        note = self.text("log/checkpoint", LIMITS["note"])
        opened = self.open_checkpoint(note, keys)
        if manifest and opened:
            if note.split("\n", 1)[0] != manifest["origin"]:
                self.fault("bundle/origin-differs", "log/checkpoint")
            self.check_made(data, note, opened)
        digests = self.check_files(manifest) if manifest else {}
        if manifest and opened:
            self.check_receipts(manifest, digests, note, opened)
        if manifest:
            self.find_extras(manifest)
        if opened:
            self.check_anchors(note, opened, keys)
        is_whole = not self.faults
        return {"isValid": is_whole and bool(self.given_keys), "isWhole": is_whole, "faults": self.faults}

    def open_keys(self):
        place = None if self.given_keys else "log/keys"
        texts = self.given_keys or [line for line in (self.text("log/keys", LIMITS["keys"]) or "").split("\n") if line][:16]
        keys, wrong = [], not texts
        for text in texts:
            try:
                keys.append(read_key(text))
            except Refused:
                wrong = True
        if wrong:
            self.fault("receipt/key-malformed" if texts else "receipt/no-key", place)
        return keys

    def open_checkpoint(self, note, keys):
        try:
            return None if note is None else read_checkpoint(note, keys)
        except Refused as refusal:
            return self.fault(f"receipt/checkpoint-{refusal}", "log/checkpoint")

    def judge(self, path, note, opened):
        """(entry, salt) of a receipt that holds."""
        text = self.text(path, LIMITS["receipt"], "bundle/receipt-missing")
        if text is None:
            return None
        if text[text.find("\n\n") + 2:] != note:
            return self.fault("bundle/other-checkpoint", path)
        before = len(self.faults)
        try:
            data, salt, position, proof, _ = read_receipt(text)
        except Refused as refusal:
            return self.fault(f"receipt/{refusal}", path)
        entry = None
        try:
            entry = read_entry(data)
        except Refused as refusal:
            self.fault(f"receipt/{refusal}", path)
        try:
            check_inclusion(data, position, opened[0], proof, opened[1])
        except Refused as refusal:
            self.fault(f"receipt/{refusal}", path)
        return (entry, salt) if len(self.faults) == before else None

    def vouches(self, entry, salt, data, path):
        try:
            check_file(data, salt, entry)
            return True
        except Refused as refusal:
            self.fault(f"receipt/{refusal}", path)
            return False

    def check_made(self, data, note, opened):
        judged = self.judge("manifest.tlog-proof", note, opened)
        if judged and self.vouches(*judged, data, "manifest.json") and judged[0]["kind"] != "bundle.made":
            self.fault("bundle/not-made", "manifest.tlog-proof")

    def check_files(self, manifest):
        held = {}
        for file in manifest["files"]:
            path = file["path"]
            data = self.read(path, None, "bundle/file-missing")
            if data is None:
                continue
            if len(data) != file["byteCount"]:
                self.fault("bundle/size-differs", path)
            elif hashlib.sha256(data).hexdigest() != file["sha256"]:
                self.fault("bundle/file-altered", path)
            else:
                held[path] = data
        return held

    def check_receipts(self, manifest, held, note, opened):
        file_of = {file["entryId"]: file["path"] for file in manifest["files"] if "entryId" in file}
        for entry_id in manifest["entries"]:
            path = f"receipts/{entry_id}.tlog-proof"
            judged = self.judge(path, note, opened)
            if not judged:
                continue
            if judged[0]["id"] != entry_id:
                self.fault("bundle/receipt-swapped", path)
            elif entry_id in file_of and file_of[entry_id] in held:
                self.vouches(*judged, held[file_of[entry_id]], file_of[entry_id])

    def find_extras(self, manifest):
        known = {"manifest.json", "manifest.tlog-proof", "log/checkpoint"} | {file["path"] for file in manifest["files"]}
        known |= {f"receipts/{entry_id}.tlog-proof" for entry_id in manifest["entries"]}
        for path in self.members:
            if path not in known and not path.startswith("anchors/"):
                self.fault("bundle/file-extra", path)

    def check_anchors(self, note, opened, keys):
        paths = [path for path in self.members if path.startswith("anchors/")]
        if len(paths) > ANCHORS_MAX:
            self.fault("bundle/too-many", "anchors/")
        for path in paths[:ANCHORS_MAX]:
            text = self.text(path, LIMITS["anchor"])
            try:
                head, _, rest = (text or "").partition("\n")
                anchored, = json.loads(rest)["checkpoints"]
                proof = [read_base64(h) for h in head.removeprefix("consistency ").split(" ") if h]
                anchors = anchored["anchors"]
            except (ValueError, KeyError, TypeError, Refused):
                continue  # Of no form that is known here: nothing is said of it.
            try:
                if anchored["note"].split("\n", 1)[0] != note.split("\n", 1)[0]:
                    raise Refused("consistency")
                check_consistency(read_checkpoint(anchored["note"], keys), opened, proof)
            except Refused:
                for _ in anchors:
                    self.fault("bundle/anchor-refused", path)


def verify_bundle(open_members, keys):
    """The verdict; a container that is not opened is one fault."""
    try:
        return Check(open_members(), keys).run()
    except Closed as closed:
        return {"isValid": False, "isWhole": False, "faults": [{"code": closed.code, "path": closed.path}]}


def main():
    parser = argparse.ArgumentParser(description="checks a Lantai bundle offline")
    parser.add_argument("bundle", nargs="?")
    parser.add_argument("--key", action="append", default=[], help="verifier key of the log, or a file with keys one a line")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--questions", action="store_true", help="questions on standard input, one JSON value a line")
    options = parser.parse_args()
    if options.questions:
        for line in sys.stdin:
            question = json.loads(line)
            print(json.dumps(verify_bundle(lambda: open_zip(base64.b64decode(question["zip"])), question["keys"])))
        return 0
    if not options.bundle:
        parser.error("a bundle is needed")
    try:
        keys = list(read_keys(options.key))
        if os.path.isdir(options.bundle):
            verdict = verify_bundle(lambda: open_folder(options.bundle), keys)
        else:
            with open(options.bundle, "rb") as stream:
                data = stream.read()
            verdict = verify_bundle(lambda: open_zip(data), keys)
    except (OSError, UnicodeDecodeError) as error:
        parser.error(str(error))
    if options.json:
        print(json.dumps(verdict))
    else:
        for fault in verdict["faults"]:
            print(f"{fault['code']:28} {fault['path'] or '-'}")
        print("proved" if verdict["isValid"] else "whole, but under no key that was given" if verdict["isWhole"] else "NOT proved")
    return 0 if verdict["isValid"] else 1 if verdict["isWhole"] else 4


if __name__ == "__main__":
    sys.exit(main())
