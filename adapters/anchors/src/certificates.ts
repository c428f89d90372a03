import { ArchiveError } from '@lantai/values';
import { Certificate } from 'pkijs';

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;
/** More roots than anybody needs for one authority. */
const ROOTS_MAX = 20;

/** The certificates of a PEM text. @throws ArchiveError `anchor/roots-malformed` (caller) when it holds none, too many, or what is no certificate */
export function readCertificates(pem: string): Certificate[] {
  const blocks = [...pem.matchAll(PEM)].map((m) => Buffer.from(m[1]!, 'base64'));
  if (blocks.length === 0 || blocks.length > ROOTS_MAX) throw new ArchiveError('anchor/roots-malformed', 'caller');
  try {
    return blocks.map((der) => Certificate.fromBER(new Uint8Array(der)));
  } catch (cause) {
    throw new ArchiveError('anchor/roots-malformed', 'caller', {}, cause);
  }
}
