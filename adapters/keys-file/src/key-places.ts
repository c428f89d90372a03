import { nodeFileSystem } from '@lantai/disk';
import { ArchiveError, type Finding } from '@lantai/values';
import type { FileSystem } from '@lantai/vault';

const OTHERS = 0o077;

/**
 * Refuses a key file or folder that others than its owner may touch. What is missing is not judged here.
 * @param what `root-key`, `key-folder` or `key-file`, for the message
 * @throws ArchiveError `key/mode-too-wide` (environment) with the mode it has and the one it must have
 */
export async function checkPrivate(fs: FileSystem, path: string, what: string): Promise<void> {
  // Windows gives every file a mode that means nothing; there the folder's owner answers for it.
  if (process.platform === 'win32') return;
  const status = await fs.findStatus(path);
  if (!status || (status.mode & OTHERS) === 0) return;
  const must = status.isFolder ? '0700' : '0600';
  throw new ArchiveError('key/mode-too-wide', 'environment', { what, mode: `0${status.mode.toString(8)}`, must });
}

/** Folders to be judged against each other. */
export interface KeyPlaces {
  readonly keyFolder: string;
  readonly copyFolder: string;
  readonly dataFolder: string;
  readonly fs?: Pick<FileSystem, 'findStatus'>;
}

const isInside = (inner: string, outer: string): boolean => `${inner}/`.startsWith(`${outer.replace(/\/+$/, '')}/`);

/**
 * What is unwise about where keys and data lie. Codes: `key/inside-data` (error: a copy of the data folder takes the keys along),
 * `key/same-disk-as-data` (warning: who steals the disk has both), `key/copies-on-same-disk` (warning: one broken disk takes both copies).
 * Paths are absolute; folders that are missing are judged by the nearest one above them.
 */
export async function findPlaceProblems({ keyFolder, copyFolder, dataFolder, fs = nodeFileSystem }: KeyPlaces): Promise<Finding[]> {
  const findings: Finding[] = [];
  const [keyDisk, copyDisk, dataDisk] = await Promise.all([keyFolder, copyFolder, dataFolder].map((path) => diskOf(fs, path)));
  for (const [folder, which] of [
    [keyFolder, 'keys'],
    [copyFolder, 'copy'],
  ] as const) {
    if (isInside(folder, dataFolder)) findings.push({ code: 'key/inside-data', severity: 'error', params: { which } });
  }
  if (keyDisk === dataDisk || copyDisk === dataDisk) findings.push({ code: 'key/same-disk-as-data', severity: 'warning' });
  if (keyDisk === copyDisk) findings.push({ code: 'key/copies-on-same-disk', severity: 'warning' });
  return findings;
}

async function diskOf(fs: Pick<FileSystem, 'findStatus'>, path: string): Promise<string> {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
    const status = await fs.findStatus(at);
    if (status) return status.device;
  }
  return (await fs.findStatus('/'))?.device ?? '';
}
