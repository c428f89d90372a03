/** A file with its path inside what was dropped. */
export interface DroppedFile {
  readonly file: File;
  readonly path: string;
}

const readAll = async (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> => {
  const all: FileSystemEntry[] = [];
  // A reader gives a hundred at a time and nothing at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
};

async function walk(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, '') }];
  }
  const found: DroppedFile[] = [];
  for (const inner of await readAll((entry as FileSystemDirectoryEntry).createReader())) found.push(...(await walk(inner)));
  return found;
}

/** Files that systems leave in folders and nobody means to archive. */
const isLeftover = (path: string) => /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$/i.test(path);

const inOrder = (files: DroppedFile[]) =>
  files.filter(({ path }) => !isLeftover(path)).sort((a, b) => a.path.localeCompare(b.path, 'zh-CN', { numeric: true }));

/** Files and folders of a drop, in the order a scanner numbered them. */
export async function filesOfDrop(transfer: DataTransfer): Promise<DroppedFile[]> {
  // Entries must be taken before the first await: the browser empties the transfer after the event.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry): entry is FileSystemEntry => entry !== null);
  const found: DroppedFile[] = [];
  for (const entry of entries) found.push(...(await walk(entry)));
  return inOrder(found);
}

/** Files of a file or folder dialogue. */
export function filesOfInput(list: FileList): DroppedFile[] {
  return inOrder([...list].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
}
