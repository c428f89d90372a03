import type { Archive } from '../archive/index.ts';
import type { DecoderTrust } from '../children/index.ts';
import { readSignerRoots } from './signer-roots.ts';

/** First bytes of a PDF, and of a ZIP, which an OFD is. */
const MAY_BE_SIGNED = ['%PDF', 'PK\u0003\u0004'] as const;
/** A PDF may begin a little later. Source: ISO 32000-1, annex H. */
const HEAD_BYTES = 1024;

/** By whom the signatures of a file are judged, when it may have some. @throws ArchiveError `signers/folder-unreadable`, `signers/malformed` (environment) */
export async function readTrust(
  { config, clock }: Pick<Archive, 'config' | 'clock'>,
  bytes: Uint8Array,
): Promise<{ trust?: DecoderTrust }> {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  if (!MAY_BE_SIGNED.some((sign) => head.includes(sign))) return {};
  const roots = await readSignerRoots(config.signerRootsFolder);
  return { trust: { roots: roots.map((der) => Buffer.from(der).toString('base64')), nowMs: clock.nowMs() } };
}
