import type { SignatureReport } from '@lantai/documents/signatures';
import { ArchiveError } from '@lantai/values';
import { createChildPool, type DecoderRequest, type SignaturesReply } from '../children/index.ts';
import { readSignerRoots } from './signer-roots.ts';

/** One file, in a child of its own. */
const CHILD = { entry: 'decoder', count: 1, memoryLimitMb: 1500, timeoutMs: 120_000 } as const;

/**
 * Judges the signatures of a PDF or OFD, in a child process, without an archive.
 * @param rootsFolder certificates that are believed; null: nobody is known
 * @throws ArchiveError `signature/no-document`, `pdf/…`, `ofd/…`, `zip/…` (caller), `signers/…`, `child/…` (environment)
 */
export async function judgeSignatures(
  programFolder: string,
  bytes: Uint8Array,
  rootsFolder: string | null,
  nowMs: number,
): Promise<readonly SignatureReport[]> {
  const roots = (await readSignerRoots(rootsFolder)).map((der) => Buffer.from(der).toString('base64'));
  const pool = createChildPool({ ...CHILD, entryFolder: programFolder });
  try {
    const { reply } = await pool.run<DecoderRequest, SignaturesReply>({ kind: 'signatures', trust: { roots, nowMs } }, [bytes]);
    if (reply.kind === 'refused') throw new ArchiveError(reply.code, 'caller', reply.detail);
    return reply.signatures;
  } finally {
    await pool.close();
  }
}
