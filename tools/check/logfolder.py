"""Two checkpoints of one log, by a proof or by the published log itself: docs/spec/log.md sections 1, 2 and 6."""

import json
import os
from collections import namedtuple

from canonical import from_base64
from given import read_file
from note import open_checkpoint
from tree import GrowingTree, consistency_holds, leaf_hash

TILE_WIDTH = 256
MAX_PROOF_BYTES = 65536

Consistency = namedtuple("Consistency", "reason older newer signers entries")


class LogFault(Exception):
    """A file of the log that is missing or not of its form; its path is the argument."""


def _tile_path(level, number, width):
    """Path of a tile or entry bundle (c2sp.org/tlog-tiles): the number in groups of three digits, all but the last after an x."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03d}")
    path = os.path.join("tile", level, *groups)
    return path if width == TILE_WIDTH else os.path.join(f"{path}.p", str(width))


def _tile_bytes(folder, level, number, width):
    """A tile of this width, or the full one, of which the beginning is the same."""
    for wider in sorted({width, TILE_WIDTH}):
        try:
            return read_file(os.path.join(folder, _tile_path(level, number, wider)))
        except FileNotFoundError:
            continue
    raise LogFault(_tile_path(level, number, width))


def _hashes_of_entries(data, width):
    """Leaf hashes of the entries of a bundle, each behind its length as two bytes, or None when it is cut."""
    hashes, offset = [], 0
    for _ in range(width):
        end = offset + 2 + int.from_bytes(data[offset : offset + 2], "big")
        if end > len(data):
            return None
        hashes.append(leaf_hash(data[offset + 2 : end]))
        offset = end
    return hashes


def _hashes_of_tile(data, width):
    return [data[32 * n : 32 * n + 32] for n in range(width)] if len(data) >= 32 * width else None


def leaf_hashes_of(folder, size):
    """Leaf hashes of the first `size` entries of a published log, in order: of the entries themselves where they are (log.md section 2), else out
    of the lowest tiles; raises LogFault."""
    is_entries = os.path.isdir(os.path.join(folder, "tile", "entries"))
    for number in range((size + TILE_WIDTH - 1) // TILE_WIDTH):
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        level = "entries" if is_entries else "0"
        hashes = (_hashes_of_entries if is_entries else _hashes_of_tile)(_tile_bytes(folder, level, number, width), width)
        if hashes is None:
            raise LogFault(_tile_path(level, number, width))
        yield from hashes


def parse_proof(data):
    """Hashes of a consistency proof, in base 64: one a line, parted by blanks, or the member `hashes` of JSON as the archive answers. None when malformed."""
    try:
        words = json.loads(data)["hashes"] if data.startswith(b"{") else data.decode("ascii").split()
        path = [from_base64(word) for word in words if word != "consistency"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return path if len(data) <= MAX_PROOF_BYTES and all(step is not None and len(step) == 32 for step in path) else None


def _roots_fault(folder, older, newer):
    """Computes both roots from the leaves."""
    tree, older_root = GrowingTree(), None
    for leaf in leaf_hashes_of(folder, newer.size):
        if tree.size == older.size:
            older_root = tree.root()
        tree.add(leaf)
    if tree.size == older.size:
        older_root = tree.root()
    return None if (older_root, tree.root()) == (older.root, newer.root) else "root-differs"


def check_consistency(older_note, newer_note, keys, proof=None, folder=None):
    """Whether the newer checkpoint continues the older, by a proof, by the log in a folder, or, of one size, by the roots alone."""
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
