"""Points of short Weierstrass curves y^2 = x^3 + ax + b, for SM2 and ECDSA. Curves: SEC 2 (P-256, P-384, P-521), GB/T 32918.5 (SM2)."""

from collections import namedtuple

Curve = namedtuple("Curve", "name p a b n gx gy")


def _curve(name, p, a, b, n, gx, gy):
    return Curve(name, *(int(number, 16) for number in (p, a, b, n, gx, gy)))


SM2 = _curve(
    "SM2",
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF",
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC",
    "28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93",
    "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123",
    "32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7",
    "BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0",
)
P256 = _curve(
    "P-256",
    "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
    "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC",
    "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
    "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
    "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5",
)
P384 = _curve(
    "P-384",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFC",
    "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
    "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7",
    "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F",
)
P521 = _curve(
    "P-521",
    "01" + "F" * 130,
    "01" + "F" * 129 + "C",
    "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00",
    "01" + "F" * 65 + "A51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
    "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66",
    "011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650",
)


def byte_length(curve):
    """Bytes of a coordinate."""
    return (curve.p.bit_length() + 7) // 8


def point_of(curve, data):
    """The point spelled `04 || x || y`, or None when it is not on the curve."""
    size = byte_length(curve)
    if len(data) != 2 * size + 1 or data[0] != 4:
        return None
    x, y = int.from_bytes(data[1 : size + 1], "big"), int.from_bytes(data[size + 1 :], "big")
    if x >= curve.p or y >= curve.p or (y * y - x * x * x - curve.a * x - curve.b) % curve.p:
        return None
    return x, y


def _double(curve, point):
    x, y, z = point
    p = curve.p
    if z == 0 or y == 0:
        return (0, 1, 0)
    square = y * y % p
    s = 4 * x * square % p
    m = (3 * x * x + curve.a * pow(z, 4, p)) % p
    x3 = (m * m - 2 * s) % p
    return (x3, (m * (s - x3) - 8 * square * square) % p, 2 * y * z % p)


def _add(curve, left, right):
    p = curve.p
    if left[2] == 0:
        return right
    if right[2] == 0:
        return left
    z1, z2 = left[2] * left[2] % p, right[2] * right[2] % p
    u1, u2 = left[0] * z2 % p, right[0] * z1 % p
    s1, s2 = left[1] * z2 * right[2] % p, right[1] * z1 * left[2] % p
    if u1 == u2:
        return _double(curve, left) if s1 == s2 else (0, 1, 0)
    h, r = (u2 - u1) % p, (s2 - s1) % p
    h2 = h * h % p
    h3, v = h2 * h % p, u1 * h2 % p
    x3 = (r * r - h3 - 2 * v) % p
    return (x3, (r * (v - x3) - s1 * h3) % p, h * left[2] * right[2] % p)


def x_of_sum(curve, u, v, point):
    """The x of u·G + v·point, or None when the sum is at infinity."""
    base, other = (curve.gx, curve.gy, 1), (point[0], point[1], 1)
    both, total = _add(curve, base, other), (0, 1, 0)
    for bit in range(max(u.bit_length(), v.bit_length()) - 1, -1, -1):
        total = _double(curve, total)
        pick = (u >> bit & 1) | (v >> bit & 1) << 1
        if pick:
            total = _add(curve, total, (base, other, both)[pick - 1])
    if total[2] == 0:
        return None
    return total[0] * pow(total[2], -2, curve.p) % curve.p


def verify_ecdsa(curve, point, digest, r, s):
    """Whether (r, s) is an ECDSA signature of a digest (SEC 1 section 4.1.4)."""
    if not (0 < r < curve.n and 0 < s < curve.n):
        return False
    number = int.from_bytes(digest, "big") >> max(0, 8 * len(digest) - curve.n.bit_length())
    inverse = pow(s, -1, curve.n)
    x = x_of_sum(curve, number * inverse % curve.n, r * inverse % curve.n, point)
    return x is not None and x % curve.n == r
