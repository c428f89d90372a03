import type { Sql } from '../db/index.ts';

/** A step that can be taken back. */
export interface UndoStep {
  readonly id: string;
  readonly kind: string;
  readonly atMs: number;
}

/** The last step of this actor on a dossier that was not taken back; null when there is none. A bulk edit is undone from the list, by its token. */
export async function findLastStep(sql: Sql, dossierId: string, actorId: string): Promise<UndoStep | null> {
  const row = await sql.one<{ id: string; kind: string; created_at_ms: number }>(
    `select id, kind, created_at_ms from undo where dossier_id = $1 and actor_id = $2 and kind <> 'bulk' and not done order by dossier_version desc, id desc limit 1`,
    [dossierId, actorId],
  );
  return row && { id: row.id, kind: row.kind, atMs: row.created_at_ms };
}
