"""Receipts: form and checks of docs/spec/receipt.md."""

from collections import namedtuple

from canonical import from_base64, from_canonical, from_decimal, is_hex_32
from entry import commitment, parse_entry
from note import open_checkpoint, parse_key
from tree import inclusion_fault, leaf_hash

FIRST_LINE = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 64
CHECKS = ("keys", "form", "checkpoint", "entry", "inclusion", "file")

Receipt = namedtuple("Receipt", "entry salt position path note")
Check = namedtuple("Check", "name state reason")


class Verdict:
    """What was checked and how each check ended: `passed`, `failed`, `not-made`, with a reason (section 2)."""

    def __init__(self):
        self.checks = {name: Check(name, "not-made", None) for name in CHECKS}
        self.entry = self.position = self.checkpoint = None
        self.signers = []

    def put(self, name, reason=None):
        """A check passed, or failed for a reason."""
        self.checks[name] = Check(name, "failed" if reason else "passed", reason)

    def leave(self, name, reason):
        """A check that was not made, and why."""
        self.checks[name] = Check(name, "not-made", reason)

    @property
    def is_valid(self):
        """Every check passed; `file` may be not made for want of a file."""
        return all(check.state == "passed" or (check.name, check.reason) == ("file", "no-file") for check in self.checks.values())

    @property
    def is_file_proved(self):
        """Every check passed, `file` among them."""
        return all(check.state == "passed" for check in self.checks.values())

    @property
    def faults(self):
        """Reasons of the checks that failed, by check."""
        return {check.name: check.reason for check in self.checks.values() if check.state == "failed"}


def _parse_extra(encoded):
    """(entry bytes, salt or None) of the extra data (section 1), or None."""
    data = from_base64(encoded)
    if data is None:
        return None
    try:
        extra = from_canonical(data)
    except ValueError:
        return None
    if not isinstance(extra, dict) or not {"entry", "v"} <= extra.keys() <= {"entry", "salt", "v"}:
        return None
    if extra["v"] is True or extra["v"] != 1 or not isinstance(extra["entry"], str):
        return None
    if "salt" in extra and not is_hex_32(extra["salt"]):
        return None
    return extra["entry"].encode(), bytes.fromhex(extra["salt"]) if "salt" in extra else None


def parse_receipt(data):
    """The receipt that bytes spell (section 1), or None."""
    try:
        head, gap, note = data.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError:
        return None
    lines = head.split("\n")
    if not gap or len(lines) < 3 or lines[0] != FIRST_LINE or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        return None
    extra, position = _parse_extra(lines[1][len("extra ") :]), from_decimal(lines[2][len("index ") :])
    path = [from_base64(line) for line in lines[3:]]
    if extra is None or position is None or len(path) > MAX_HASHES or any(step is None or len(step) != 32 for step in path):
        return None
    return Receipt(extra[0], extra[1], position, path, note.encode())


def read_keys(texts):
    """(keys well-formed and of a log, reason of the check `keys` or None)."""
    keys = [parse_key(text) for text in texts]
    if not keys:
        return [], "no-key"
    good = [key for key in keys if key is not None and key.algorithm != "witness"]
    return good, None if len(good) == len(keys) else "key-malformed"


def file_fault(receipt, entry, digest):
    """Why salt and file are not what an entry commits to, or None."""
    if "commit" not in entry:
        return "no-commitment"
    if receipt.salt is None:
        return "no-salt"
    return None if commitment(receipt.salt, digest) == entry["commit"] else "file-differs"


def judge(verdict, receipt, opened, digest):
    """The checks after `keys` and `form`, under a checkpoint as `open_checkpoint` gave it."""
    verdict.put("form")
    verdict.position = receipt.position
    verdict.checkpoint, verdict.signers, reason = opened
    verdict.put("checkpoint", reason)
    verdict.entry = parse_entry(receipt.entry)
    verdict.put("entry", None if verdict.entry else "entry-malformed")
    if verdict.checkpoint:
        size, root = verdict.checkpoint.size, verdict.checkpoint.root
        verdict.put("inclusion", inclusion_fault(receipt.position, size, leaf_hash(receipt.entry), receipt.path, root))
    else:
        verdict.leave("inclusion", "checkpoint-refused")
    if digest is None:
        verdict.leave("file", "no-file")
    elif verdict.entry:
        verdict.put("file", file_fault(receipt, verdict.entry, digest))
    else:
        verdict.leave("file", "entry-malformed")
    return verdict


def check_receipt(data, key_texts, digest=None):
    """The verdict on the bytes of a receipt under verifier keys, and on a file by its SHA-256 digest."""
    verdict = Verdict()
    keys, reason = read_keys(key_texts)
    verdict.put("keys", reason)
    receipt = parse_receipt(data)
    if receipt is None:
        verdict.put("form", "receipt-malformed")
        for name in ("checkpoint", "entry", "inclusion", "file"):
            verdict.leave(name, "receipt-malformed")
        return verdict
    return judge(verdict, receipt, open_checkpoint(receipt.note, keys), digest)
