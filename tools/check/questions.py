"""Answers many questions in one process, for the tests that hold the two verifiers together (tools/second-verifier/ask.ts).

A question is one JSON object a line: `{"receipt", "keys", "file"?}` (file in hexadecimal), `{"zip", "keys"}` (zip in base 64),
`{"entry"}` (base 64), `{"note", "keys"}` (a signed note), `{"key"}`, `{"token", "text", "roots"}` (base 64, text, PEM),
`{"consistency": {"from", "to", "fromRoot", "toRoot", "proof"}}` (hexadecimal). The answer is one JSON object a line.
"""

import base64
import io
import json
import sys
from hashlib import sha256

from bundle import BundleVerdict, check_bundle
from certificate import parse_pem
from container import ContainerFault, ZipContainer
from entry import parse_entry
from note import NoteFault, open_note, parse_key
from receipt import check_receipt
from show import bundle_json, receipt_json
from timestamp import check_token
from tree import consistency_holds


def _receipt(question):
    digest = sha256(bytes.fromhex(question["file"])).digest() if "file" in question else None
    return receipt_json(check_receipt(question["receipt"].encode("utf-8", "surrogatepass"), question["keys"], digest))


def _zip(question):
    try:
        verdict = check_bundle(ZipContainer(io.BytesIO(base64.b64decode(question["zip"]))), question["keys"], [])
    except ContainerFault as fault:
        verdict = BundleVerdict()
        verdict.fault(f"bundle/{fault.code}", fault.path)
    return bundle_json(verdict)


def _entry(question):
    return {"isEntry": parse_entry(base64.b64decode(question["entry"])) is not None}


def _note(question):
    try:
        text, signers = open_note(question["note"].encode(), [parse_key(text) for text in question["keys"]])
    except NoteFault as fault:
        return {"fault": str(fault)}
    return {"text": text, "signedBy": [key.name for key in signers]}


def _token(question):
    reason, moment = check_token(base64.b64decode(question["token"]), question["text"], parse_pem(question["roots"].encode()))
    return {"reason": reason, "at": moment.isoformat() if moment else None}


def _consistency(question):
    asked = question["consistency"]
    roots = [bytes.fromhex(asked[name]) for name in ("fromRoot", "toRoot")]
    return {"holds": consistency_holds(asked["from"], asked["to"], *roots, [bytes.fromhex(step) for step in asked["proof"]])}


KINDS = {
    "receipt": _receipt,
    "zip": _zip,
    "entry": _entry,
    "note": _note,
    "key": lambda question: {"isKey": parse_key(question["key"]) is not None},
    "token": _token,
    "consistency": _consistency,
}


def main():
    """Answers every line."""
    for line in sys.stdin:
        question = json.loads(line)
        answer = next(judge for name, judge in KINDS.items() if name in question)
        print(json.dumps(answer(question)))


if __name__ == "__main__":
    main()
