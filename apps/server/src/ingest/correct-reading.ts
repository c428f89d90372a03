import { isMasked } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, scopeSql } from '../desk/index.ts';
import { findReading, PERSON, storeReading } from './readings.ts';

/** One line as a person reads it: its place among the lines, from 0, and its text; an empty text takes the line out. */
export interface LineCorrection {
  readonly index: number;
  readonly text: string;
}

interface PageRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly fonds_id: string;
  readonly unit_id: string;
  readonly category: string;
  readonly level: number;
}

/**
 * Corrects lines of a page's current reading: what the reader's dictionary does not have is typed by hand, found by search and written into copies.
 * The reading of the machine stays beside it; the corrected one is current, also when a newer reader reads the page.
 * @param base the reading that was looked at
 * @throws ArchiveError `page/not-found`, `reading/not-found`, `reading/changed` (another one is current now), `reading/line-unknown`,
 *   `reading/masked` (the line holds masks instead of what stands on the page), `desk/not-allowed` (caller)
 */
export function correctReading(
  archive: Archive,
  desk: Desk,
  pageId: string,
  { base, lines }: { readonly base: { readonly engine: string; readonly version: string }; readonly lines: readonly LineCorrection[] },
): Promise<{ engine: string; version: string }> {
  return desk.act('material.change', async (tx, scope) => {
    const where = scopeSql(scope, 'p', 2);
    const row = await tx.one<PageRow>(
      `select p.id, p.dossier_id, p.fonds_id, p.unit_id, p.category, p.level from page p where p.id = $1 and ${where.sql} for no key update`,
      [pageId, ...where.params],
    );
    if (!row) throw new ArchiveError('page/not-found', 'caller');
    const reading = await findReading(tx, archive, pageId, row.dossier_id);
    if (!reading) throw new ArchiveError('reading/not-found', 'caller');
    if (reading.engine !== base.engine || reading.version !== base.version) throw new ArchiveError('reading/changed', 'caller');
    const said = new Map(lines.map((line) => [line.index, line.text.normalize('NFC').trim()]));
    for (const [index, text] of said) {
      const line = reading.lines[index];
      if (!line) throw new ArchiveError('reading/line-unknown', 'caller');
      // INVARIANT: a mask is never stored over what it hid. A form may hold stars of its own.
      if (isMasked(text) && !isMasked(line.text)) throw new ArchiveError('reading/masked', 'caller');
    }
    const corrected = reading.lines.flatMap((line, index) => {
      const text = said.get(index);
      if (text === undefined) return [line];
      const { candidates: _, ...rest } = line;
      return text === '' ? [] : [{ ...rest, text, confidence01: 1 }];
    });
    const last = await tx.one<{ version: number | null }>(
      'select max(version::integer) as version from reading where page_id = $1 and engine = $2',
      [pageId, PERSON],
    );
    const made = { engine: PERSON, version: String((last?.version ?? 0) + 1) };
    const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
    await storeReading(tx, archive, { pageId, dossierId: row.dossier_id, place }, { ...reading, ...made, lines: corrected });
    return made;
  });
}
