import type { AnchorVerdict } from '@lantai/log';
import { equalBytes } from '@lantai/values';
import * as asn1js from 'asn1js';
import { type Attribute, type Certificate, ExtKeyUsage, IssuerAndSerialNumber, SignedData, type SignerInfo, TSTInfo } from 'pkijs';
import { type Digest, leadsToRoot, signatureHolds } from './certificate-path.ts';
import { findCertificate, isSameName } from './certificates.ts';
import { DER, type DerElement, insideDer, splitDer } from './der.ts';

/**
 * Checks a time-stamp token (RFC 3161, RFC 5816): what it stamps, who signed, that the signer was allowed to at that time, by roots that the
 * archive chose. RSA and ECDSA, with SHA-2 alone.
 */

const ID = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha1: '1.3.14.3.2.26',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  extKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;
/** Digests that a signature is made with. */
const SIGNED_DIGESTS: Readonly<Record<string, Digest>> = { [ID.sha256]: 'SHA-256', [ID.sha384]: 'SHA-384', [ID.sha512]: 'SHA-512' };
/** Digests that name a certificate: the older ESSCertID has SHA-1 alone, and the signature of what it names is checked besides. */
const NAMING_DIGESTS: Readonly<Record<string, Digest | 'SHA-1'>> = { ...SIGNED_DIGESTS, [ID.sha1]: 'SHA-1' };
/** More certificates than a token has: checking takes time with their number squared. */
const CERTIFICATES_MAX = 16;

/** A certificate of a token with its very bytes. */
interface Carried {
  readonly der: Uint8Array;
  readonly certificate: Certificate;
}

/** A token taken apart. */
interface Token {
  readonly signer: SignerInfo;
  readonly carried: readonly Carried[];
  readonly info: TSTInfo;
  readonly infoBytes: Uint8Array;
}

/** What a token must say. */
export interface TokenExpectation {
  /** The text that was stamped. */
  readonly text: Uint8Array;
  /** Certificates that are believed. */
  readonly roots: readonly Certificate[];
  /** The nonce of the request, when the answer to it is checked. */
  readonly nonce?: Uint8Array;
  /** Digests taken besides SHA-256: a document's stamp is not bound to the one of docs/spec/anchor.md. */
  readonly moreDigests?: readonly ('SHA-384' | 'SHA-512')[];
  /** Between which times the token was made, when that is known: milliseconds. */
  readonly between?: readonly [fromMs: number, toMs: number];
}

/** Why a token does not hold. */
export type TokenFault = 'malformed' | 'imprint' | 'nonce' | 'time' | 'signer' | 'purpose' | 'signing-certificate' | 'chain' | 'signature';

class Wrong extends Error {
  constructor(readonly reason: TokenFault) {
    super(reason);
  }
}

/** @param token ContentInfo in DER. @returns `holds` with the authority's time, or `wrong` with a {@link TokenFault}; never throws on a bad token */
export async function checkTimestampToken(token: Uint8Array, expected: TokenExpectation): Promise<AnchorVerdict> {
  try {
    const { signer, carried, info, infoBytes } = parse(token);
    await checkImprint(info, expected);
    const nonce = info.nonce ? unsigned(info.nonce.valueBlock.valueHexView) : null;
    if (expected.nonce && !(nonce && equalBytes(nonce, unsigned(expected.nonce)))) throw new Wrong('nonce');
    const atMs = info.genTime.getTime();
    if (expected.between && (atMs < expected.between[0] || atMs > expected.between[1])) throw new Wrong('time');
    const found = findSigner(carried, signer);
    checkPurpose(found.certificate);
    await checkSigningCertificate(signer, found.der);
    const others = carried.map((one) => one.certificate);
    if (!(await leadsToRoot(found.certificate, others, expected.roots, atMs))) throw new Wrong('chain');
    if (!(await isSignedBy(signer, found.certificate, infoBytes))) throw new Wrong('signature');
    return { kind: 'holds', atMs };
  } catch (error) {
    if (error instanceof Wrong) return { kind: 'wrong', reason: error.reason };
    throw error;
  }
}

