import { ArchiveError, equalBytes } from '@lantai/values';
import { Certificate } from 'pkijs';

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;
/** More roots than anybody needs for one authority. */
const ROOTS_MAX = 20;

/** The certificates of a PEM text. @throws ArchiveError `anchor/roots-malformed` (caller) when it holds none, too many, or what is no certificate */
export function readCertificates(pem: string): Certificate[] {
  const blocks = [...pem.matchAll(PEM)].map((m) => Buffer.from(m[1]!, 'base64'));
  if (blocks.length === 0 || blocks.length > ROOTS_MAX) throw new ArchiveError('anchor/roots-malformed', 'caller');
  return blocks.map((der) => {
    const certificate = findCertificate(new Uint8Array(der));
    if (!certificate) throw new ArchiveError('anchor/roots-malformed', 'caller');
    return certificate;
  });
}

/**
 * The certificate that DER spells, or null: of the form of RFC 5280, one signature algorithm inside and outside, no extension twice.
 * What its extensions mean is not judged here.
 */
export function findCertificate(der: Uint8Array): Certificate | null {
  let certificate: Certificate;
  try {
    certificate = Certificate.fromBER(new Uint8Array(der));
  } catch {
    // The parser's own error says where the bytes stop being a certificate; to the caller it is one thing.
    return null;
  }
  const ids = (certificate.extensions ?? []).map((extension) => extension.extnID);
  const isOne = certificate.signature.isEqual(certificate.signatureAlgorithm) && new Set(ids).size === ids.length;
  return isOne ? certificate : null;
}

/** Whether two certificates are the same to the byte. */
export function isSameCertificate(one: Certificate, other: Certificate): boolean {
  const signatureOf = (of: Certificate) => new Uint8Array(of.signatureValue.valueBlock.valueHexView);
  return equalBytes(new Uint8Array(one.tbsView), new Uint8Array(other.tbsView)) && equalBytes(signatureOf(one), signatureOf(other));
}

/** Whether two names are written alike, byte for byte (RFC 5280 section 4.1.2.6 has an issuer's name written as its subject). */
export function isSameName(one: Certificate['issuer'], other: Certificate['issuer']): boolean {
  return equalBytes(new Uint8Array(one.valueBeforeDecode), new Uint8Array(other.valueBeforeDecode));
}
