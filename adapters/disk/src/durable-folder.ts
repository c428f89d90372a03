import type { FileSystem } from '@lantai/vault';

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

/**
 * Makes a folder and those above it that are missing, and flushes the name of each one made, so that a power cut does not take them away.
 * The name of a folder that was there is flushed too: who made it may have died before its own flush. @param path parted by `/`
 */
export async function makeFolderDurably(fs: FileSystem, path: string, mode?: number): Promise<void> {
  const names = [path];
  for (let above = parentOf(path); above !== '' && !(await fs.findStatus(above)); above = parentOf(above)) names.push(above);
  await fs.makeFolder(path, mode);
  for (const made of names.reverse()) {
    const above = parentOf(made);
    if (above !== '') await fs.syncFolder(above);
    else if (made.startsWith('/')) await fs.syncFolder('/');
  }
}
