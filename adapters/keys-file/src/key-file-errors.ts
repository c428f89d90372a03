import { ArchiveError } from '@lantai/values';
import { findFileErrorCode } from '@lantai/vault';

/** Runs `work`; a failure of the disk becomes `key/store-failed` (environment) with the system's code, anything else stays what it is. */
export async function translateFailure<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = findFileErrorCode(error);
    if (reason === null) throw error;
    throw new ArchiveError('key/store-failed', 'environment', { reason }, error);
  }
}
