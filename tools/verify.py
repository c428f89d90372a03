#!/usr/bin/env python3
"""A second verifier of Lantai's receipts, after docs/spec (receipt.md, log.md, log-entry.md), standard library only.

    python3 tools/verify.py RECEIPT [FILE] --key KEY_OR_KEYFILE [--key ...] [--json]
    python3 tools/verify.py --questions < questions.jsonl     one {"receipt", "keys", "file" (hex)} a line; a verdict a line

Exit codes: 0 everything asked was proved, 2 wrong usage, 4 not proved. It shares no line with lib/log; its author had read it (docs/adr/0111).
"""
import argparse
import base64
import binascii
import hashlib
import hmac
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from verify_signatures import ed25519_holds, sm2_holds  # noqa: E402

HEADER = "c2sp.org/tlog-proof@v1"
RECEIPT_LIMIT = 1_000_000
PROOF_LIMIT = 64
LINE_LIMIT = 64
ENTRY_LIMIT_BYTES = 4096
SAFE_INTEGER = 2**53 - 1
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
WORD = r"[a-z][a-z0-9_-]{0,31}"
REFERENCE = rf"(?:{WORD}|(?:{WORD}:)?(?:{UUID}|(?:[0-9a-f]{{2}}){{4,64}}))"
TYPES = {"ed25519": (b"\x01", 32, ed25519_holds), "sm2": (b"\xfflantai/sm2-sm3/v1\n", 65, sm2_holds)}


class Refused(Exception):
    """Why something is not believed: a reason of receipt.md."""


def is_match(pattern, value):
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def read_base64(text):
    """Bytes of standard base 64 with padding; Refused for any second spelling (receipt.md section 1)."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Refused("base64") from None
    if base64.b64encode(data).decode() != text:
        raise Refused("base64")
    return data


def read_json(text):
    """JSON without fractions and without a name twice."""

    def no_fraction(_):
        raise ValueError("fraction")

    def pairs(items):
        if len({name for name, _ in items}) < len(items):
            raise ValueError("twice")
        return dict(items)

    return json.loads(text, parse_float=no_fraction, parse_constant=no_fraction, object_pairs_hook=pairs)


def spell(value):
    """RFC 8785 for what stands in receipts and entries: names in order, nothing between, integers, texts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


# --- entries: log-entry.md ---

def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= SAFE_INTEGER


def looks_personal(text):
    if re.fullmatch(r"(?:\+?86)?1[3-9]\d{9}", text, re.ASCII):
        return True
    if not re.fullmatch(r"\d{17}[\dXx]", text, re.ASCII):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(text, weights)) % 11] == text[17].upper()


def is_parameter(name, value):
    if not is_match(r"[a-zA-Z][a-zA-Z0-9_]{0,31}", name):
        return False
    if isinstance(value, str):
        return is_match(r"[A-Za-z0-9._:/+=-]{0,200}", value) and not looks_personal(value)
    return is_integer(value) and not looks_personal(str(value))


def read_entry(data):
    """The fields of an entry; Refused when the bytes are not exactly what a writer writes."""
    try:
        entry = read_json(data.decode("ascii"))
    except (ValueError, RecursionError):
        raise Refused("entry-malformed") from None
    if len(data) > ENTRY_LIMIT_BYTES or not isinstance(entry, dict):
        raise Refused("entry-malformed")
    params = entry.get("params")
    rules = {
        "actor": is_match(REFERENCE, entry.get("actor")),
        "at": is_integer(entry.get("at")) and entry["at"] >= 0,
        "id": is_match(UUID, entry.get("id")),
        "kind": is_match(rf"{WORD}(?:[./]{WORD}){{0,3}}", entry.get("kind")),
        "v": is_integer(entry.get("v")) and entry["v"] == 1,
    }
    optional = {
        "commit": is_match(r"[0-9a-f]{64}", entry.get("commit")),
        "dossier": is_match(UUID, entry.get("dossier")),
        "object": is_match(REFERENCE, entry.get("object")),
        "params": isinstance(params, dict) and 1 <= len(params) <= 32 and all(is_parameter(*p) for p in params.items()),
    }
    is_right = all(rules.values()) and all(optional.get(name, name in rules) for name in entry)
    if not is_right or spell(entry).encode() != data:
        raise Refused("entry-malformed")
    return entry


