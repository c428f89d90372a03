"""Spellings that have one form only: base 64 (RFC 4648 section 4), canonical JSON (RFC 8785), decimals.

docs/spec/receipt.md section 1 and bundle.md section 3: a second spelling of the same value MUST be refused.
"""

import base64
import json
import re

BIGGEST = 2**53 - 1
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HEX_32 = re.compile(r"[0-9a-f]{64}")
DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")


def from_base64(text):
    """The bytes that a text spells, or None when it is not their one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None


def from_decimal(text):
    """The number up to 2^53 - 1 that a text spells without sign or leading zeros, or None."""
    if not DECIMAL.fullmatch(text):
        return None
    number = int(text)
    return number if number <= BIGGEST else None


def is_integer(value, least=-BIGGEST):
    """Whether a JSON value is an integer of at least `least` that every reader reads alike."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= BIGGEST


def is_uuid(value):
    """Whether a JSON value is a UUID in lower case (any version)."""
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def is_hex_32(value):
    """Whether a JSON value is 64 lower-case hexadecimal digits."""
    return isinstance(value, str) and HEX_32.fullmatch(value) is not None


def _code_units(name):
    return name.encode("utf-16-be", "surrogatepass")


def in_code_unit_order(names):
    """Whether texts stand in UTF-16 code-unit order, each once."""
    keys = [_code_units(name) for name in names]
    return all(left < right for left, right in zip(keys, keys[1:]))


def _sorted(value):
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value, key=_code_units)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    if value is None or isinstance(value, (bool, str)) or is_integer(value):
        return value
    raise ValueError("a number that is no integer")


def from_canonical(data):
    """The JSON value of bytes in canonical form, or raises ValueError. Numbers are integers up to 2^53 - 1 in magnitude."""
    try:
        value = json.loads(data.decode("utf-8"))
        again = json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if again != data:
        raise ValueError("another spelling")
    return value
