#!/usr/bin/env python3
"""Checks a receipt, a page, a print, a material, a bundle, or two checkpoints of a Lantai archive: offline, with Python 3.11 and nothing else.

Written from docs/spec alone. Exit codes: 0 proved; 1 a bundle is whole, but no believed key was given; 2 the command line is wrong;
3 a file could not be read; 4 not proved.
"""

import argparse
import json
import os
import sys

from anchors import check_anchor_file
from bundle import BundleVerdict, check_bundle
from container import ContainerFault
from given import UsageFault, digest_of, key_texts, open_container, read_file, roots_of
from logfolder import LogFault, check_consistency, parse_proof
from mark import is_look, parse_number
from note import NoteFault, cosigners, parse_key
from receipt import check_receipt, parse_receipt, read_keys
from show import anchor_json, anchor_lines, bundle_json, bundle_lines, entry_line, fault_lines, receipt_json, receipt_lines, signer_lines, witness_lines
from words import say

PROVED, WHOLE, USAGE, UNREADABLE, NOT_PROVED = 0, 1, 2, 3, 4
SHOWN = ("file.received", "page.received", "page.downloaded", "page.printed", "page.copied", "print.made", "copy.made")


class Told:
    """What a command found: whether it is proved, lines for people, values for programs."""

    def __init__(self, code, lines, values):
        self.code, self.lines, self.values = code, lines, values

    def refuse(self, reason, language):
        """One more thing that does not match."""
        self.code = NOT_PROVED
        self.lines.append(f"✗ {say(reason, language)} [{reason}]")
        self.values["refused"] = reason


def receipt_command(args):
    """docs/spec/receipt.md section 2; with --anchors also docs/spec/anchor.md section 4."""
    data, keys = read_file(args.thing), key_texts(args.key)
    verdict = check_receipt(data, keys, digest_of(args.file) if args.file else None)
    told = Told(PROVED if verdict.is_valid else NOT_PROVED, receipt_lines(verdict, args.lang), receipt_json(verdict))
    told.entries = [verdict.entry] if verdict.is_valid else []
    if verdict.is_valid:
        tell_witnesses(args, told, parse_receipt(data).note)
        tell_anchors(args, told, verdict)
    return told


def tell_witnesses(args, told, note):
    """Lines of the witnesses that were named (c2sp.org/tlog-cosignature)."""
    try:
        found = cosigners(note, [key for key in map(parse_key, key_texts(args.witness)) if key])
    except NoteFault as fault:
        return told.refuse(f"checkpoint-{fault}", args.lang)
    told.lines += witness_lines(found, args.lang)
    told.values["witnesses"] = [key.name for key, _ in found]


def tell_anchors(args, told, verdict):
    """Anchors of the receipt's own checkpoint, out of a file of anchors."""
    if not args.anchors:
        return
    found = check_anchor_file(read_file(args.anchors), read_keys(key_texts(args.key))[0], roots_of(args.tsa_roots))
    if found is None:
        return told.refuse("malformed", args.lang)
    anchors = [anchor for checkpoint, _, anchors in found if checkpoint == verdict.checkpoint for anchor in anchors]
    told.lines += anchor_lines(anchors, args.lang)
    told.values["anchors"] = [anchor_json(anchor) for anchor in anchors]
    reason = next((reason for _, reason, _ in found if reason), None)
    if reason:
        told.refuse(reason, args.lang)
    elif any(anchor.outcome == "refused" for anchor in anchors):
        told.refuse("anchor-refused", args.lang)


def page_command(args):
    """A receipt with the bytes of a page, of the file it came in, or of a print or copy of it (docs/spec/log-entry.md section 4)."""
    if not args.file:
        raise UsageFault("page needs a receipt and a file")
    told = receipt_command(args)
    if told.code == PROVED and told.entries[0]["kind"] not in SHOWN:
        told.refuse("not-a-page", args.lang)
    return told


def bundle_command(args):
    """docs/spec/bundle.md section 4."""
    if args.file:
        raise UsageFault("a bundle is one file or folder")
    try:
        verdict = check_bundle(open_container(args.thing), key_texts(args.key), roots_of(args.tsa_roots))
    except ContainerFault as fault:
        verdict = BundleVerdict()
        verdict.fault(f"bundle/{fault.code}", fault.path)
    code = PROVED if verdict.is_valid else WHOLE if verdict.is_whole else NOT_PROVED
    told = Told(code, bundle_lines(verdict, args.lang), bundle_json(verdict))
    told.entries = [one.entry for one in [*verdict.receipts.values(), *filter(None, [verdict.made])]] if verdict.is_whole else []
    told.verdict = verdict
    return told


