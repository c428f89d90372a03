"""Time-stamp tokens (RFC 3161) over a checkpoint's text: the checks of docs/spec/anchor.md section 1, in the order of its table."""

from collections import namedtuple

import certificate as x509
import der
from der import DerFault, Fields

SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
SHA_1, SHA_256 = "1.3.14.3.2.26", "2.16.840.1.101.3.4.2.1"
SIGNATURE_WITHOUT_DIGEST = (x509.RSA_ENCRYPTION, x509.EC_PUBLIC_KEY)

MAX_CERTIFICATES = 16

Token = namedtuple("Token", "content imprint time certificates issuer serial key_id digest attributes signed algorithm signature")


def _content(node):
    """(bytes, imprint algorithm, imprint, time) of the TSTInfo."""
    fields = Fields(node)
    if der.oid(fields.take()) != TST_INFO:
        raise DerFault("content type")
    wrapped = der.children(fields.take(0xA0))
    fields.end()
    if len(wrapped) != 1:
        raise DerFault("content")
    data = der.octets(wrapped[0])
    info = Fields(der.parse(data))
    if der.integer(info.take()) != 1:
        raise DerFault("version")
    der.oid(info.take())
    imprint = Fields(info.take())
    algorithm, digest = x509.algorithm_of(imprint.take())[0], der.octets(imprint.take())
    imprint.end()
    der.integer(info.take())
    return data, (algorithm, digest), der.time(info.take(der.GENERALIZED_TIME))


def _attributes(node):
    """Signed attributes by name, each with its one value."""
    found = {}
    for item in der.children(node):
        fields = Fields(item)
        name, values = der.oid(fields.take()), der.children(fields.take(), der.SET)
        fields.end()
        if name in found or len(values) != 1:
            raise DerFault("attribute")
        found[name] = values[0]
    return found


def _signer(node):
    """The one SignerInfo (RFC 5652 section 5.3)."""
    fields = Fields(node)
    der.integer(fields.take())
    named, key_id, issuer, serial = fields.take(), None, None, None
    if named.tag == 0x80:
        key_id = named.body
    else:
        pair = der.children(named, der.SEQUENCE)
        if len(pair) != 2:
            raise DerFault("signer")
        issuer, serial = pair[0].whole, der.integer(pair[1])
    digest = x509.algorithm_of(fields.take())[0]
    attributes = fields.take(0xA0)
    algorithm, signature = x509.algorithm_of(fields.take())[0], der.octets(fields.take())
    return issuer, serial, key_id, digest, _attributes(attributes), b"\x31" + attributes.whole[1:], algorithm, signature


def _certificates(bag):
    """The certificates of the bag that came along; what is none is as if it were not there."""
    items = der.children(bag) if bag else []
    if len(items) > MAX_CERTIFICATES:
        raise DerFault("too many certificates")
    found = []
    for item in items:
        try:
            found += [x509.parse(item.whole)] if item.tag == der.SEQUENCE else []
        except DerFault:
            continue
    return found


def parse_token(data):
    """The token that bytes spell, or raises DerFault."""
    outer = Fields(der.parse(data))
    if der.oid(outer.take()) != SIGNED_DATA:
        raise DerFault("content type")
    wrapped = der.children(outer.take(0xA0))
    outer.end()
    if len(wrapped) != 1:
        raise DerFault("content")
    fields = Fields(wrapped[0])
    der.integer(fields.take())
    fields.take(der.SET)
    content = _content(fields.take(der.SEQUENCE))
    certificates = fields.maybe(0xA0)
    fields.maybe(0xA1)
    signers = der.children(fields.take(der.SET))
    fields.end()
    if len(signers) != 1:
        raise DerFault("signers")
    return Token(*content, _certificates(certificates), *_signer(signers[0]))


def _names_certificate(token, certificate):
    """Whether the signed attributes name the certificate by its digest (RFC 5035 section 3, RFC 5816)."""
    newer = token.attributes.get(SIGNING_CERTIFICATE_V2)
    attribute = newer or token.attributes.get(SIGNING_CERTIFICATE)
    if attribute is None:
        return False
    try:
        fields = Fields(der.children(der.children(attribute, der.SEQUENCE)[0], der.SEQUENCE)[0])
        chosen = fields.maybe(der.SEQUENCE) if newer else None
        name = x509.algorithm_of(chosen)[0] if chosen else SHA_256 if newer else SHA_1
        return name in x509.HASHES and x509.HASHES[name][1](certificate.whole).digest() == der.octets(fields.take())
    except (DerFault, IndexError):
        return False


def _signature_holds(token, certificate):
    """Content type, digest and signature of the signed attributes (RFC 5652 section 5.4)."""
    digest = x509.HASHES.get(token.digest, (None, None))[1]
    if digest not in x509.DIGEST_PREFIX:
        return False
    named = token.attributes.get(CONTENT_TYPE), token.attributes.get(MESSAGE_DIGEST)
    try:
        if None in named or der.oid(named[0]) != TST_INFO or der.octets(named[1]) != digest(token.content).digest():
            return False
    except DerFault:
        return False
    if token.algorithm not in SIGNATURE_WITHOUT_DIGEST and x509.SIGNATURES.get(token.algorithm) is not digest:
        return False
    return x509.signature_holds(certificate, token.signed, token.signature, digest, token.algorithm)


def check_token(data, text, roots):
    """(reason or None when the token holds, moment or None) of a token over a checkpoint's text, under roots that are believed."""
    try:
        token = parse_token(data)
    except DerFault:
        return "malformed", None
    if token.imprint != (SHA_256, x509.HASHES[SHA_256][1](text.encode()).digest()):
        return "imprint", None
    signer = next((one for one in token.certificates if token.key_id is None and (one.issuer, one.serial) == (token.issuer, token.serial)), None)
    if signer is None:
        return "signer", None
    if not x509.is_for_time_stamping(signer):
        return "purpose", None
    if not _names_certificate(token, signer):
        return "signing-certificate", None
    if not x509.leads_to_root(signer, token.certificates, roots, token.time):
        return "chain", None
    return (None, token.time) if _signature_holds(token, signer) else ("signature", None)
