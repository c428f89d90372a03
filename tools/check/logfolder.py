"""Two checkpoints of one log, by a proof or by the published log itself: docs/spec/log.md sections 1, 2 and 6."""

import json
import os
from collections import namedtuple

from canonical import from_base64
from note import open_checkpoint
from tree import GrowingTree, consistency_holds, leaf_hash

BUNDLE_ENTRIES = 256
MAX_PROOF_BYTES = 65536

Consistency = namedtuple("Consistency", "reason older newer signers entries")


class LogFault(Exception):
    """A file of the log that is missing or not of its form; its path is the argument."""


def _bundle_path(number, width):
    """Path of an entry bundle (c2sp.org/tlog-tiles): the number in groups of three digits, all but the last after an x."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    path = os.path.join("tile", "entries", *groups)
    return path if width == BUNDLE_ENTRIES else os.path.join(f"{path}.p", str(width))


def _bundle_bytes(folder, number, width):
    """An entry bundle: the partial one of this width, or a wider one, of which the beginning is the same."""
    for wider in [width, BUNDLE_ENTRIES] if width < BUNDLE_ENTRIES else [width]:
        try:
            with open(os.path.join(folder, _bundle_path(number, wider)), "rb") as file:
                return file.read()
        except FileNotFoundError:
            continue
    raise LogFault(_bundle_path(number, width))


def entries_of(folder, size):
    """The first `size` entries of a published log, in order; raises LogFault."""
    for number in range((size + BUNDLE_ENTRIES - 1) // BUNDLE_ENTRIES):
        width = min(BUNDLE_ENTRIES, size - number * BUNDLE_ENTRIES)
        data, offset = _bundle_bytes(folder, number, width), 0
        for _ in range(width):
            length = int.from_bytes(data[offset : offset + 2], "big")
            if offset + 2 + length > len(data):
                raise LogFault(_bundle_path(number, width))
            yield data[offset + 2 : offset + 2 + length]
            offset += 2 + length


def parse_proof(data):
    """Hashes of a consistency proof, in base 64: one a line, parted by blanks, or the member `hashes` of JSON as the archive answers. None when malformed."""
    try:
        words = json.loads(data)["hashes"] if data.startswith(b"{") else data.decode("ascii").split()
        path = [from_base64(word) for word in words if word != "consistency"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return path if len(data) <= MAX_PROOF_BYTES and all(step is not None and len(step) == 32 for step in path) else None


def _roots_fault(folder, older, newer):
    """Computes both roots from the entries."""
    tree, older_root = GrowingTree(), None
    for entry in entries_of(folder, newer.size):
        if tree.size == older.size:
            older_root = tree.root()
        tree.add(leaf_hash(entry))
    if tree.size == older.size:
        older_root = tree.root()
    return None if (older_root, tree.root()) == (older.root, newer.root) else "root-differs"


def check_consistency(older_note, newer_note, keys, proof=None, folder=None):
    """Whether the newer checkpoint continues the older, by a proof, by the entries of a folder, or, of one size, by the roots alone."""
    older, _, reason = open_checkpoint(older_note, keys)
    if reason is None:
        newer, signers, reason = open_checkpoint(newer_note, keys)
    if reason:
        return Consistency(reason, older, None, [], 0)
    if older.origin != newer.origin:
        reason = "origin-differs"
    elif older.size > newer.size:
        reason = "shorter"
    elif older.size == newer.size:
        reason = None if older.root == newer.root else "fork"
    elif folder is not None:
        reason = _roots_fault(folder, older, newer)
    elif proof is None:
        reason = "no-proof"
    elif not consistency_holds(older.size, newer.size, older.root, newer.root, proof):
        reason = "proof-differs"
    return Consistency(reason, older, newer, signers, newer.size if folder is not None else 0)
