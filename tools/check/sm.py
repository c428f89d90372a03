"""SM3 (GB/T 32905) and SM2 signatures (GB/T 32918.2, GM/T 0009), as docs/spec/log.md section 1 uses them on the second line of a checkpoint."""

from struct import pack, unpack

import weierstrass
from weierstrass import SM2

MASK = 0xFFFFFFFF
USER_ID = b"1234567812345678"
START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def _turn(word, count):
    count %= 32
    return (word << count | word >> (32 - count)) & MASK


def _fold(state, block):
    """One block of 64 bytes into the state (GB/T 32905 section 5.3)."""
    words = list(unpack(">16I", block))
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _turn(words[j - 3], 15)
        words.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        first = j < 16
        ss1 = _turn((_turn(a, 12) + e + _turn(0x79CC4519 if first else 0x7A879D8A, j)) & MASK, 7)
        ss2 = ss1 ^ _turn(a, 12)
        ff = a ^ b ^ c if first else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if first else (e & f) | (~e & MASK & g)
        tt1 = (ff + d + ss2 + (words[j] ^ words[j + 4])) & MASK
        tt2 = (gg + h + ss1 + words[j]) & MASK
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h)))


def sm3(data):
    """Digest of 32 bytes."""
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + pack(">Q", 8 * len(data))
    state = START
    for offset in range(0, len(padded), 64):
        state = _fold(state, padded[offset : offset + 64])
    return pack(">8I", *state)


def is_key(public):
    """Whether 65 bytes `04 || x || y` are a point of the curve."""
    return weierstrass.point_of(SM2, public) is not None


def _digest(public, message):
    """SM3(Z || message), where Z binds the user id, the curve and the key (GB/T 32918.2 section 5.5)."""
    curve = b"".join(number.to_bytes(32, "big") for number in (SM2.a, SM2.b, SM2.gx, SM2.gy))
    return sm3(sm3(pack(">H", 8 * len(USER_ID)) + USER_ID + curve + public[1:]) + message)


def verify(public, message, signature):
    """Whether `signature` (r || s, 64 bytes) over `message` holds under `public` (65 bytes)."""
    point = weierstrass.point_of(SM2, public)
    if point is None or len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < SM2.n and 0 < s < SM2.n) or (r + s) % SM2.n == 0:
        return False
    x = weierstrass.x_of_sum(SM2, s, (r + s) % SM2.n, point)
    return x is not None and (int.from_bytes(_digest(public, message), "big") + x) % SM2.n == r
