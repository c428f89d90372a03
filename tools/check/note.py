"""Signed notes (c2sp.org/signed-note), verifier keys and checkpoints (c2sp.org/tlog-checkpoint): docs/spec/log.md section 1."""

from collections import namedtuple
from hashlib import sha256

import ed25519
import sm
from canonical import from_base64, from_decimal

MAX_LINES = 64
# Blanks to Python, but not of Unicode's property White_Space.
SEPARATORS = "\x1c\x1d\x1e\x1f"
ED25519_TYPE = b"\x01"
SM2_TYPE = b"\xfflantai/sm2-sm3/v1\n"
COSIGNATURE_TYPE = b"\x04"

Key = namedtuple("Key", "name id algorithm public text")
Checkpoint = namedtuple("Checkpoint", "origin size root text")
Line = namedtuple("Line", "name id signature")


class NoteFault(Exception):
    """What is wrong with a note: `malformed`, `signature-wrong`, `unsigned`."""


def is_name(name):
    """Whether a text may name a key: not empty, no plus, no blank of Unicode."""
    return bool(name) and "+" not in name and not any(char.isspace() and char not in SEPARATORS for char in name)


def parse_key(text):
    """The key that `name+id+base64` spells, of a log (Ed25519, SM2) or of a witness, or None when it is malformed or of a kind unknown."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not is_name(parts[0]):
        return None
    name, key_id, encoded = parts
    data = from_base64(encoded)
    if not data or sha256(name.encode("utf-8", "surrogatepass") + b"\n" + data).digest()[:4].hex() != key_id:
        return None
    for kind, algorithm, is_key in ((ED25519_TYPE, "Ed25519", ed25519.is_key), (SM2_TYPE, "SM2", sm.is_key), (COSIGNATURE_TYPE, "witness", ed25519.is_key)):
        if data.startswith(kind):
            public = data[len(kind) :]
            return Key(name, bytes.fromhex(key_id), algorithm, public, text) if is_key(public) else None
    return None


def _parse_line(line):
    """A signature line `— name base64` (c2sp.org/signed-note), or raises."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not is_name(parts[1]):
        raise NoteFault("malformed")
    data = from_base64(parts[2])
    if data is None or len(data) < 5:
        raise NoteFault("malformed")
    return Line(parts[1], data[:4], data[4:])


def split_note(data):
    """Text (with its newline) and signature lines of a note, or raises NoteFault."""
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteFault("malformed") from error
    if any(ord(char) < 32 and char != "\n" for char in whole):
        raise NoteFault("malformed")
    text, gap, block = whole.rpartition("\n\n")
    if not gap or not block.endswith("\n"):
        raise NoteFault("malformed")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_LINES:
        raise NoteFault("malformed")
    return text + "\n", [_parse_line(line) for line in lines]


def _holds(key, text, signature):
    if key.algorithm == "Ed25519":
        return ed25519.verify(key.public, text.encode(), signature)
    return sm.verify(key.public, text.encode(), signature)


def open_note(data, keys):
    """Text of a note and the keys that signed it, each once; raises NoteFault. Lines of unknown keys are passed over; a wrong line of a known
    key refuses the whole note."""
    text, lines = split_note(data)
    known = {(key.name, key.id): key for key in keys if key.algorithm != "witness"}
    signers, seen = [], set()
    for line in lines:
        key = known.get((line.name, line.id))
        if key is None or line in seen:
            continue
        seen.add(line)
        if not _holds(key, text, line.signature):
            raise NoteFault("signature-wrong")
        if key not in signers:
            signers.append(key)
    if not signers:
        raise NoteFault("unsigned")
    return text, signers


def cosigners(data, keys):
    """Of the witness keys given, those that cosigned a note, with the second since 1970 at which they did (c2sp.org/tlog-cosignature)."""
    text, lines = split_note(data)
    known = {(key.name, key.id): key for key in keys if key.algorithm == "witness"}
    found = []
    for line in lines:
        key = known.get((line.name, line.id))
        if key is None:
            continue
        second = int.from_bytes(line.signature[:8], "big")
        message = f"cosignature/v1\ntime {second}\n{text}".encode()
        if not ed25519.verify(key.public, message, line.signature[8:]):
            raise NoteFault("signature-wrong")
        found.append((key, second))
    return found


def parse_checkpoint(text):
    """The checkpoint that a note's text spells, or None. Extension lines are passed over; an empty one is malformed."""
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or not all(lines):
        return None
    size, root = from_decimal(lines[1]), from_base64(lines[2])
    if size is None or root is None or len(root) != 32:
        return None
    return Checkpoint(lines[0], size, root, text)


def open_checkpoint(data, keys):
    """(checkpoint, keys that signed it as its origin, None), or (None, [], reason) as docs/spec/receipt.md section 2 names it."""
    try:
        text, signers = open_note(data, keys)
    except NoteFault as fault:
        return None, [], f"checkpoint-{fault}"
    checkpoint = parse_checkpoint(text)
    if checkpoint is None:
        return None, [], "checkpoint-malformed"
    own = [key for key in signers if key.name == checkpoint.origin]
    return (checkpoint, own, None) if own else (None, [], "checkpoint-foreign")
