import type { OpenException } from '@lantai/contract';
import { type Desk, scopeSql } from '../desk/index.ts';

const PAGE = 100;

/**
 * Open exception reports of the dossiers one may arrange, the oldest first: codes and numbers, nobody is named. One entry.
 * @param after the id of the last one of the page before
 */
export function listExceptions(
  desk: Desk,
  after: string | null,
): Promise<{ readonly items: OpenException[]; readonly nextCursor: string | null }> {
  return desk.act('material.change', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 3);
    const rows = await tx.query<{
      id: string;
      dossier_id: string;
      code: string;
      kind: 'gap' | 'surplus';
      difference: number;
      created_at_ms: number;
    }>(
      `select e.id, e.dossier_id, d.code, e.kind, e.difference, e.created_at_ms from count_exception e join dossier d on d.id = e.dossier_id
       where e.state = 'open' and ($1::uuid is null or e.id > $1) and ${seen.sql} order by e.id limit $2`,
      [after, PAGE + 1, ...seen.params],
    );
    const shown = rows.slice(0, PAGE);
    await tx.log({ kind: 'count-exceptions.listed', params: { exceptions: shown.length } });
    return {
      items: shown.map((r) => ({
        id: r.id,
        dossierId: r.dossier_id,
        dossierCode: r.code,
        kind: r.kind,
        difference: r.difference,
        openedAtMs: r.created_at_ms,
      })),
      nextCursor: rows.length > PAGE ? (shown.at(-1)?.id ?? null) : null,
    };
  });
}
