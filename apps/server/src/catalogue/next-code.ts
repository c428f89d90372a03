import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { nextCodeBy, readCodeRule } from './dossier-codes.ts';
import { getScheme } from './schemes.ts';

/**
 * The next free dossier code of a unit's fonds, `{fonds}-RS-{volume:3}` as every scheme accepts it, where the caller leaves it to the archive.
 * Two callers may be told the same: the table lets only one have it. @throws ArchiveError `unit/not-found` (caller)
 */
export async function nextDossierCode(archive: Archive, desk: Desk, unitId: string, schemeId?: string): Promise<string> {
  desk.scope('dossier.create');
  const whole = archive.db.system('unique-code');
  const row = await whole.one<{ id: string; code: string; unit: string; n: number }>(
    `select f.id, f.code, u.code as unit, (select count(*)::int from dossier d where d.fonds_id = f.id) as n from unit u join fonds f on f.id = u.fonds_id where u.id = $1`,
    [unitId],
  );
  if (!row) throw new ArchiveError('unit/not-found', 'caller');
  const led = schemeId === undefined ? null : await nextLeading(archive, desk, row, schemeId);
  if (led !== null) return led;
  for (let n = row.n + 1; ; n++) {
    const code = `${row.code}-RS-${String(n).padStart(3, '0')}`;
    if (!(await whole.one('select 1 as one from code_taken where fonds_id = $1 and code = $2', [row.id, code]))) return code;
  }
}

/** By the form that the fonds chose to lead; null where it chose none, or the form does not fit its codes. */
async function nextLeading(
  archive: Archive,
  desk: Desk,
  row: { readonly id: string; readonly code: string; readonly unit: string },
  schemeId: string,
): Promise<string | null> {
  const { leading } = await readCodeRule(desk.sql, row.id, schemeId);
  if (leading === null) return null;
  const year = new Date(archive.clock.nowMs() + desk.utcOffsetMinutes * 60_000).getUTCFullYear();
  const subject = { fondsId: row.id, fondsCode: row.code, unitCode: row.unit, year, code: null };
  return nextCodeBy(archive, await getScheme(archive.db, archive, schemeId), leading, subject);
}
