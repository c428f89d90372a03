import { createHash } from 'node:crypto';
import { checkTimestampToken, findCertificate, isSameName, type TokenFault } from '@lantai/anchors/trust';
import { equalBytes } from '@lantai/values';
import * as asn1js from 'asn1js';
import { type Attribute, type Certificate, ContentInfo, IssuerAndSerialNumber, SignedData, type SignerInfo } from 'pkijs';
import {
  algorithmName,
  type Carried,
  documentSignatureHolds,
  isInItsYears,
  isKnown,
  isSm2Certificate,
  namesOf,
  OID,
  readCarried,
  SM2_ALGORITHMS,
  type TrustSettings,
} from './certificates.ts';
import type { CertificateNames, SignatureFault } from './report.ts';

/** Source: RFC 5652, RFC 5035, RFC 3161 appendix A; GM/T 0010-2012 for the numbers of 国密. */
const CMS = {
  signedData: ['1.2.840.113549.1.7.2', '1.2.156.10197.6.1.4.2.2'],
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timestamp: '1.2.840.113549.1.9.16.2.14',
  subjectKeyId: '2.5.29.14',
} as const;
/** Digests of content: the name node knows, the name WebCrypto knows. SHA-1 and MD5 are not among them: whoever can make two files of one digest proves nothing. */
const DIGESTS: Readonly<Record<string, { readonly node: string; readonly web: 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SM3' }>> = {
  '2.16.840.1.101.3.4.2.1': { node: 'sha256', web: 'SHA-256' },
  '2.16.840.1.101.3.4.2.2': { node: 'sha384', web: 'SHA-384' },
  '2.16.840.1.101.3.4.2.3': { node: 'sha512', web: 'SHA-512' },
  [OID.sm3]: { node: 'sm3', web: 'SM3' },
};
const WEAK_DIGESTS: ReadonlySet<string> = new Set(['1.3.14.3.2.26', '1.2.840.113549.2.5']);
/** A signature with its certificates and stamps is some kilobytes. */
const MESSAGE_BYTES_MAX = 1024 * 1024;

/** What was found of a signature over some bytes. */
export interface MessageJudgement {
  readonly signer: CertificateNames | null;
  readonly algorithm: string | null;
  readonly signedAtMs: number | null;
  readonly timeBy: 'timestamp' | 'signer' | null;
  readonly faults: readonly SignatureFault[];
}

/** A message that is none, or is not judged. */
class Unjudged extends Error {
  constructor(readonly fault: SignatureFault) {
    super(fault);
  }
}

/**
 * Judges a detached signature (CMS, PKCS #7; also as GM/T 0010 writes it) over content that stands in pieces.
 * @param saidAtMs when the document around it says it was signed; null when it does not. @returns never throws on a bad message
 */
export async function judgeMessage(
  der: Uint8Array,
  content: readonly Uint8Array[],
  trust: TrustSettings,
  saidAtMs: number | null = null,
): Promise<MessageJudgement> {
  let message: Message;
  try {
    message = readMessage(der);
  } catch (error) {
    // The parser's own error says where the bytes stop being a signature, in words of the file; to the reader it is one thing.
    const fault = error instanceof Unjudged ? error.fault : 'structure';
    return { signer: null, algorithm: null, signedAtMs: saidAtMs, timeBy: saidAtMs === null ? null : 'signer', faults: [fault] };
  }
  const { info, signer, carried } = message;
  const faults: SignatureFault[] = [];
  const stamp = await judgeStamp(info, trust);
  if (stamp.fault) faults.push(stamp.fault);
  const claimedMs = findClaimedMs(info) ?? saidAtMs;
  const signedAtMs = stamp.atMs ?? claimedMs;
  if (stamp.atMs === null) faults.push('time-unproved');
  const atMs = signedAtMs ?? trust.nowMs;
  const { certificate } = signer;
  const digest = DIGESTS[info.digestAlgorithm.algorithmId];
  if (!digest) faults.push(WEAK_DIGESTS.has(info.digestAlgorithm.algorithmId) ? 'weak' : 'unsupported');
  else faults.push(...(await judgeContent(message, content, digest)));
  if (!isInItsYears(certificate, atMs)) faults.push('not-valid-then');
  else if (!(await isKnown(certificate, carried, trust, atMs))) faults.push('signer-unknown');
  return {
    signer: namesOf(certificate),
    algorithm: algorithmName(certificate, digest?.web ?? '?'),
    signedAtMs,
    timeBy: stamp.atMs !== null ? 'timestamp' : signedAtMs === null ? null : 'signer',
    faults,
  };
}

