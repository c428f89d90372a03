"""Distinguished encoding rules (X.690), as far as time-stamps and certificates need them. Anything else raises DerFault."""

from collections import namedtuple
from datetime import datetime, timezone

INTEGER, BIT_STRING, OCTET_STRING, NULL, OID, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x05, 0x06, 0x30, 0x31
UTC_TIME, GENERALIZED_TIME, BOOLEAN = 0x17, 0x18, 0x01

Node = namedtuple("Node", "tag body whole")


class DerFault(Exception):
    """Bytes that are not of the form expected."""


def _read(data, offset):
    if offset + 2 > len(data) or data[offset] & 0x1F == 0x1F:
        raise DerFault("cut")
    length, body = data[offset + 1], offset + 2
    if length >= 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or body + count > len(data):
            raise DerFault("length")
        length, body = int.from_bytes(data[body : body + count], "big"), body + count
        if length < 0x80 or length >> 8 * (count - 1) == 0:
            raise DerFault("length not shortest")
    if body + length > len(data):
        raise DerFault("cut")
    return Node(data[offset], data[body : body + length], data[offset : body + length]), body + length


def parse(data):
    """The one node that bytes spell."""
    node, end = _read(data, 0)
    if end != len(data):
        raise DerFault("more behind it")
    return node


def children(node, tag=None):
    """Nodes inside a constructed node; `tag`, when given, is what the node itself must be."""
    if tag is not None and node.tag != tag:
        raise DerFault(f"tag {node.tag:#x} for {tag:#x}")
    if not node.tag & 0x20:
        raise DerFault("not constructed")
    found, offset = [], 0
    while offset < len(node.body):
        child, offset = _read(node.body, offset)
        found.append(child)
    return found


class Fields:
    """The members of a SEQUENCE, taken one by one."""

    def __init__(self, node, tag=SEQUENCE):
        self._left = children(node, tag)

    def take(self, tag=None):
        """The next member, which must be there and, when `tag` is given, be of it."""
        if not self._left or (tag is not None and self._left[0].tag != tag):
            raise DerFault("member missing")
        return self._left.pop(0)

    def maybe(self, tag):
        """The next member if it has this tag, or None."""
        return self._left.pop(0) if self._left and self._left[0].tag == tag else None

    def end(self):
        """Nothing may be left."""
        if self._left:
            raise DerFault("member unknown")

    def rest(self):
        """What is left."""
        left, self._left = self._left, []
        return left


def oid(node):
    """An object identifier in dotted form."""
    if node.tag != OID or not node.body or node.body[-1] & 0x80:
        raise DerFault("object identifier")
    numbers, value = [], 0
    for byte in node.body:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def integer(node):
    """A whole number."""
    if node.tag != INTEGER or not node.body:
        raise DerFault("integer")
    return int.from_bytes(node.body, "big", signed=True)


def boolean(node):
    """A truth value."""
    if node.tag != BOOLEAN or len(node.body) != 1:
        raise DerFault("boolean")
    return node.body[0] != 0


def bits(node):
    """Bytes of a bit string without unused bits."""
    if node.tag != BIT_STRING or not node.body or node.body[0] != 0:
        raise DerFault("bit string")
    return node.body[1:]


def octets(node):
    """Bytes of an octet string."""
    if node.tag != OCTET_STRING:
        raise DerFault("octet string")
    return node.body


def time(node):
    """A moment, of UTCTime (RFC 5280 section 4.1.2.5.1) or GeneralizedTime in UTC."""
    try:
        text = node.body.decode("ascii")
        if node.tag == UTC_TIME:
            text = ("20" if text[:2] < "50" else "19") + text
        elif node.tag != GENERALIZED_TIME:
            raise DerFault("time")
        shape = "%Y%m%d%H%M%S.%fZ" if "." in text else "%Y%m%d%H%M%SZ"
        return datetime.strptime(text, shape).replace(tzinfo=timezone.utc)
    except ValueError as error:
        raise DerFault("time") from error
