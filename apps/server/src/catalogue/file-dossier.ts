import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, scopeSql } from '../desk/index.ts';
import { editDossiers } from './edit-dossiers.ts';

/**
 * Accepts a dossier and files it (验收归档): its state is `filed` from now on.
 * @throws ArchiveError `dossier/not-found`, `filing/filed-already`, `filing/exception-open`, `filing/not-counterchecked`, and with the items of the check named
 *   `filing/not-checked`, `filing/check-failed`, `filing/check-unanswered` (caller)
 */
export async function fileDossier(archive: Archive, desk: Desk, dossierId: string): Promise<void> {
  await desk.act('dossier.change', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 2);
    const row = await tx.one<{ state: string }>(`select d.state from dossier d where d.id = $1 and ${seen.sql}`, [
      dossierId,
      ...seen.params,
    ]);
    if (!row) throw new ArchiveError('dossier/not-found', 'caller');
    if (row.state === 'filed') throw new ArchiveError('filing/filed-already', 'caller');
  });
  // The report that a refusal opens stays: it was committed before this throws.
  const { refused } = await editDossiers(archive, desk, [dossierId], { state: 'filed' });
  const [first] = refused;
  if (first) throw new ArchiveError(first.code, 'caller', first.params);
}
