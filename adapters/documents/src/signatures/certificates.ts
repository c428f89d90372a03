import { findCertificate, isSameCertificate, leadsToRoot, type SignatureCheck, signatureHolds } from '@lantai/anchors/trust';
import { isSm2Signature } from '@lantai/primitives-node';
import * as asn1js from 'asn1js';
import type { Certificate } from 'pkijs';
import { type CertificateNames, NAME_CHARS_MAX } from './report.ts';

/** Source of the numbers: GM/T 0006-2012, RFC 5280, RFC 3279, RFC 5758. */
export const OID = {
  sm2: '1.2.156.10197.1.301',
  sm2Sign: '1.2.156.10197.1.301.1',
  sm2Sm3: '1.2.156.10197.1.501',
  sm3: '1.2.156.10197.1.401',
  ecKey: '1.2.840.10045.2.1',
  commonName: '2.5.4.3',
  organisation: '2.5.4.10',
} as const;

/** How writers name a signature by SM2. */
export const SM2_ALGORITHMS: readonly string[] = [OID.sm2Sm3, OID.sm2, OID.sm2Sign];
/** What a certificate's key signs with, for people. */
const KEY_NAMES: Readonly<Record<string, string>> = { '1.2.840.113549.1.1.1': 'RSA', [OID.ecKey]: 'ECDSA' };
/** More certificates than a signature brings along: checking takes time with their number squared. */
export const CERTIFICATES_MAX = 16;
const SCALAR_LENGTH = 32;

/** A certificate with its very bytes. */
export interface Carried {
  readonly der: Uint8Array;
  readonly certificate: Certificate;
}

/** What certificates are believed, and what the time is where a signature says none. */
export interface TrustSettings {
  readonly roots: readonly Certificate[];
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
}

/** The certificates of DER; what is none is left out. */
export function readCarried(ders: readonly Uint8Array[]): Carried[] {
  return ders.slice(0, CERTIFICATES_MAX).flatMap((der) => {
    const certificate = findCertificate(der);
    return certificate ? [{ der, certificate }] : [];
  });
}

/** Whether a signature holds under a certificate's key: RSA, ECDSA and SM2, the last with SM3 and the user id that everyone uses. */
export const documentSignatureHolds: SignatureCheck = async (certificate, signed) => {
  if (!isSm2Certificate(certificate)) return signatureHolds(certificate, signed);
  if (!SM2_ALGORITHMS.includes(signed.algorithm.algorithmId)) return false;
  const value = findScalars(new Uint8Array(signed.signature.valueBlock.valueHexView));
  const key = new Uint8Array(certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView);
  return value !== null && isSm2Signature(key, signed.data, value);
};

/** Whether a certificate's key is of the curve SM2. */
export function isSm2Certificate({ subjectPublicKeyInfo: { algorithm } }: Certificate): boolean {
  const curve: unknown = algorithm.algorithmParams;
  return algorithm.algorithmId === OID.ecKey && curve instanceof asn1js.ObjectIdentifier && curve.valueBlock.toString() === OID.sm2;
}

/** `r ‖ s` of an SM2 signature in DER (GM/T 0009); already in that form, as some write it, or null for what is neither. */
function findScalars(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length === 2 * SCALAR_LENGTH) return bytes;
  const { result, offset } = asn1js.fromBER(new Uint8Array(bytes));
  const pair = offset === bytes.length && result instanceof asn1js.Sequence ? result.valueBlock.value : [];
  const numbers = pair.map((one) => (one instanceof asn1js.Integer ? new Uint8Array(one.valueBlock.valueHexView) : null));
  if (numbers.length !== 2) return null;
  const out = new Uint8Array(2 * SCALAR_LENGTH);
  for (const [i, number] of numbers.entries()) {
    const first = number?.findIndex((byte) => byte !== 0) ?? -1;
    const digits = number && first >= 0 ? number.subarray(first) : null;
    if (!digits || digits.length > SCALAR_LENGTH) return null;
    out.set(digits, (i + 1) * SCALAR_LENGTH - digits.length);
  }
  return out;
}

/** Whether the archive knows a signer at a time: its certificate, or one that it leads to, is among the roots. */
export async function isKnown(signer: Certificate, others: readonly Carried[], { roots }: TrustSettings, atMs: number): Promise<boolean> {
  if (roots.some((root) => isSameCertificate(root, signer))) return true;
  const along = others.map((one) => one.certificate);
  return leadsToRoot(signer, along, roots, atMs, documentSignatureHolds);
}

/** Whether a time lies in a certificate's own years. */
export const isInItsYears = ({ notBefore, notAfter }: Certificate, atMs: number): boolean =>
  notBefore.value.getTime() <= atMs && atMs <= notAfter.value.getTime();

/** Kind of a certificate's key and the digest beside it, for people. */
export function algorithmName(certificate: Certificate, digest: string): string {
  const key = isSm2Certificate(certificate) ? 'SM2' : (KEY_NAMES[certificate.subjectPublicKeyInfo.algorithm.algorithmId] ?? '?');
  return `${key} ${digest}`;
}

/** Whom a certificate names, for people. */
export function namesOf(certificate: Certificate): CertificateNames {
  const find = (name: Certificate['subject'], type: string) => sayable(name.typesAndValues.find((one) => one.type === type)?.value);
  const serial = [...new Uint8Array(certificate.serialNumber.valueBlock.valueHexView)].map((byte) => byte.toString(16).padStart(2, '0'));
  return {
    name: find(certificate.subject, OID.commonName),
    organisation: find(certificate.subject, OID.organisation),
    issuer: find(certificate.issuer, OID.commonName) ?? find(certificate.issuer, OID.organisation),
    serial: serial.slice(0, 20).join(''),
    fromMs: certificate.notBefore.value.getTime(),
    untilMs: certificate.notAfter.value.getTime(),
  };
}

/** A text of a stranger, without what moves a cursor or turns the direction of writing. */
function sayable(value: { readonly valueBlock: { readonly value?: unknown } } | undefined): string | null {
  const text = value?.valueBlock.value;
  return typeof text === 'string' ? cleanName(text) : null;
}

/** A name as strangers wrote it, cut and without control characters; null when nothing is left. */
export function cleanName(text: string): string | null {
  const clean = text.replace(/[\p{Cc}\p{Cf}]/gu, '').trim();
  return clean === '' ? null : [...clean].slice(0, NAME_CHARS_MAX).join('');
}
