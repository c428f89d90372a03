import { open, readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ArchiveError } from '@lantai/values';
import type { PhotoOrder } from './decode.ts';

/** A file on its way into the archive; its bytes are read once, when its turn comes. */
export interface IncomingFile {
  /** Path below the imported folder, with `/`; the last part is the file's name. */
  readonly path: string;
  readonly byteCount: number;
  /** Of a photograph: where the sheet lies on it, to be laid flat. */
  readonly photo?: PhotoOrder;
  /** @throws ArchiveError `file/unreadable` (environment) */
  read(): Promise<Uint8Array>;
}

/** Largest file taken in one piece; larger ones are refused with `file/too-large`. */
export const FILE_BYTES_MAX = 512 * 1024 * 1024;

const collator = new Intl.Collator('zh-CN-u-kn-true');

/** What scanners and file managers leave behind and nobody means to archive. */
const LITTER = /^(?:\.|~\$|Thumbs\.db$|desktop\.ini$|__MACOSX$)/i;

/**
 * Lists the files of a folder in the order a person would read them: numbers by value, folders where their names fall.
 * A single file is a list of one. Links are not followed, so a folder cannot lead out of itself.
 * @throws ArchiveError `file/not-found` (caller)
 */
export async function listFiles(path: string): Promise<IncomingFile[]> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new ArchiveError('file/not-found', 'caller');
  if (info.isFile()) return [incoming(path, path.split(sep).pop() ?? path, info.size)];
  const out: IncomingFile[] = [];
  const walk = async (folder: string): Promise<void> => {
    const names = (await readdir(folder, { withFileTypes: true })).filter((e) => !LITTER.test(e.name));
    names.sort((a, b) => collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
    for (const entry of names) {
      const full = join(folder, entry.name);
      if (entry.isDirectory()) await walk(full);
      else if (entry.isFile()) out.push(incoming(full, relative(path, full).split(sep).join('/'), (await stat(full)).size));
    }
  };
  await walk(path);
  return out;
}

function incoming(full: string, path: string, byteCount: number): IncomingFile {
  return {
    path,
    byteCount,
    read: async () => {
      const file = await open(full, 'r').catch((cause: unknown) => {
        throw new ArchiveError('file/unreadable', 'environment', {}, cause);
      });
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
  };
}
