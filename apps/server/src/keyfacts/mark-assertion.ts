import type { AlterationMark, KeyFactCode, KeyFactMaterial } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Archive, Sealer } from '../archive/index.ts';
import { readFiledDossier } from '../catalogue/index.ts';
import { type Desk, type DeskTx, madeObjects } from '../desk/index.ts';
import { refuseOwnDossier } from './propose-determination.ts';

/** What a person marks on what a material says of a fact. */
export interface AssertionMarking {
  readonly materialId: string;
  readonly fact: KeyFactCode;
  /** Null lifts the mark there is. */
  readonly mark: AlterationMark | null;
  /** What was seen on the paper. */
  readonly reason: string;
}

/** A mark in force. */
export interface MarkRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly material_id: string;
  readonly fact: KeyFactCode;
  readonly mark: AlterationMark;
  readonly reason: Uint8Array;
}

/** The marks of a dossier that are in force. The caller has looked at the scope. */
export const readMarks = (tx: DeskTx, dossierId: string): Promise<MarkRow[]> =>
  tx.query<MarkRow>(
    'select id, dossier_id, material_id, fact, mark, reason from assertion_mark where dossier_id = $1 and ended_at_ms is null order by id',
    [dossierId],
  );

/** They by material, for the rules. */
export function marksByMaterial(rows: readonly MarkRow[]): Map<string, KeyFactMaterial['marks']> {
  const marks = new Map<string, KeyFactMaterial['marks']>();
  for (const { material_id, fact, mark } of rows) marks.set(material_id, { ...marks.get(material_id), [fact]: mark });
  return marks;
}

const placeOf = (rowId: string) => ({ table: 'assertion_mark', column: 'reason', rowId, version: 1 });

/** What was seen. @throws ArchiveError `column/corrupt` (corruption) */
export const openReason = (sealer: Sealer, { id, dossier_id, reason }: MarkRow): string =>
  sealer.get({ kind: 'dossier', id: dossier_id }, placeOf(id), reason);

/** Writes a mark where there is none in force; the caller writes the entry. */
export async function layMark(
  tx: DeskTx,
  desk: Desk,
  dossierId: string,
  { materialId, fact, mark, reason }: AssertionMarking & { readonly mark: AlterationMark },
  { id, entryId, nowMs }: { readonly id: string; readonly entryId: string; readonly nowMs: number },
): Promise<ReturnType<typeof madeObjects>> {
  const sealed = desk.sealer.seal({ kind: 'dossier', id: dossierId }, placeOf(id), reason);
  await tx.query(
    `insert into assertion_mark (id, dossier_id, material_id, fact, mark, reason, made_by, created_at_ms, entry_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, dossierId, materialId, fact, mark, sealed, desk.actor.accountId, nowMs, entryId],
  );
  return madeObjects('assertion_mark', [id]);
}

/**
 * Marks what a material says of a fact as altered (涂改) or doubted (存疑), or lifts the mark. A flag for persons: it takes the assertion out of
 * the comparison and decides nothing. A mark that replaces another ends it; both stay.
 * @throws ArchiveError `dossier/not-found`, `material/not-found`, `determination/own-dossier`, `mark/none` (caller)
 */
export function markAssertion(archive: Archive, desk: Desk, dossierId: string, input: AssertionMarking): Promise<void> {
  const { materialId, fact, mark, reason } = input;
  const { accountId } = desk.actor;
  return desk.act('material.change', async (tx, scope) => {
    const { place, materials, subjectId } = await readFiledDossier(tx, archive, scope, dossierId, true);
    await refuseOwnDossier(tx, desk, subjectId);
    if (!materials.some((m) => m.id === materialId)) throw new ArchiveError('material/not-found', 'caller');
    const before = (await readMarks(tx, dossierId)).find((m) => m.material_id === materialId && m.fact === fact);
    if (!before && mark === null) throw new ArchiveError('mark/none', 'caller');
    const changed = before ? [await tx.watch('assertion_mark', [before.id])] : [];
    const [entryId, id, nowMs] = [desk.clock.newId(), desk.clock.newId(), desk.clock.nowMs()];
    if (before) await tx.query('update assertion_mark set ended_by = $2, ended_at_ms = $3 where id = $1', [before.id, accountId, nowMs]);
    if (mark !== null) changed.push(await layMark(tx, desk, dossierId, { materialId, fact, mark, reason }, { id, entryId, nowMs }));
    const kind = mark === null ? 'assertion.unmarked' : 'assertion.marked';
    const params = { fact, ...(mark === null ? {} : { mark }) };
    await tx.log({ id: entryId, kind, place, dossierId, objectId: materialId, params, changed });
  });
}
