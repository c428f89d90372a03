import * as asn1js from 'asn1js';
import { BasicConstraints, type Certificate, CryptoEngine, RSAPublicKey } from 'pkijs';
import { isSameCertificate, isSameName } from './certificates.ts';

/**
 * Whether certificates lead to a root, as docs/spec/anchor.md section 1 says it. The library's own chain validation is not asked: it does
 * not look at path lengths, and passes over critical extensions (names, policies, unknown ones) and weak digests and keys.
 */

const ID = { basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', extKeyUsage: '2.5.29.37' } as const;
/** Critical extensions that are understood; a certificate with any other is refused (RFC 5280 section 4.2). */
const UNDERSTOOD: ReadonlySet<string> = new Set(Object.values(ID));
const KEY_ALGORITHM = { rsa: '1.2.840.113549.1.1.1', ec: '1.2.840.10045.2.1' } as const;
const CURVES: ReadonlySet<string> = new Set(['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35']);
const RSA_BITS_MIN = 2048;
const RSA_EXPONENT_MIN = 3;
/** Certificates above the signer's. */
const AUTHORITIES_MAX = 8;
/** `keyCertSign` in the first byte of the bits. */
const KEY_CERT_SIGN = 0x04;

/** A digest as WebCrypto names it. */
export type Digest = 'SHA-256' | 'SHA-384' | 'SHA-512';

type KeyKind = keyof typeof KEY_ALGORITHM;

/** What a signature's algorithm says: the kind of key, and the digest unless it is said elsewhere. */
interface SignatureKind {
  readonly key: KeyKind;
  readonly digest: Digest | null;
}

const SIGNATURES: Readonly<Record<string, SignatureKind>> = {
  [KEY_ALGORITHM.rsa]: { key: 'rsa', digest: null },
  [KEY_ALGORITHM.ec]: { key: 'ec', digest: null },
  '1.2.840.113549.1.1.11': { key: 'rsa', digest: 'SHA-256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', digest: 'SHA-384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', digest: 'SHA-512' },
  '1.2.840.10045.4.3.2': { key: 'ec', digest: 'SHA-256' },
  '1.2.840.10045.4.3.3': { key: 'ec', digest: 'SHA-384' },
  '1.2.840.10045.4.3.4': { key: 'ec', digest: 'SHA-512' },
};

const engine = new CryptoEngine({ name: 'webcrypto', crypto: globalThis.crypto });

/** A signature with what was signed. */
export interface Signed {
  readonly data: Uint8Array;
  readonly signature: asn1js.BitString | asn1js.OctetString;
  readonly algorithm: Certificate['signatureAlgorithm'];
  /** The digest where the algorithm names none (CMS); where it names one, they must be the same. */
  readonly digest?: Digest;
}

/** Whether a signature holds under a certificate's key: RSA with PKCS #1 v1.5 from 2,048 bits, ECDSA over P-256, P-384, P-521; SHA-2 alone. */
export async function signatureHolds(certificate: Certificate, { data, signature, algorithm, digest }: Signed): Promise<boolean> {
  const kind = SIGNATURES[algorithm.algorithmId];
  const chosen = kind?.digest ?? digest;
  if (!kind || !chosen || (digest && digest !== chosen) || keyKind(certificate) !== kind.key) return false;
  try {
    const bytes = new Uint8Array(data).buffer;
    return await engine.verifyWithPublicKey(bytes, signature, certificate.subjectPublicKeyInfo, algorithm, chosen);
  } catch {
    // A key or signature that is none is told by throwing; to whoever asks, it does not hold.
    return false;
  }
}

/** Which kind of key a certificate holds; null for one that is not taken: too short, of another curve or algorithm. */
function keyKind({ subjectPublicKeyInfo }: Certificate): KeyKind | null {
  const { algorithm, parsedKey } = subjectPublicKeyInfo;
  if (algorithm.algorithmId === KEY_ALGORITHM.rsa) {
    if (!(parsedKey instanceof RSAPublicKey)) return null;
    const isLong = bitCount(parsedKey.modulus) >= RSA_BITS_MIN;
    return isLong && (bitCount(parsedKey.publicExponent) > 8 || parsedKey.publicExponent.valueBlock.valueDec >= RSA_EXPONENT_MIN)
      ? 'rsa'
      : null;
  }
  const curve: unknown = algorithm.algorithmParams;
  const isTaken = curve instanceof asn1js.ObjectIdentifier && CURVES.has(curve.valueBlock.toString());
  return algorithm.algorithmId === KEY_ALGORITHM.ec && isTaken ? 'ec' : null;
}

/** Bits of a whole number, which the library gives without the zero before a high bit. */
function bitCount(number: asn1js.Integer): number {
  const bytes = new Uint8Array(number.valueBlock.valueHexView);
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (bytes.length - first - 1) * 8 + (32 - Math.clz32(bytes[first]!));
}

/** Whether a signature holds under a certificate's key. */
export type SignatureCheck = (certificate: Certificate, signed: Signed) => Promise<boolean>;

/**
 * Whether certificates lead from a signer's to a root, all of them valid at a time; the signer's own is no root.
 * @param others certificates that came along, believed in nothing. @param atMs milliseconds since 1970 UTC
 * @param holds what checks one signature; left out: {@link signatureHolds}
 */
export function leadsToRoot(
  signer: Certificate,
  others: readonly Certificate[],
  roots: readonly Certificate[],
  atMs: number,
  holds: SignatureCheck = signatureHolds,
): Promise<boolean> {
  const issuers = [...roots, ...others];
  // INVARIANT: each certificate is gone up from once at each height, so certificates that sign each other cost no more than their number squared.
  const tried = new Map<number, Set<Certificate>>();
  const leads = async (certificate: Certificate, below: number): Promise<boolean> => {
    const here = tried.get(below) ?? new Set();
    if (below > AUTHORITIES_MAX || here.has(certificate) || !isUsable(certificate, atMs)) return false;
    tried.set(below, here.add(certificate));
    if (below > 0 && roots.some((root) => isSameCertificate(root, certificate))) return true;
    for (const issuer of issuers) {
      if (!isSameName(issuer.subject, certificate.issuer) || !mayIssue(issuer, below)) continue;
      if ((await isIssuedBy(certificate, issuer, holds)) && (await leads(issuer, below + 1))) return true;
    }
    return false;
  };
  return leads(signer, 0);
}

const isIssuedBy = (certificate: Certificate, issuer: Certificate, holds: SignatureCheck) => {
  const { tbsView, signatureValue, signatureAlgorithm } = certificate;
  // Of a certificate the algorithm itself names the digest; without one there is none, and it is refused.
  return holds(issuer, { data: new Uint8Array(tbsView), signature: signatureValue, algorithm: signatureAlgorithm });
};

function isUsable(certificate: Certificate, atMs: number): boolean {
  const isUnderstood = (certificate.extensions ?? []).every((extension) => !extension.critical || UNDERSTOOD.has(extension.extnID));
  return isUnderstood && certificate.notBefore.value.getTime() <= atMs && atMs <= certificate.notAfter.value.getTime();
}

/** An authority with leave to sign certificates and room for so many authorities below it. Source: RFC 5280 sections 4.2.1.3 and 4.2.1.9. */
function mayIssue(certificate: Certificate, below: number): boolean {
  const findExtension = (id: string) => certificate.extensions?.find((extension) => extension.extnID === id);
  const constraints: unknown = findExtension(ID.basicConstraints)?.parsedValue;
  if (!(constraints instanceof BasicConstraints) || !constraints.cA) return false;
  const room = constraints.pathLenConstraint;
  if (room !== undefined && (room instanceof asn1js.Integer ? room.valueBlock.valueDec : room) < below) return false;
  const usage = findExtension(ID.keyUsage);
  if (!usage) return true;
  const bits: unknown = usage.parsedValue;
  return bits instanceof asn1js.BitString && ((bits.valueBlock.valueHexView[0] ?? 0) & KEY_CERT_SIGN) !== 0;
}
