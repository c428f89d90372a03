import { createWriteStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ArchiveError, isArchiveError } from '@lantai/values';

/**
 * Writes a file that must not exist yet, readable by its owner alone; half of one is removed again.
 * @throws ArchiveError `pack/file-exists` (caller) when it cannot be written, and what making the bytes throws
 */
export async function writeNewFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await pipeline(Readable.from(bytes, { objectMode: false }), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new ArchiveError('pack/file-exists', 'caller', {}, error);
    await unlink(path).catch((gone: NodeJS.ErrnoException) => {
      if (gone.code !== 'ENOENT') throw gone;
    });
    if (isArchiveError(error)) throw error;
    throw new ArchiveError('pack/file-exists', 'environment', {}, error);
  }
}
