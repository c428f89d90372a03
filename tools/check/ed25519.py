"""Ed25519 signatures (RFC 8032 section 5.1.7), checked in textbook arithmetic.

Nothing secret passes here, so time does not matter. docs/spec/log.md section 1 names it as the first line of a checkpoint.
"""

from hashlib import sha512

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
BASE_Y = 4 * pow(5, -1, PRIME) % PRIME


def _x_of(y, sign):
    """The x of a point with this y and sign bit, or None (RFC 8032 section 5.1.3)."""
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    if square == 0:
        return None if sign else 0
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME != 0:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME != 0:
        return None
    return PRIME - x if x & 1 != sign else x


def _add(p, q):
    """Sum of two points in extended coordinates (RFC 8032 section 5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * p[3] * q[3] * D % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME)


def _times(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _point_of(data):
    """The point that 32 bytes spell, or None."""
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % PRIME)


def _bytes_of(point):
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = (_x_of(BASE_Y, 0), BASE_Y, 1, _x_of(BASE_Y, 0) * BASE_Y % PRIME)


def is_key(public):
    """Whether 32 bytes spell a point of the curve."""
    return len(public) == 32 and _point_of(public) is not None


def verify(public, message, signature):
    """Whether `signature` (64 bytes) over `message` holds under `public` (32 bytes)."""
    point = _point_of(public) if len(public) == 32 else None
    if point is None or len(signature) != 64:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= ORDER:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    negated = (PRIME - point[0], point[1], 1, (PRIME - point[3]) % PRIME)
    return _bytes_of(_add(_times(scalar, BASE), _times(challenge, negated))) == signature[:32]
