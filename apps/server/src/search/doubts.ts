import type { TextLine } from '@lantai/search';
import { ArchiveError, utf8 } from '@lantai/values';
import type { Sealer } from '../archive/index.ts';

type Candidates = NonNullable<TextLine['candidates']>;

const place = (pageId: string) => ({ table: 'page_gram', column: 'doubts', rowId: pageId, version: 1 });

/** The uncertain characters of a page by offset in its joined text, sealed; null when there are none. As JSON `[[at, "others"], …]`. */
export function sealDoubts(sealer: Sealer, pageId: string, dossierId: string, lines: readonly TextLine[]): Uint8Array | null {
  const doubts: [number, string[]][] = [];
  let lineStart = 0;
  for (const { text, candidates } of lines) {
    for (const { at, options } of candidates ?? []) doubts.push([lineStart + at, options.map((o) => o.char)]);
    lineStart += text.length + 1;
  }
  return doubts.length ? sealer.sealBytes({ kind: 'dossier', id: dossierId }, place(pageId), utf8(JSON.stringify(doubts))) : null;
}

/** Undoes {@link sealDoubts}. @throws ArchiveError `column/…`, `search/doubts-corrupt` (corruption) */
export function openDoubts(sealer: Sealer, pageId: string, dossierId: string, sealed: Uint8Array): Candidates {
  const bytes = sealer.openBytes({ kind: 'dossier', id: dossierId }, place(pageId), sealed);
  try {
    const doubts = JSON.parse(new TextDecoder().decode(bytes)) as [number, string[]][];
    return doubts.map(([at, chars]) => ({ at, options: chars.map((char) => ({ char })) }));
  } catch (cause) {
    throw new ArchiveError('search/doubts-corrupt', 'corruption', { page: pageId }, cause);
  }
}
