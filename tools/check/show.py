"""Verdicts as lines for people and as JSON for programs. `lines` say what holds, or exactly what does not match (docs/guide/checking.md)."""

from datetime import datetime, timezone

from words import say

SIGNS = {"passed": "✓", "failed": "✗", "not-made": "–", "holds": "✓", "refused": "✗", "unknown": "–"}


def moment_of(milliseconds):
    """A time in UTC, as ISO 8601; far times as their milliseconds."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return f"{milliseconds} ms"


def words_of(code, language):
    """Words for a code with its domain: `bundle/file-altered`."""
    domain, _, name = code.rpartition("/")
    return say("bundle-not-made" if (domain, name) == ("bundle", "not-made") else name, language)


def entry_line(entry, position):
    """One entry: its kind, when, who, its place, what it was about."""
    about = "".join(f"  {name} {entry[name]}" for name in ("object", "dossier") if name in entry)
    return f"  {entry['kind']}  {moment_of(entry['at'])}  {entry['actor']}  #{position}{about}  id {entry['id']}"


def signer_lines(signers, checkpoint, language):
    """Who signed, and what."""
    lines = [f"✓ {say('signed', language)}: {key.algorithm}, {key.name}, {key.id.hex()}" for key in signers]
    if checkpoint:
        lines.append(f"  {say('log', language)}: {checkpoint.origin}, {checkpoint.size} {say('entries', language)}, {checkpoint.root.hex()}")
    return lines


def witness_lines(cosigned, language):
    """Which witnesses cosigned, and when."""
    return [f"✓ {say('cosigned', language)}: {key.name} {moment_of(second * 1000)}" for key, second in cosigned]


def anchor_lines(anchors, language):
    """What each anchor is worth."""
    lines = []
    for anchor in anchors:
        when = f", {moment_of(anchor.moment.timestamp() * 1000)}" if anchor.moment else ""
        size = f", {anchor.size} {say('entries', language)}" if anchor.size is not None else ""
        why = f": {say(anchor.reason, language)} [{anchor.reason}]" if anchor.reason else ""
        place = anchor.path or ""
        lines.append(f"{SIGNS[anchor.outcome]} {say('anchored', language)} {anchor.kind or place}{when}{size} ({say(anchor.outcome, language)}){why}")
    return lines or [f"– {say('not anchored', language)}"]


def receipt_lines(verdict, language):
    """Lines on a receipt. The entry is told only when the receipt is valid (docs/spec/receipt.md section 2)."""
    lines = []
    for check in verdict.checks.values():
        why = f": {say(check.reason, language)} [{check.reason}]" if check.reason else ""
        state = "" if check.state == "passed" else f" – {say(check.state, language)}"
        lines.append(f"{SIGNS[check.state]} {say(check.name, language)}{state}{why}")
    if not verdict.is_valid:
        return lines
    lines.append(entry_line(verdict.entry, verdict.position))
    lines += signer_lines(verdict.signers, verdict.checkpoint, language)
    return lines if verdict.is_file_proved else [*lines, f"– {say('no file compared', language)}"]


def fault_lines(faults, language):
    """One line a fault, with the member it concerns."""
    return [f"✗ {path or ''}{': ' if path else ''}{words_of(code, language)} [{code}]" for code, path in faults]


def bundle_lines(verdict, language):
    """Lines on a bundle: counts, who made it and when, what it stands on, and every fault. Nothing of it is told as true that is not proved."""
    lines = []
    outcomes = list(verdict.files.values())
    if verdict.manifest:
        counts = ", ".join(f"{outcomes.count(one)} {say(one, language)}" for one in ("proved", "listed", "failed"))
        lines.append(f"  {verdict.manifest['kind']}: {say('files', language)}: {counts}; {len(verdict.receipts)} {say('entries', language)}")
        lines.append(f"  SHA-256 manifest.json {verdict.manifest_digest.hex()}")
    if verdict.made:
        lines.append(f"{'✓' if verdict.is_whole else ' '} {say('made', language)}{entry_line(verdict.made.entry, verdict.made.position)}")
    lines += signer_lines(verdict.signers, verdict.checkpoint, language)
    return lines + anchor_lines(verdict.anchors, language) + fault_lines(verdict.faults, language)


def receipt_json(verdict):
    """A verdict on a receipt."""
    checks = [
        {"name": check.name, "outcome": check.state, **({"reason": check.reason} if check.reason else {})} for check in verdict.checks.values()
    ]
    told = verdict.entry if verdict.is_valid else None
    return {"isValid": verdict.is_valid, "isFileProved": verdict.is_file_proved, "checks": checks, "entry": told}


def anchor_json(anchor):
    """One anchor."""
    when = moment_of(anchor.moment.timestamp() * 1000) if anchor.moment else None
    return {"path": anchor.path, "kind": anchor.kind, "outcome": anchor.outcome, "reason": anchor.reason, "at": when}


def bundle_json(verdict):
    """A verdict on a bundle."""
    return {
        "isValid": verdict.is_valid,
        "isWhole": verdict.is_whole,
        "keysFrom": verdict.keys_from,
        "faults": [{"code": code, "path": path} for code, path in verdict.faults],
        "files": [{"path": path, "outcome": outcome} for path, outcome in verdict.files.items()],
        "entries": sorted(verdict.receipts),
        "anchors": [anchor_json(anchor) for anchor in verdict.anchors],
    }