interface Message {
  readonly info: SignerInfo;
  readonly signer: Carried;
  readonly carried: readonly Carried[];
}

function readMessage(der: Uint8Array): Message {
  if (der.length === 0 || der.length > MESSAGE_BYTES_MAX) throw new Unjudged('structure');
  const { result, offset } = asn1js.fromBER(new Uint8Array(der));
  // Behind the message a document fills its place up with zeros, and with nothing else.
  if (offset <= 0 || der.subarray(offset).some((byte) => byte !== 0)) throw new Unjudged('structure');
  const outer = new ContentInfo({ schema: result });
  if (!CMS.signedData.some((id) => id === outer.contentType)) throw new Unjudged('structure');
  const inner = outer.content as asn1js.Sequence;
  const signed = new SignedData({ schema: inner });
  if (signed.encapContentInfo.eContent) throw new Unjudged('unsupported');
  const info = signed.signerInfos[0];
  if (!info || signed.signerInfos.length !== 1) throw new Unjudged('unsupported');
  const attributes = info.signedAttrs?.attributes ?? [];
  if (new Set(attributes.map((a) => a.type)).size !== attributes.length) throw new Unjudged('structure');
  const bag = inner.valueBlock.value.find((part) => part.idBlock.tagClass === 3 && part.idBlock.tagNumber === 0);
  const ders = bag instanceof asn1js.Constructed ? bag.valueBlock.value.map((part) => new Uint8Array(part.valueBeforeDecodeView)) : [];
  const carried = readCarried(ders);
  const signer = carried.find(({ certificate }) => isNamedBy(info, certificate));
  if (!signer) throw new Unjudged('structure');
  return { info, signer, carried };
}

function isNamedBy({ sid }: SignerInfo, certificate: Certificate): boolean {
  const named: unknown = sid;
  if (named instanceof IssuerAndSerialNumber)
    return isSameName(certificate.issuer, named.issuer) && certificate.serialNumber.isEqual(named.serialNumber);
  const own: unknown = certificate.extensions?.find((extension) => extension.extnID === CMS.subjectKeyId)?.parsedValue;
  const wanted = named instanceof asn1js.Primitive ? new Uint8Array(named.valueBlock.valueHexView) : null;
  return own instanceof asn1js.OctetString && wanted !== null && equalBytes(new Uint8Array(own.valueBlock.valueHexView), wanted);
}

const findValue = (info: SignerInfo, id: string): unknown => {
  const found = info.signedAttrs?.attributes.find((a: Attribute) => a.type === id);
  return found?.values.length === 1 ? found.values[0] : undefined;
};

/** Milliseconds that the signer says; null when it says none. */
function findClaimedMs(info: SignerInfo): number | null {
  const said = findValue(info, CMS.signingTime);
  if (!(said instanceof asn1js.UTCTime || said instanceof asn1js.GeneralizedTime)) return null;
  const atMs = said.toDate().getTime();
  return Number.isFinite(atMs) ? atMs : null;
}

