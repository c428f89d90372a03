import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArchiveError } from '@lantai/values';

/**
 * The file of a child, `<entry>-child.mjs`. Running from a bundle it lies beside the bundle or one folder up (shared chunks);
 * running from source (tests) in `dist/` of the project.
 * @throws ArchiveError `child/not-built` (environment): `npm run build` was not run.
 */
export function getEntryFile(entry: string, entryFolder?: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = entryFolder === undefined ? [here, dirname(here), join(here, '..', '..', '..', '..', 'dist')] : [entryFolder];
  const found = folders.map((folder) => join(folder, `${entry}-child.mjs`)).find((file) => existsSync(file));
  if (!found) throw new ArchiveError('child/not-built', 'environment', { entry });
  return found;
}
