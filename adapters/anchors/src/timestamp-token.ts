import type { AnchorVerdict } from '@lantai/log';
import { equalBytes } from '@lantai/values';
import * as asn1js from 'asn1js';
import {
  type Attribute,
  Certificate,
  ContentInfo,
  CryptoEngine,
  ExtKeyUsage,
  IssuerAndSerialNumber,
  SignedData,
  type SignerInfo,
  TSTInfo,
} from 'pkijs';

/**
 * Checks a time-stamp token (RFC 3161, RFC 5816): what it stamps, who signed, that the signer was allowed to at that time, by roots that the
 * archive chose. RSA and ECDSA, as WebCrypto has them.
 */

const ID = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha1: '1.3.14.3.2.26',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  contentType: '1.2.840.113549.1.9.3',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  extKeyUsage: '2.5.29.37',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;
const DIGESTS: Readonly<Record<string, string>> = {
  [ID.sha1]: 'SHA-1',
  [ID.sha256]: 'SHA-256',
  [ID.sha384]: 'SHA-384',
  [ID.sha512]: 'SHA-512',
};
const engine = new CryptoEngine({ name: 'webcrypto', crypto: globalThis.crypto });

/** What a token must say. */
export interface TokenExpectation {
  /** The text that was stamped. */
  readonly text: Uint8Array;
  /** Certificates that are believed. */
  readonly roots: readonly Certificate[];
  /** The nonce of the request, when the answer to it is checked. */
  readonly nonce?: Uint8Array;
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
    const { signed, info, infoBytes } = parse(token);
    await checkImprint(info, expected.text);
    const nonce = info.nonce ? unsigned(info.nonce.valueBlock.valueHexView) : null;
    if (expected.nonce && !(nonce && equalBytes(nonce, unsigned(expected.nonce)))) throw new Wrong('nonce');
    const atMs = info.genTime.getTime();
    if (!Number.isFinite(atMs)) throw new Wrong('malformed');
    if (expected.between && (atMs < expected.between[0] || atMs > expected.between[1])) throw new Wrong('time');
    const signer = signed.signerInfos[0]!;
    const certificate = findSigner(signed, signer);
    checkPurpose(certificate);
    await checkSigningCertificate(signer, certificate);
    await checkSignature(signed, expected, infoBytes);
    return { kind: 'holds', atMs };
  } catch (error) {
    if (error instanceof Wrong) return { kind: 'wrong', reason: error.reason };
    throw error;
  }
}

function parse(token: Uint8Array): { signed: SignedData; info: TSTInfo; infoBytes: Uint8Array } {
  try {
    const content = ContentInfo.fromBER(new Uint8Array(token));
    if (content.contentType !== ID.signedData) throw new Wrong('malformed');
    const signed = new SignedData({ schema: content.content });
    const { eContent, eContentType } = signed.encapContentInfo;
    if (eContentType !== ID.tstInfo || !eContent || signed.signerInfos.length !== 1) throw new Wrong('malformed');
    const infoBytes = new Uint8Array(eContent.getValue());
    return { signed, info: TSTInfo.fromBER(infoBytes), infoBytes };
  } catch (cause) {
    if (cause instanceof Wrong) throw cause;
    // The parser's own error says where the bytes stop being a token; to the reader it is one thing.
    throw new Wrong('malformed');
  }
}

async function checkImprint(info: TSTInfo, text: Uint8Array): Promise<void> {
  const { hashAlgorithm, hashedMessage } = info.messageImprint;
  if (hashAlgorithm.algorithmId !== ID.sha256) throw new Wrong('imprint');
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(text)));
  if (!equalBytes(new Uint8Array(hashedMessage.valueBlock.valueHexView), digest)) throw new Wrong('imprint');
}

/** A number as bytes without leading zeros: an INTEGER puts one before a high bit. */
function unsigned(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  return new Uint8Array(bytes.subarray(from));
}

function findSigner(signed: SignedData, signer: SignerInfo): Certificate {
  const sid: unknown = signer.sid;
  if (!(sid instanceof IssuerAndSerialNumber)) throw new Wrong('signer');
  const found = (signed.certificates ?? []).find(
    (one) => one instanceof Certificate && one.issuer.isEqual(sid.issuer) && one.serialNumber.isEqual(sid.serialNumber),
  );
  if (!(found instanceof Certificate)) throw new Wrong('signer');
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

/** The signed attributes name the kind of content and the certificate, so that neither can be exchanged. Source: RFC 5035, RFC 5816. */
async function checkSigningCertificate(signer: SignerInfo, certificate: Certificate): Promise<void> {
  const attributes = signer.signedAttrs?.attributes ?? [];
  const kind = attributes.find((a) => a.type === ID.contentType)?.values[0];
  if (!(kind instanceof asn1js.ObjectIdentifier) || kind.valueBlock.toString() !== ID.tstInfo) throw new Wrong('malformed');
  const named = attributes.find((a) => a.type === ID.signingCertificateV2) ?? attributes.find((a) => a.type === ID.signingCertificate);
  const said = named && findCertificateDigest(named);
  if (!said) throw new Wrong('signing-certificate');
  const digest = await globalThis.crypto.subtle.digest(said.algorithm, certificate.toSchema().toBER());
  if (!equalBytes(new Uint8Array(digest), said.digest)) throw new Wrong('signing-certificate');
}

/** The first ESSCertID(v2): its digest of the signer's certificate. */
function findCertificateDigest(attribute: Attribute): { algorithm: string; digest: Uint8Array } | null {
  const list = attribute.values[0] instanceof asn1js.Sequence ? attribute.values[0].valueBlock.value[0] : null;
  const first = list instanceof asn1js.Sequence ? list.valueBlock.value[0] : null;
  const parts = first instanceof asn1js.Sequence ? first.valueBlock.value : [];
  const octets = parts.find((part) => part instanceof asn1js.OctetString);
  if (!(octets instanceof asn1js.OctetString)) return null;
  const named = parts[0] instanceof asn1js.Sequence ? parts[0].valueBlock.value[0] : null;
  const fallback = attribute.type === ID.signingCertificate ? ID.sha1 : ID.sha256;
  const algorithm = DIGESTS[named instanceof asn1js.ObjectIdentifier ? named.valueBlock.toString() : fallback];
  return algorithm ? { algorithm, digest: new Uint8Array(octets.valueBlock.valueHexView) } : null;
}

/** The chain of certificates at the token's own time, then the signature. */
async function checkSignature(signed: SignedData, expected: TokenExpectation, infoBytes: Uint8Array): Promise<void> {
  const data = new Uint8Array(expected.text).buffer;
  const trustedCerts = [...expected.roots];
  const outcome = await signed
    .verify({ signer: 0, checkChain: true, trustedCerts, data, extendedMode: true }, engine)
    .catch((error: unknown) => error);
  const { signatureVerified, signerCertificateVerified } = outcome as {
    signatureVerified?: boolean | null;
    signerCertificateVerified?: boolean | null;
  };
  if (signerCertificateVerified !== true) throw new Wrong('chain');
  if (signatureVerified !== true || infoBytes.length === 0) throw new Wrong('signature');
}