def print_command(args):
    """Whether the number printed in a mark is that of a look that is proved (docs/spec/marks.md)."""
    number = parse_number(args.number or "")
    if number is None:
        raise UsageFault(say("number-malformed", args.lang))
    head = b"" if os.path.isdir(args.thing) else read_file(args.thing, 4)
    told = bundle_command(args) if head[:2] == b"PK" or os.path.isdir(args.thing) else receipt_command(args)
    if told.code == NOT_PROVED:
        return told
    looks = [entry for entry in told.entries if is_look(entry, number)]
    told.values["looks"] = [entry["id"] for entry in looks]
    if not looks:
        told.refuse("no-look", args.lang)
    told.lines += [f"✓ {say('look', args.lang)} {args.number}:{entry_line(entry, '')}" for entry in looks]
    return told


def material_command(args):
    """Whether every file of a material of a bundle is proved by an entry of its own (docs/spec/bundle.md sections 3 and 4.5)."""
    told = bundle_command(args)
    if told.code == NOT_PROVED:
        return told
    found = [one for one in told.verdict.manifest["materials"] if args.material in (one["code"], one["materialId"])]
    outcomes = told.verdict.files
    for material in found:
        told.lines.append(f"  {say('material', args.lang)} {material['code'] or material['materialId']}")
        told.lines += [f"{'✓' if outcomes[path] == 'proved' else '✗'} {path} ({say(outcomes[path], args.lang)})" for path in material["files"]]
    told.values["materials"] = found
    if not found:
        told.refuse("no-material", args.lang)
    elif any(outcomes[path] != "proved" for material in found for path in material["files"]):
        told.refuse("material-failed", args.lang)
    return told


def consistency_command(args):
    """Whether one checkpoint continues another (docs/spec/log.md sections 1 and 6)."""
    if not args.file:
        raise UsageFault("consistency needs an older and a newer checkpoint")
    keys, fault = read_keys(key_texts(args.key))
    if fault:
        raise UsageFault(say(fault, args.lang))
    proof = parse_proof(read_file(args.proof)) if args.proof else None
    try:
        found = check_consistency(read_file(args.thing), read_file(args.file), keys, proof, args.log)
    except LogFault as error:
        return Told(NOT_PROVED, fault_lines([("log/log-file", str(error))], args.lang), {"isValid": False, "reason": "log-file", "path": str(error)})
    told = Told(PROVED, signer_lines(found.signers, found.newer, args.lang), {"isValid": found.reason is None, "reason": found.reason})
    if found.reason:
        told.refuse(found.reason, args.lang)
        return told
    told.lines.append(f"✓ {say('continues', args.lang)}: {found.older.size} → {found.newer.size}")
    tell_witnesses(args, told, read_file(args.file))
    if found.entries:
        told.lines.append(f"  {say('recomputed', args.lang)}: {found.entries}")
    return told


COMMANDS = {
    "receipt": receipt_command,
    "page": page_command,
    "print": print_command,
    "material": material_command,
    "bundle": bundle_command,
    "consistency": consistency_command,
}


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(prog="check.py", description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("thing", help="receipt, bundle (zip or folder), or the older checkpoint")
    parser.add_argument("file", nargs="?", help="file to compare with the receipt, or the newer checkpoint")
    parser.add_argument("--key", action="append", help="verifier key of a believed log, or a file with one a line; may be repeated")
    parser.add_argument("--witness", action="append", help="verifier key of a witness, or a file with one a line")
    parser.add_argument("--anchors", help="file of anchors of the receipt's checkpoint")
    parser.add_argument("--tsa-roots", help="PEM of the time-stamp authorities that are believed")
    parser.add_argument("--number", help="the number printed in a mark (print)")
    parser.add_argument("--material", help="archival code or id of a material (material)")
    parser.add_argument("--proof", help="hashes of a consistency proof in base 64 (consistency)")
    parser.add_argument("--log", help="folder of the published log, to be hashed anew (consistency)")
    parser.add_argument("--json", action="store_true", help="one JSON value instead of words")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh" if os.environ.get("LANTAI_LANG", os.environ.get("LANG", "")).startswith("zh") else "en")
    return parser.parse_args()


def main():
    """Runs one command and gives its exit code."""
    args = arguments()
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        told = COMMANDS[args.command](args)
    except UsageFault as fault:
        print(f"check.py: {fault}", file=sys.stderr)
        return USAGE
    except OSError as error:
        print(f"check.py: {error.filename}: {error.strerror}", file=sys.stderr)
        return UNREADABLE
    last = {PROVED: "Proved.", WHOLE: "Whole.", NOT_PROVED: "Not proved."}[told.code]
    print(json.dumps({**told.values, "exitCode": told.code}) if args.json else "\n".join([*told.lines, say(last, args.lang)]))
    return told.code


if __name__ == "__main__":
    sys.exit(main())
