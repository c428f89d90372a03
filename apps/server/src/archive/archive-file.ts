import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArchiveError } from '@lantai/values';
import type { SuiteId } from '@lantai/vault';
import { writeDurably } from './durable-file.ts';

/** What says that a folder holds an archive, and how to read it. Nothing secret, nothing personal. */
export interface ArchiveFile {
  readonly format: 1;
  readonly kind: 'trial' | 'production';
  readonly archiveId: string;
  readonly suite: SuiteId;
  readonly createdAtMs: number;
}

const ARCHIVE_FILE = 'archive.json';
/** File in the data folder that holds the log's verifier key, for checks without a server. Public. */
export const LOG_KEY_FILE = 'log.vkey';

/** Reads what a folder says it holds; null when it holds no archive. @throws ArchiveError `archive/file-unreadable`, `archive/format-newer` */
export function findArchiveFile(dataFolder: string): ArchiveFile | null {
  const path = join(dataFolder, ARCHIVE_FILE);
  if (!existsSync(path)) return null;
  let file: ArchiveFile;
  try {
    file = JSON.parse(readFileSync(path, 'utf8')) as ArchiveFile;
  } catch (cause) {
    throw new ArchiveError('archive/file-unreadable', 'corruption', {}, cause);
  }
  if (file.format !== 1) throw new ArchiveError('archive/format-newer', 'environment', { found: Number(file.format) });
  return file;
}

/** Says in the folder what it will hold. Written before anything else, so that a set-up cut off is continued as what it began. */
export function writeArchiveFile(dataFolder: string, file: ArchiveFile): void {
  mkdirSync(dataFolder, { recursive: true, mode: 0o711 });
  writeDurably(join(dataFolder, ARCHIVE_FILE), `${JSON.stringify(file, null, 2)}\n`, 0o644);
}
