"""X.509 certificates (RFC 5280): what docs/spec/anchor.md section 1 asks of those of a time-stamp, and signatures by their keys."""

import base64
import re
from collections import namedtuple
from hashlib import sha1, sha256, sha384, sha512
from hmac import compare_digest

import der
import weierstrass
from der import DerFault, Fields

HASHES = {
    "1.3.14.3.2.26": ("SHA-1", sha1),
    "2.16.840.1.101.3.4.2.1": ("SHA-256", sha256),
    "2.16.840.1.101.3.4.2.2": ("SHA-384", sha384),
    "2.16.840.1.101.3.4.2.3": ("SHA-512", sha512),
}
RSA_ENCRYPTION, EC_PUBLIC_KEY = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
RSA_FAMILY = "1.2.840.113549.1.1."
SIGNATURES = {
    "1.2.840.113549.1.1.11": sha256,
    "1.2.840.113549.1.1.12": sha384,
    "1.2.840.113549.1.1.13": sha512,
    "1.2.840.10045.4.3.2": sha256,
    "1.2.840.10045.4.3.3": sha384,
    "1.2.840.10045.4.3.4": sha512,
}
CURVES = {"1.2.840.10045.3.1.7": weierstrass.P256, "1.3.132.0.34": weierstrass.P384, "1.3.132.0.35": weierstrass.P521}
DIGEST_PREFIX = {
    sha256: "3031300d060960864801650304020105000420",
    sha384: "3041300d060960864801650304020205000430",
    sha512: "3051300d060960864801650304020305000440",
}
BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE = "2.5.29.19", "2.5.29.15", "2.5.29.37"
KNOWN_EXTENSIONS = {BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE}
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
MIN_RSA_BITS = 2048
MAX_CHAIN = 8
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")

Certificate = namedtuple("Certificate", "whole signed issuer serial subject begins ends key signature_algorithm signature extensions")


def algorithm_of(node):
    """(identifier, parameters or None) of an AlgorithmIdentifier."""
    fields = Fields(node)
    name = der.oid(fields.take())
    left = fields.rest()
    if len(left) > 1:
        raise DerFault("algorithm")
    return name, left[0] if left else None


def _extensions(node):
    found = {}
    for item in der.children(der.children(node)[0], der.SEQUENCE):
        fields = Fields(item)
        name, critical = der.oid(fields.take()), fields.maybe(der.BOOLEAN)
        if name in found:
            raise DerFault("extension twice")
        found[name] = (critical is not None and der.boolean(critical), der.octets(fields.take()))
        fields.end()
    return found


def parse(data):
    """The certificate that bytes spell, or raises DerFault."""
    outer = Fields(der.parse(data))
    signed, algorithm, signature = outer.take(der.SEQUENCE), algorithm_of(outer.take()), der.bits(outer.take())
    outer.end()
    fields = Fields(signed)
    fields.maybe(0xA0)
    serial = der.integer(fields.take())
    if algorithm_of(fields.take()) != algorithm:
        raise DerFault("two algorithms")
    issuer, validity, subject = fields.take().whole, der.children(fields.take(der.SEQUENCE)), fields.take().whole
    if len(validity) != 2:
        raise DerFault("validity")
    key = fields.take(der.SEQUENCE)
    extensions = {}
    for extra in fields.rest():
        if extra.tag == 0xA3:
            extensions = _extensions(extra)
    begins, ends = der.time(validity[0]), der.time(validity[1])
    return Certificate(data, signed.whole, issuer, serial, subject, begins, ends, key, algorithm[0], signature, extensions)


def parse_pem(data):
    """Certificates of a PEM file; raises DerFault or ValueError."""
    return [parse(base64.b64decode(b"".join(block.split()), validate=True)) for block in PEM.findall(data)]


