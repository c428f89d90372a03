"""Anchors of a checkpoint: members of a bundle (docs/spec/bundle.md section 4.7) and the file of anchors (docs/spec/anchor.md section 4).

Chains are never asked (nothing here reaches a network), so an `evm` anchor stays unknown.
"""

import json
from collections import namedtuple

from canonical import from_base64
from note import open_checkpoint
from timestamp import check_token
from tree import consistency_holds

MAX_BYTES = 1 << 20
MAX_MEMBERS = 8
FORMAT = "lantai-anchors-1"

Anchor = namedtuple("Anchor", "kind outcome reason moment size path")


def _is_anchor(value):
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        return False
    return value["kind"] != "rfc3161" or (isinstance(value.get("token"), str) and from_base64(value["token"]) is not None)


def parse_anchor_file(data):
    """[(note bytes, [anchors as JSON objects])] of a file of anchors, or None when it is malformed."""
    try:
        value = json.loads(data.decode("utf-8"))
        if value["format"] != FORMAT:
            return None
        found = [(item["note"].encode(), item["anchors"]) for item in value["checkpoints"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return found if all(isinstance(anchors, list) and all(map(_is_anchor, anchors)) for _, anchors in found) else None


def judge_anchor(anchor, checkpoint, roots, path=None):
    """`holds`, `refused` or `unknown` of one proof of a provider, under the roots of time-stamp authorities that are believed."""

    def verdict(outcome, reason=None, moment=None):
        return Anchor(anchor["kind"], outcome, reason, moment, checkpoint.size, path)

    if anchor["kind"] != "rfc3161":
        return verdict("unknown", "chain-not-asked" if anchor["kind"] == "evm" else "kind-unknown")
    if not roots:
        return verdict("unknown", "no-roots")
    reason, moment = check_token(from_base64(anchor["token"]), checkpoint.text, roots)
    return verdict("refused", reason) if reason else verdict("holds", None, moment)


def _split_member(data):
    """(hashes, rest) behind `consistency` and a blank, or None. Of no hashes the line is these alone."""
    line, gap, rest = data.partition(b"\n")
    try:
        word, blank, hashes = line.decode("ascii").partition(" ")
    except UnicodeDecodeError:
        return None
    path = [from_base64(one) for one in hashes.split(" ")] if hashes else []
    if not gap or word != "consistency" or not blank or any(step is None or len(step) != 32 for step in path):
        return None
    return path, rest


def _check_member(check, path, data, checkpoint):
    """What each proof of one member is worth. A member that is not of the form is a proof of a kind unknown here."""
    unknown = [Anchor(None, "unknown", "kind-unknown", None, None, path)]
    split = _split_member(data)
    found = parse_anchor_file(split[1]) if split else None
    if found is None or len(found) != 1:
        return unknown
    note, anchors = found[0]
    older, _, reason = open_checkpoint(note, check.keys)
    if older and older.size == 0:
        return unknown
    if reason or older.origin != checkpoint.origin:
        reason = "signature"
    elif not consistency_holds(older.size, checkpoint.size, older.root, checkpoint.root, split[0]):
        reason = "consistency"
    if reason:
        return [Anchor(anchor["kind"], "refused", reason, None, None, path) for anchor in anchors]
    return [judge_anchor(anchor, older, check.roots, path) for anchor in anchors]


def check_anchor_members(check, checkpoint):
    """Judges each member of anchors of a bundle; each proof that is refused is a fault."""
    paths = [path for path in check.container.sizes if path.startswith("anchors/")]
    if len(paths) > MAX_MEMBERS:
        check.verdict.fault("bundle/too-many", "anchors/")
        return
    for path in paths:
        data = check.text(path, MAX_BYTES)
        if data is None:
            continue
        found = _check_member(check, path, data, checkpoint)
        check.verdict.anchors += found
        check.verdict.faults += [("bundle/anchor-refused", path) for anchor in found if anchor.outcome == "refused"]


def check_anchor_file(data, keys, roots):
    """[(checkpoint or None, reason, [Anchor])] for each checkpoint of a file of anchors, or None when the file is malformed."""
    found = parse_anchor_file(data) if len(data) <= MAX_BYTES else None
    if found is None:
        return None
    result = []
    for note, anchors in found:
        checkpoint, _, reason = open_checkpoint(note, keys)
        result.append((checkpoint, reason, [judge_anchor(anchor, checkpoint, roots) for anchor in anchors] if checkpoint else []))
    return result
