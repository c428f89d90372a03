import { ArchiveError } from '@lantai/values';
import { findFileErrorCode } from '@lantai/vault';

/** A failure of the disk in Lantai's words; anything else, a bug included, stays what it is. */
export function toBlobError(error: unknown): unknown {
  const reason = findFileErrorCode(error);
  if (reason === null) return error;
  const isFull = reason === 'ENOSPC' || reason === 'EDQUOT';
  return new ArchiveError(isFull ? 'blob/store-full' : 'blob/store-failed', 'environment', { reason }, error);
}

/** Runs `work`; see {@link toBlobError} for what it throws. */
export async function translateFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toBlobError(error);
  }
}
