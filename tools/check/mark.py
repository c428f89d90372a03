"""The number of a look that a mark shows: docs/spec/marks.md, "Number of a look"."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OIL", "011")
LOOKS = ("page.viewed", "thumbnails.viewed", "page.printed", "page.copied")


def parse_number(text):
    """The 60-bit number that twelve digits spell; case, blanks and hyphens do not matter, O is 0, I and L are 1. None when malformed."""
    digits = text.upper().replace("-", "").replace(" ", "").translate(READ_AS)
    if len(digits) != 12 or any(digit not in ALPHABET for digit in digits):
        return None
    number = 0
    for digit in digits:
        number = number << 5 | ALPHABET.index(digit)
    return number


def number_of(entry_id):
    """The number of an entry by its id (a UUID of version 7), or None for ids of other versions."""
    value = int(entry_id.replace("-", ""), 16)
    if value >> 76 & 0xF != 7 or value >> 62 & 3 != 2:
        return None
    return (value >> 80 & ((1 << 42) - 1)) << 18 | value >> 44 & ((1 << 18) - 1)


def spell(number):
    """Twelve digits in groups of four."""
    digits = "".join(ALPHABET[number >> 5 * (11 - place) & 31] for place in range(12))
    return "-".join(digits[start : start + 4] for start in (0, 4, 8))


def is_look(entry, number):
    """Whether an entry is the look that a number names."""
    return entry["kind"] in LOOKS and number_of(entry["id"]) == number