function parse(token: Uint8Array): Token {
  try {
    const { certificates, rest } = takeApart(token);
    // The list of digests is unsigned and believed in nothing, so it is not read.
    const read = rest.map(({ tag, whole }, i) => (tag === DER.set && i === 1 ? new asn1js.Set({ value: [] }) : decoded(whole)));
    const signed = new SignedData({ schema: new asn1js.Sequence({ value: read }) });
    const { eContent, eContentType } = signed.encapContentInfo;
    const attributes = signed.signerInfos[0]?.signedAttrs?.attributes ?? [];
    const isOnce = new Set(attributes.map((a) => a.type)).size === attributes.length && attributes.every((a) => a.values.length === 1);
    const isWhole = signed.signerInfos.length === 1 && attributes.length > 0 && isOnce && certificates.length <= CERTIFICATES_MAX;
    if (eContentType !== ID.tstInfo || !eContent || !isWhole) throw new Wrong('malformed');
    const infoBytes = new Uint8Array(eContent.getValue());
    if (splitDer(infoBytes).length !== 1) throw new Wrong('malformed');
    const info = TSTInfo.fromBER(infoBytes);
    if (!Number.isFinite(info.genTime.getTime())) throw new Wrong('malformed');
    return { signer: signed.signerInfos[0]!, carried: certificates.flatMap(readCarried), info, infoBytes };
  } catch (cause) {
    if (cause instanceof Wrong) throw cause;
    // The parser's own error says where the bytes stop being a token; to the reader it is one thing.
    throw new Wrong('malformed');
  }
}

/**
 * The members of a token's SignedData: its certificates, each still bytes, and the others without them and without lists of revocation.
 * Certificates are a bag that nobody signed: one that is broken must not spoil the parsing of what was signed.
 */
function takeApart(token: Uint8Array): { certificates: DerElement[]; rest: DerElement[] } {
  const [outer, ...behind] = splitDer(token);
  const [type, wrapped, ...more] = insideDer(outer, DER.sequence);
  const [inner, ...beside] = insideDer(wrapped, DER.context0);
  const name: unknown = type && decoded(type.whole);
  const isSigned = name instanceof asn1js.ObjectIdentifier && name.valueBlock.toString() === ID.signedData;
  if (!isSigned || behind.length + more.length + beside.length > 0) throw new Wrong('malformed');
  const members = insideDer(inner, DER.sequence);
  const rest = members.filter(({ tag }) => tag !== DER.context0 && tag !== DER.context1);
  const wanted = [DER.integer, DER.set, DER.sequence, DER.context0, DER.context1, DER.set];
  const optional = members.slice(rest.length - 1, -1).map(({ tag }) => tag);
  const given = wanted.filter((tag) => (tag !== DER.context0 && tag !== DER.context1) || optional.includes(tag));
  if (members.map(({ tag }) => tag).join() !== given.join()) throw new Wrong('malformed');
  const bag = members.find(({ tag }) => tag === DER.context0);
  return { certificates: bag ? splitDer(bag.body) : [], rest };
}

/** A certificate, or nothing for what is none: it is then as if it were not there. */
function readCarried({ tag, whole }: DerElement): Carried[] {
  const certificate = tag === DER.sequence ? findCertificate(whole) : null;
  return certificate ? [{ der: new Uint8Array(whole), certificate }] : [];
}

function decoded(der: Uint8Array): asn1js.AsnType {
  const { result, offset } = asn1js.fromBER(new Uint8Array(der));
  if (offset !== der.length) throw new Wrong('malformed');
  return result;
}

async function checkImprint(info: TSTInfo, { text, moreDigests = [] }: TokenExpectation): Promise<void> {
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  const algorithm = SIGNED_DIGESTS[hashAlgorithm.algorithmId];
  const isTaken = algorithm === 'SHA-256' || (algorithm !== undefined && moreDigests.includes(algorithm));
  if (!algorithm || !isTaken) throw new Wrong('imprint');
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest(algorithm, new Uint8Array(text)));
  if (!equalBytes(new Uint8Array(hashedMessage.valueBlock.valueHexView), digest)) throw new Wrong('imprint');
}

