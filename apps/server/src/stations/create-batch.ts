import type { Sampling } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import { type Desk, type DeskTx, madeObjects, type Scope, scopeSql } from '../desk/index.ts';

/** A batch (批次) of dossiers that goes through the stations together. */
export interface NewBatch {
  readonly code: string;
  readonly dossierIds: readonly string[];
  /** Null: own staff alone. */
  readonly contractorUnitId: string | null;
  readonly sampling: Sampling;
  readonly limitPercent: number;
  /** How long a claim holds. */
  readonly claimHours: number;
}

interface Row {
  readonly id: string;
  readonly code: string;
  readonly fonds_id: string;
  readonly level: number;
}

/**
 * Makes a batch of dossiers of one fonds; each begins at the shelf (出库).
 * INVARIANT: nothing classified goes into a contractor's batch.
 * @returns the id of the batch
 * @throws ArchiveError `dossier/not-found`, `batch/several-fonds`, `batch/classified`, `batch/elsewhere`, `batch/code-taken`, `contractor/not-found` (caller)
 */
export function createBatch(desk: Desk, input: NewBatch): Promise<string> {
  return desk.act('dossier.change', async (tx, scope) => {
    const dossierIds = [...new Set(input.dossierIds)];
    const rows = await lockDossiers(tx, scope, dossierIds);
    const fondsIds = new Set(rows.map((r) => r.fonds_id));
    if (fondsIds.size !== 1) throw new ArchiveError('batch/several-fonds', 'caller');
    const [fondsId] = fondsIds as Set<string>;
    if (input.contractorUnitId !== null) {
      await getContractor(tx, input.contractorUnitId);
      const classified = rows.find((r) => r.level >= desk.classifiedFrom);
      if (classified) throw new ArchiveError('batch/classified', 'caller', { dossier: classified.code });
    }
    const elsewhere = await tx.one<{ dossier_id: string }>(
      `select dossier_id from batch_dossier where dossier_id = any($1::uuid[]) and station <> 'done' limit 1`,
      [dossierIds],
    );
    if (elsewhere)
      throw new ArchiveError('batch/elsewhere', 'caller', { dossier: rows.find((r) => r.id === elsewhere.dossier_id)?.code ?? '' });
    if (await tx.one('select 1 as one from batch where fonds_id = $1 and code = $2', [fondsId, input.code]))
      throw new ArchiveError('batch/code-taken', 'caller');
    return insertBatch(tx, desk, input, { fondsId: fondsId!, dossierIds });
  });
}

async function insertBatch(
  tx: DeskTx,
  desk: Desk,
  { code, contractorUnitId, sampling, limitPercent, claimHours }: NewBatch,
  { fondsId, dossierIds }: { readonly fondsId: string; readonly dossierIds: readonly string[] },
): Promise<string> {
  const [id, entryId] = [desk.clock.newId(), desk.clock.newId()];
  const size = sampling.kind === 'full' ? null : sampling.size;
  await tx.query(
    `insert into batch (id, fonds_id, code, contractor_unit_id, sampling, sample_size, limit_percent, claim_hours, made_by, created_at_ms, entry_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[id, fondsId, code, contractorUnitId, sampling.kind, size, limitPercent, claimHours],
      ...[desk.actor.accountId, desk.clock.nowMs(), entryId],
    ],
  );
  await tx.query(`insert into batch_dossier (batch_id, dossier_id, station) select $1, unnest($2::uuid[]), 'take_out'`, [id, dossierIds]);
  const changed = [
    madeObjects('batch', [id]),
    madeObjects(
      'batch_dossier',
      dossierIds.map((dossierId) => `${id}/${dossierId}`),
    ),
  ];
  const params = { dossiers: dossierIds.length, ...(contractorUnitId === null ? {} : { contractor: contractorUnitId }) };
  await tx.log({ id: entryId, kind: 'batch.created', objectId: id, params, changed });
  return id;
}

async function lockDossiers(tx: DeskTx, scope: Scope, ids: readonly string[]): Promise<Row[]> {
  const seen = scopeSql(scope, 'd', 2);
  const rows = await tx.query<Row>(
    `select d.id, d.code, d.fonds_id, d.level from dossier d where d.id = any($1::uuid[]) and ${seen.sql} order by d.id for no key update of d`,
    [ids, ...seen.params],
  );
  if (rows.length !== ids.length) throw new ArchiveError('dossier/not-found', 'caller');
  return rows;
}

/** A contractor is a unit in which accounts of contractors stand. @throws ArchiveError `contractor/not-found` (caller) */
async function getContractor(tx: DeskTx, unitId: string): Promise<void> {
  const found = await tx.one(
    `select 1 as one from unit u where u.id = $1 and u.merged_into is null
       and exists (select 1 from account a where a.unit_id = u.id and a.role = 'contractor' and not a.disabled)`,
    [unitId],
  );
  if (!found) throw new ArchiveError('contractor/not-found', 'caller');
}
