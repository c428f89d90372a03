import { MAX_ZIP_DEPTH } from '../limits.ts';
import { type Receiving, refused } from '../outcome.ts';
import type { ZipArchive } from './archive.ts';

/** Files operating systems leave in archives; nobody's document. */
const SYSTEM_FILES = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/i;

/**
 * Yields the members of a checked archive one at a time. A damaged member comes with its refusal, the others go on.
 * An archive with an encrypted member is refused whole: without a password no part of it is known to be complete.
 * @param depth 0 for a file brought in, 1 for a member of an archive
 */
export async function* receiveZip(archive: ZipArchive, depth: number): Receiving {
  if (depth >= MAX_ZIP_DEPTH) return refused('zip/nested');
  if (archive.members.some((m) => m.encrypted)) return refused('zip/password-needed');
  const wanted = archive.members.filter((m) => !SYSTEM_FILES.test(m.path));
  if (wanted.length === 0) return refused('zip/empty');
  for (const member of wanted) {
    const bytes = archive.read(member);
    yield 'kind' in bytes ? { kind: 'member', path: member.path, refused: bytes } : { kind: 'member', path: member.path, bytes };
  }
  const skipped = archive.members.length - wanted.length;
  return {
    kind: 'members',
    format: 'zip',
    mediaType: 'application/zip',
    memberCount: wanted.length,
    findings: skipped > 0 ? [{ code: 'zip/system-files-skipped', severity: 'info', params: { count: skipped } }] : [],
  };
}