# --- signed notes and checkpoints: log.md section 1 ---

def read_key(text):
    """(name, id, algorithm, public key) of a verifier key `name+id+base64`."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(r"[^\s+\u0085]+", parts[0]) or not is_match(r"[0-9a-f]{8}", parts[1]):
        raise Refused("key-malformed")
    try:
        material = read_base64(parts[2])
    except Refused:
        raise Refused("key-malformed") from None
    key_id = hashlib.sha256(parts[0].encode() + b"\n" + material).digest()[:4]
    for algorithm, (prefix, length, _) in TYPES.items():
        if material.startswith(prefix) and len(material) == len(prefix) + length and key_id.hex() == parts[1]:
            return parts[0], key_id, algorithm, material[len(prefix):]
    raise Refused("key-malformed")


def open_note(note, keys):
    """The text of a note and the names of the known keys that signed it."""
    text, blank, tail = note.rpartition("\n\n")
    if not blank or not note.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]", note):
        raise Refused("malformed")
    lines = tail[:-1].split("\n")
    if len(lines) > LINE_LIMIT:
        raise Refused("malformed")
    text += "\n"
    signed_by = []
    for line in lines:
        match = re.fullmatch(r"\u2014 ([^\s+\u0085]+) (\S+)", line)
        if not match:
            raise Refused("malformed")
        try:
            signature = read_base64(match[2])
        except Refused:
            raise Refused("malformed") from None
        if len(signature) < 5:
            raise Refused("malformed")
        for name, key_id, algorithm, public in keys:
            if (name, key_id) == (match[1], signature[:4]):
                if not TYPES[algorithm][2](public, text.encode(), signature[4:]):
                    raise Refused("signature-wrong")
                signed_by += [] if name in signed_by else [name]
                break
    if not signed_by:
        raise Refused("unsigned")
    return text, signed_by


def read_checkpoint(note, keys):
    """(size, root) of a checkpoint signed by a believed key named as its origin."""
    text, signed_by = open_note(note, keys)
    match = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n(?:[^\n]+\n)*", text)
    try:
        root = read_base64(match[3]) if match else b""
    except Refused:
        root = b""
    if len(root) != 32 or int(match[2]) > SAFE_INTEGER:
        raise Refused("malformed")
    if match[1] not in signed_by:
        raise Refused("foreign")
    return int(match[2]), root


# --- receipts: receipt.md ---

def read_receipt(text):
    """(entry bytes, salt or None, position, proof, checkpoint note)."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or len(text) > RECEIPT_LIMIT or len(lines) < 3 or len(lines) > 3 + PROOF_LIMIT or lines[0] != HEADER:
        raise Refused("receipt-malformed")
    index = re.fullmatch(r"index (0|[1-9][0-9]{0,15})", lines[2])
    try:
        if not lines[1].startswith("extra ") or not index or int(index[1]) > SAFE_INTEGER:
            raise Refused("form")
        extra_text = read_base64(lines[1][len("extra "):]).decode("utf-8")
        extra = read_json(extra_text)
        proof = [read_base64(line) for line in lines[3:]]
        salt = extra.get("salt")
        is_right = set(extra) <= {"entry", "salt", "v"} and isinstance(extra.get("entry"), str) and is_integer(extra.get("v")) and extra["v"] == 1
        if not is_right or ("salt" in extra and not is_match(r"[0-9a-f]{64}", salt)) or spell(extra) != extra_text:
            raise Refused("form")
        if any(len(h) != 32 for h in proof):
            raise Refused("form")
        return extra["entry"].encode(), salt and bytes.fromhex(salt), int(index[1]), proof, note
    except (Refused, ValueError, AttributeError, TypeError, RecursionError):
        raise Refused("receipt-malformed") from None


def check_inclusion(entry, position, size, proof, root):
    """RFC 9162 section 2.1.3.2."""
    if position >= size:
        raise Refused("position-outside")
    fn, sn, r = position, size - 1, hashlib.sha256(b"\x00" + entry).digest()
    for p in proof:
        if sn == 0:
            raise Refused("proof-length")
        if fn % 2 or fn == sn:
            r = hashlib.sha256(b"\x01" + p + r).digest()
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\x01" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Refused("proof-length")
    if r != root:
        raise Refused("root-differs")