/** Digest, certificate and signature. Source: RFC 5652 section 5.4. */
async function judgeContent(
  { info, signer }: Message,
  content: readonly Uint8Array[],
  digest: (typeof DIGESTS)[string],
): Promise<SignatureFault[]> {
  const { signatureAlgorithm: algorithm, signature } = info;
  const isSm2 = isSm2Certificate(signer.certificate);
  if (isSm2 !== (digest.web === 'SM3')) return ['unsupported'];
  const signedWith = digest.web === 'SM3' ? {} : { digest: digest.web };
  if (!info.signedAttrs) {
    const data = Buffer.concat(content);
    return (await documentSignatureHolds(signer.certificate, { data, signature, algorithm, ...signedWith })) ? [] : ['wrong'];
  }
  const faults: SignatureFault[] = [];
  const said = findValue(info, CMS.messageDigest);
  if (!(said instanceof asn1js.OctetString)) return ['structure'];
  const own = createHash(digest.node);
  for (const piece of content) own.update(piece);
  if (!equalBytes(new Uint8Array(said.valueBlock.valueHexView), new Uint8Array(own.digest()))) faults.push('altered');
  if (!isCertificateMeant(info, signer.der)) faults.push('wrong');
  const data = new Uint8Array(info.signedAttrs.encodedValue);
  const holds = await documentSignatureHolds(signer.certificate, { data, signature, algorithm, ...signedWith });
  if (!holds) faults.push(isJudged(algorithm.algorithmId) ? 'wrong' : 'unsupported');
  return faults;
}

/** RSA with PKCS #1 v1.5, ECDSA and SM2; RSA-PSS and others are not judged, which is not the same as wrong. */
const isJudged = (id: string): boolean =>
  [...SM2_ALGORITHMS, OID.ecKey, '1.2.840.113549.1.1.1'].includes(id) ||
  /^1\.2\.840\.(?:10045\.4\.3\.[234]|113549\.1\.1\.1[123])$/.test(id);

/** Where the signer names its certificate by digest, it must be this one, or it could have been exchanged for another of the same key (RFC 5035). */
function isCertificateMeant(info: SignerInfo, der: Uint8Array): boolean {
  const value = findValue(info, CMS.signingCertificateV2);
  if (value === undefined) return true;
  const list = value instanceof asn1js.Sequence ? value.valueBlock.value[0] : null;
  const first = list instanceof asn1js.Sequence ? list.valueBlock.value[0] : null;
  const parts = first instanceof asn1js.Sequence ? first.valueBlock.value : [];
  const octets = parts.find((part) => part instanceof asn1js.OctetString);
  const named = parts[0] instanceof asn1js.Sequence ? parts[0].valueBlock.value[0] : null;
  const id = named instanceof asn1js.ObjectIdentifier ? named.valueBlock.toString() : '2.16.840.1.101.3.4.2.1';
  const digest = DIGESTS[id];
  if (!digest || !(octets instanceof asn1js.OctetString)) return false;
  return equalBytes(new Uint8Array(octets.valueBlock.valueHexView), new Uint8Array(createHash(digest.node).update(der).digest()));
}

/** The time-stamp over the signature's value, when there is one. */
async function judgeStamp(info: SignerInfo, trust: TrustSettings): Promise<{ atMs: number | null; fault: SignatureFault | null }> {
  const found: unknown = info.unsignedAttrs?.attributes.find((a) => a.type === CMS.timestamp)?.values[0];
  if (!(found instanceof asn1js.BaseBlock)) return { atMs: null, fault: null };
  return judgeToken(new Uint8Array(found.valueBeforeDecodeView), new Uint8Array(info.signature.valueBlock.valueHexView), trust);
}

/** A time-stamp token over some bytes: when, or why it does not count. */
export async function judgeToken(
  token: Uint8Array,
  text: Uint8Array,
  { roots }: TrustSettings,
): Promise<{ atMs: number | null; fault: SignatureFault | null }> {
  const verdict = await checkTimestampToken(token, { text, roots, moreDigests: ['SHA-384', 'SHA-512'] });
  if (verdict.kind === 'holds') return { atMs: verdict.atMs, fault: null };
  const unknown: TokenFault = 'chain';
  return { atMs: null, fault: verdict.kind === 'wrong' && verdict.reason !== unknown ? 'timestamp-wrong' : 'timestamp-unknown' };
}

/** Roots out of DER; what is no certificate is left out. */
export const readRoots = (ders: readonly Uint8Array[]): Certificate[] => ders.flatMap((der) => findCertificate(der) ?? []);
