import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KeyFileStore } from '@lantai/keys-file';
import { ArchiveError } from '@lantai/values';
import { type Archive, writeDurably } from '../archive/index.ts';

/**
 * Writes the sealed key file. It opens under the root key alone, which is not in it: the recovery kit, or a copy of `root.key`, is.
 * @throws ArchiveError `backup/keys-elsewhere` (caller) when the keys are not in files of this machine
 */
export async function writeKeyBackup(archive: Archive, file: string): Promise<void> {
  if (!(archive.keys instanceof KeyFileStore)) throw new ArchiveError('backup/keys-elsewhere', 'caller');
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  writeDurably(file, await archive.keys.snapshot(), 0o600);
}