def check_file(file, salt, entry):
    """log-entry.md section 4."""
    if "commit" not in entry:
        raise Refused("no-commitment")
    if salt is None:
        raise Refused("no-salt")
    message = b"lantai/content-commitment/v1\n" + hashlib.sha256(file).digest()
    if hmac.new(salt, message, hashlib.sha256).hexdigest() != entry["commit"]:
        raise Refused("file-differs")


def verify(receipt_text, key_texts, file=None):
    """The verdict of receipt.md section 2: every check by name, and what follows from them."""
    checks = []

    def check(name, work, skip=None, prefix=""):
        if skip:
            checks.append({"name": name, "outcome": "not-made", "reason": skip})
            return None
        try:
            value = work()
            checks.append({"name": name, "outcome": "passed"})
            return value
        except Refused as refusal:
            checks.append({"name": name, "outcome": "failed", "reason": f"{prefix}{refusal}"})
            return None

    keys, faults = [], 0
    for text in key_texts:
        try:
            keys.append(read_key(text))
        except Refused:
            faults += 1

    def judge_keys():
        if not key_texts or faults:
            raise Refused("key-malformed" if key_texts else "no-key")

    check("keys", judge_keys)
    receipt = check("form", lambda: read_receipt(receipt_text))
    broken = None if receipt else "receipt-malformed"
    data, salt, position, proof, note = receipt or (b"", None, 0, [], "")
    opened = check("checkpoint", lambda: read_checkpoint(note, keys), broken, "checkpoint-")
    entry = check("entry", lambda: read_entry(data), broken)
    check("inclusion", lambda: check_inclusion(data, position, opened[0], proof, opened[1]), broken or (None if opened else "checkpoint-refused"))
    skip = broken or ("no-file" if file is None else None) or (None if entry else "entry-malformed")
    check("file", lambda: check_file(file, salt, entry), skip)
    passed = [c["outcome"] == "passed" for c in checks]
    is_valid = all(ok or (c["name"] == "file" and c["reason"] == "no-file") for ok, c in zip(passed, checks))
    return {
        "isValid": is_valid,
        "isFileProved": all(passed),
        "checks": checks,
        **({"position": position, "entry": entry} if is_valid else {}),
    }


def read_keys(arguments):
    """Keys given as they are, or in files, one a line."""
    for argument in arguments:
        if re.match(r"[^+\s]+\+[0-9a-f]{8}\+", argument):
            yield argument
        else:
            with open(argument, encoding="utf-8") as lines:
                yield from (line.strip() for line in lines if line.strip())


def main():
    parser = argparse.ArgumentParser(description="checks a Lantai receipt offline")
    parser.add_argument("receipt", nargs="?")
    parser.add_argument("file", nargs="?")
    parser.add_argument("--key", action="append", default=[], help="verifier key of the log, or a file with keys one a line")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--questions", action="store_true", help="questions on standard input, one JSON value a line")
    options = parser.parse_args()
    if options.questions:
        for line in sys.stdin:
            question = json.loads(line)
            file = question.get("file")
            print(json.dumps(verify(question["receipt"], question["keys"], None if file is None else bytes.fromhex(file))))
        return 0
    if not options.receipt:
        parser.error("a receipt is needed")
    try:
        # newline='': a receipt with other line ends is another text.
        with open(options.receipt, encoding="utf-8", newline="") as stream:
            text = stream.read()
        keys = list(read_keys(options.key))
        file = None
        if options.file:
            with open(options.file, "rb") as stream:
                file = stream.read()
    except (OSError, UnicodeDecodeError) as error:
        parser.error(str(error))
    verdict = verify(text, keys, file)
    is_proved = verdict["isFileProved"] if options.file else verdict["isValid"]
    if options.json:
        print(json.dumps(verdict))
    else:
        for c in verdict["checks"]:
            print(f"{c['outcome']:8} {c['name']}{': ' + c['reason'] if 'reason' in c else ''}")
        if verdict["isValid"]:
            print(f"entry {verdict['position']}: {spell(verdict['entry'])}")
        print("proved" if is_proved else "NOT proved")
    return 0 if is_proved else 4


if __name__ == "__main__":
    sys.exit(main())
