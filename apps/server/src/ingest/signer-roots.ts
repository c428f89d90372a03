import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '@lantai/values';

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;
const NAME = /\.(?:pem|crt|cer)$/i;
/** Certificates that an archive believes: authorities, their issuing ones, single signers. */
const ROOTS_MAX = 500;

/**
 * The certificates that the archive believes signers of documents by: every `.pem`, `.crt` and `.cer` of a folder, each in PEM, one or several a file.
 * Read anew each time, so that one laid there counts from the next document on. @returns DER; none without a folder
 * @throws ArchiveError `signers/folder-unreadable`, `signers/malformed` (environment)
 */
export async function readSignerRoots(folder: string | null): Promise<Uint8Array[]> {
  if (folder === null) return [];
  let texts: string[];
  try {
    const names = (await readdir(folder)).filter((name) => NAME.test(name)).sort();
    texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')));
  } catch (cause) {
    throw new ArchiveError('signers/folder-unreadable', 'environment', {}, cause);
  }
  const found = texts.map((text) => [...text.matchAll(PEM)].map((m) => new Uint8Array(Buffer.from(m[1]!, 'base64'))));
  // A file that was meant to be believed and cannot be read must not be passed over in silence.
  if (found.some((ders) => ders.length === 0) || found.flat().length > ROOTS_MAX)
    throw new ArchiveError('signers/malformed', 'environment');
  return found.flat();
}
