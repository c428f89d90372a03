import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';

/**
 * The next free dossier code of a unit's fonds, `{fonds}-RS-{volume:3}` as every scheme accepts it, where the caller leaves it to the archive.
 * Two callers may be told the same: the table lets only one have it. @throws ArchiveError `unit/not-found` (caller)
 */
export async function nextDossierCode(archive: Archive, desk: Desk, unitId: string): Promise<string> {
  desk.scope('dossier.create');
  const whole = archive.db.system('unique-code');
  const row = await whole.one<{ id: string; code: string; n: number }>(
    `select f.id, f.code, (select count(*)::int from dossier d where d.fonds_id = f.id) as n from unit u join fonds f on f.id = u.fonds_id where u.id = $1`,
    [unitId],
  );
  if (!row) throw new ArchiveError('unit/not-found', 'caller');
  for (let n = row.n + 1; ; n++) {
    const code = `${row.code}-RS-${String(n).padStart(3, '0')}`;
    if (!(await whole.one('select 1 as one from dossier where fonds_id = $1 and code = $2', [row.id, code]))) return code;
  }
}