/** A number as bytes without leading zeros: an INTEGER puts one before a high bit. */
function unsigned(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  return new Uint8Array(bytes.subarray(from));
}

function findSigner(carried: readonly Carried[], signer: SignerInfo): Carried {
  const sid: unknown = signer.sid;
  if (!(sid instanceof IssuerAndSerialNumber)) throw new Wrong('signer');
  const found = carried.find(
    ({ certificate }) => isSameName(certificate.issuer, sid.issuer) && certificate.serialNumber.isEqual(sid.serialNumber),
  );
  if (!found) throw new Wrong('signer');
  return found;
}

/** RFC 3161 section 2.3: the key is for time-stamping alone, and the certificate says so critically. */
function checkPurpose(certificate: Certificate): void {
  const extension = certificate.extensions?.find((e) => e.extnID === ID.extKeyUsage);
  const usage = extension?.parsedValue;
  const isRight =
    extension?.critical === true &&
    usage instanceof ExtKeyUsage &&
    usage.keyPurposes.length === 1 &&
    usage.keyPurposes[0] === ID.timeStamping;
  if (!isRight) throw new Wrong('purpose');
}

/** The signed attributes name the certificate, so that it cannot be exchanged for another of the same key. Source: RFC 5035, RFC 5816. */
async function checkSigningCertificate(signer: SignerInfo, der: Uint8Array): Promise<void> {
  const named = findAttribute(signer, ID.signingCertificateV2) ?? findAttribute(signer, ID.signingCertificate);
  const said = named && findCertificateDigest(named);
  if (!said) throw new Wrong('signing-certificate');
  const digest = await globalThis.crypto.subtle.digest(said.algorithm, new Uint8Array(der));
  if (!equalBytes(new Uint8Array(digest), said.digest)) throw new Wrong('signing-certificate');
}

const findAttribute = (signer: SignerInfo, id: string): Attribute | undefined => signer.signedAttrs?.attributes.find((a) => a.type === id);

/** The first ESSCertID(v2): its digest of the signer's certificate. */
function findCertificateDigest(attribute: Attribute): { algorithm: string; digest: Uint8Array } | null {
  const list = attribute.values[0] instanceof asn1js.Sequence ? attribute.values[0].valueBlock.value[0] : null;
  const first = list instanceof asn1js.Sequence ? list.valueBlock.value[0] : null;
  const parts = first instanceof asn1js.Sequence ? first.valueBlock.value : [];
  const octets = parts.find((part) => part instanceof asn1js.OctetString);
  if (!(octets instanceof asn1js.OctetString)) return null;
  const named = parts[0] instanceof asn1js.Sequence ? parts[0].valueBlock.value[0] : null;
  const fallback = attribute.type === ID.signingCertificate ? ID.sha1 : ID.sha256;
  const algorithm = NAMING_DIGESTS[named instanceof asn1js.ObjectIdentifier ? named.valueBlock.toString() : fallback];
  return algorithm ? { algorithm, digest: new Uint8Array(octets.valueBlock.valueHexView) } : null;
}

/** The signed attributes say what the content is and its digest, and the signature is of them. Source: RFC 5652 section 5.4. */
async function isSignedBy(signer: SignerInfo, certificate: Certificate, infoBytes: Uint8Array): Promise<boolean> {
  const digest = SIGNED_DIGESTS[signer.digestAlgorithm.algorithmId];
  const kind: unknown = findAttribute(signer, ID.contentType)?.values[0];
  const said: unknown = findAttribute(signer, ID.messageDigest)?.values[0];
  if (!digest || !(kind instanceof asn1js.ObjectIdentifier) || kind.valueBlock.toString() !== ID.tstInfo) return false;
  const own = new Uint8Array(await globalThis.crypto.subtle.digest(digest, new Uint8Array(infoBytes)));
  if (!(said instanceof asn1js.OctetString) || !equalBytes(new Uint8Array(said.valueBlock.valueHexView), own)) return false;
  const { signature, signatureAlgorithm: algorithm } = signer;
  return signatureHolds(certificate, { data: new Uint8Array(signer.signedAttrs!.encodedValue), signature, algorithm, digest });
}
