"""Entries of the log: docs/spec/log-entry.md sections 2 to 4."""

import hashlib
import hmac
import re

from canonical import from_canonical, is_hex_32, is_integer, is_uuid

MAX_BYTES = 4096
FIELDS = {"actor", "at", "commit", "dossier", "id", "kind", "object", "params", "v"}
ALWAYS = {"actor", "at", "id", "kind", "v"}
WORD = r"[a-z][a-z0-9_-]{0,31}"
ID = r"(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:[0-9a-f]{2}){4,64})"
REFERENCE = re.compile(rf"{WORD}|{ID}|{WORD}:{ID}")
KIND = re.compile(rf"{WORD}(?:[./]{WORD}){{0,3}}")
PARAMETER_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,31}")
PARAMETER_TEXT = re.compile(r"[A-Za-z0-9._:/+=-]{0,200}")
MOBILE = re.compile(r"\+?(?:86)?1[3-9][0-9]{9}")
CITIZEN = re.compile(r"[0-9]{17}[0-9Xx]")
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _names_a_person(text):
    """A citizen identification number with its right check character (GB 11643), or a mobile number (section 3)."""
    if MOBILE.fullmatch(text) and (not text.startswith("+") or text.startswith("+86")):
        return True
    if not CITIZEN.fullmatch(text):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, CITIZEN_WEIGHTS))
    return "10X98765432"[total % 11] == text[17].upper()


def _is_parameter(name, value):
    if not PARAMETER_NAME.fullmatch(name):
        return False
    if isinstance(value, str):
        return PARAMETER_TEXT.fullmatch(value) is not None and not _names_a_person(value)
    return is_integer(value) and not _names_a_person(str(value))


def _are_parameters(value):
    return isinstance(value, dict) and 1 <= len(value) <= 32 and all(_is_parameter(*pair) for pair in value.items())


def _is_reference(value):
    return isinstance(value, str) and REFERENCE.fullmatch(value) is not None


CHECKS = {
    "actor": _is_reference,
    "at": lambda value: is_integer(value, 0),
    "commit": is_hex_32,
    "dossier": is_uuid,
    "id": is_uuid,
    "kind": lambda value: isinstance(value, str) and KIND.fullmatch(value) is not None,
    "object": _is_reference,
    "params": _are_parameters,
    "v": lambda value: value == 1 and is_integer(value),
}


def parse_entry(data):
    """The entry that bytes spell, as a dict of its fields, or None when they are none (section 2)."""
    if len(data) > MAX_BYTES:
        return None
    try:
        fields = from_canonical(data)
    except ValueError:
        return None
    if not isinstance(fields, dict) or not ALWAYS <= fields.keys() <= FIELDS:
        return None
    return fields if all(CHECKS[name](value) for name, value in fields.items()) else None


def commitment(salt, content_digest):
    """The content commitment, in hexadecimal, of a salt and the SHA-256 digest of the content (section 4)."""
    return hmac.new(salt, b"lantai/content-commitment/v1\n" + content_digest, hashlib.sha256).hexdigest()