def _rsa_holds(key, message, signature, digest):
    """RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2)."""
    fields = Fields(der.parse(der.bits(key)))
    modulus, exponent = der.integer(fields.take()), der.integer(fields.take())
    fields.end()
    size = (modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if modulus.bit_length() < MIN_RSA_BITS or exponent < 3 or len(signature) != size or number >= modulus:
        return False
    info = bytes.fromhex(DIGEST_PREFIX[digest]) + digest(message).digest()
    wanted = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    return compare_digest(pow(number, exponent, modulus).to_bytes(size, "big"), wanted)


def _ecdsa_holds(key, parameters, message, signature, digest):
    curve = CURVES.get(der.oid(parameters)) if parameters else None
    point = weierstrass.point_of(curve, der.bits(key)) if curve else None
    if point is None:
        return False
    fields = Fields(der.parse(signature))
    r, s = der.integer(fields.take()), der.integer(fields.take())
    fields.end()
    return weierstrass.verify_ecdsa(curve, point, digest(message).digest(), r, s)


def signature_holds(certificate, message, signature, digest, algorithm):
    """Whether a signature holds under a certificate's key (RSA with PKCS #1 v1.5, or ECDSA over P-256, P-384, P-521)."""
    try:
        fields = Fields(certificate.key)
        (name, parameters), key = algorithm_of(fields.take()), fields.take()
        if algorithm.startswith(RSA_FAMILY) != (name == RSA_ENCRYPTION):
            return False
        if name == RSA_ENCRYPTION:
            return _rsa_holds(key, message, signature, digest)
        return name == EC_PUBLIC_KEY and _ecdsa_holds(key, parameters, message, signature, digest)
    except DerFault:
        return False


def is_for_time_stamping(certificate):
    """The purpose is time-stamping alone, and critically so (RFC 3161 section 2.3)."""
    critical, data = certificate.extensions.get(EXTENDED_KEY_USAGE, (False, b""))
    try:
        return critical and [der.oid(item) for item in der.children(der.parse(data), der.SEQUENCE)] == [TIME_STAMPING]
    except DerFault:
        return False


def _may_issue(certificate, below):
    """Whether a certificate is an authority's with room for so many authorities below it (RFC 5280 sections 4.2.1.3 and 4.2.1.9)."""
    try:
        fields = Fields(der.parse(certificate.extensions.get(BASIC_CONSTRAINTS, (False, b""))[1]))
        authority, depth = fields.maybe(der.BOOLEAN), fields.maybe(der.INTEGER)
        if authority is None or not der.boolean(authority) or (depth is not None and der.integer(depth) < below):
            return False
        usage = certificate.extensions.get(KEY_USAGE)
        return usage is None or bool(der.parse(usage[1]).body[1] & 0x04)
    except (DerFault, IndexError):
        return False


def _is_usable(certificate, moment):
    known = all(name in KNOWN_EXTENSIONS for name, (critical, _) in certificate.extensions.items() if critical)
    return known and certificate.begins <= moment <= certificate.ends


def leads_to_root(certificate, others, roots, moment, below=0, tried=None):
    """Whether certificates lead from a signer's to a root that is believed, all valid at a moment; the signer's own is no root.

    A certificate is gone up from once at each height, so that those that sign each other take no longer than their number squared.
    """
    tried = set() if tried is None else tried
    if below > MAX_CHAIN or (below, certificate.whole) in tried or not _is_usable(certificate, moment):
        return False
    tried.add((below, certificate.whole))
    if below and any(root.whole == certificate.whole for root in roots):
        return True
    digest = SIGNATURES.get(certificate.signature_algorithm)
    for issuer in [*roots, *others] if digest else []:
        if issuer.subject != certificate.issuer or not _may_issue(issuer, below):
            continue
        if not signature_holds(issuer, certificate.signed, certificate.signature, digest, certificate.signature_algorithm):
            continue
        if leads_to_root(issuer, others, roots, moment, below + 1, tried):
            return True
    return False
