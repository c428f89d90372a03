import type { Archive } from '../archive/index.ts';
import { type DeskTx, madeObjects, type Watched } from '../desk/index.ts';
import { type CheckRow, readChecks, readLastChecks, sealCheckWords } from './check-rows.ts';

type Parts = Pick<Archive, 'clock' | 'sealer'>;

/** What an act did to the cataloguing of a dossier's confirmed materials. */
export interface Recatalogued {
  readonly dossierId: string;
  /** Confirmed before the act, and catalogued otherwise by it. */
  readonly before: readonly string[];
  /** Confirmed now, and catalogued otherwise before. */
  readonly confirmed: readonly string[];
  /** Who acts; null: the archive itself. */
  readonly accountId: string | null;
  readonly entryId: string;
  /** Whether two persons are asked for here. */
  readonly required: boolean;
  /** The act takes another back: it says nothing of its own of what it brings back. */
  readonly isUndo: boolean;
}

/**
 * Ends what was decided of materials that are catalogued otherwise now, and has what is confirmed wait for another person. INVARIANT: nothing that was
 * put into a material since it was last passed is forgotten: who put it there stays among those who may not pass it alone.
 * The caller holds the dossier's row. Returns the objects that changed, for the act's entry.
 */
export async function reopenChecks(tx: DeskTx, parts: Parts, act: Recatalogued): Promise<Watched[]> {
  const changed = [...new Set([...act.before, ...act.confirmed])];
  if (!changed.length) return [];
  const rows = await readChecks(tx, changed, true);
  const watched = [await overtake(tx, parts, [...rows.values()])];
  const { accountId } = act;
  if (!act.required || accountId === null || !act.confirmed.length) return watched;
  const last = act.isUndo ? await readLastChecks(tx, act.confirmed) : rows;
  const firsts = (materialId: string) => firstsAfter(rows.get(materialId) ?? last.get(materialId), materialId, act, accountId);
  const checks = act.confirmed.map((materialId) => ({ ...firsts(materialId), materialId, answer: null }));
  watched.push(await insertWaiting(tx, parts, checks, act));
  return watched;
}

interface Firsts {
  readonly firstBy: readonly string[];
  readonly firstUnknown: boolean;
}

/** Whether the row, in force or overtaken, was passed. */
const wasPassed = (row: CheckRow) => row.second_by !== null && row.words === null;

function firstsAfter(row: CheckRow | undefined, materialId: string, { before, isUndo }: Recatalogued, accountId: string): Firsts {
  // Confirmed anew: who confirms answers for the whole. Passed: all that was there has been looked at by somebody else.
  const isAnew = !isUndo && !before.includes(materialId);
  if (isAnew || (row && wasPassed(row))) return { firstBy: [accountId], firstUnknown: false };
  return { firstBy: [...new Set([...(row?.first_by ?? []), accountId])], firstUnknown: row?.first_unknown ?? true };
}

/** Ends rows. */
async function overtake(tx: DeskTx, { clock }: Pick<Archive, 'clock'>, rows: readonly CheckRow[]): Promise<Watched> {
  const ids = rows.map((row) => row.id);
  const watched = await tx.watch('countercheck', ids);
  if (ids.length)
    await tx.query(`update countercheck set state = 'overtaken', ended_at_ms = $2 where id = any($1::uuid[])`, [ids, clock.nowMs()]);
  return watched;
}

interface NewCheck extends Firsts {
  readonly materialId: string;
  readonly answer: string | null;
}

async function insertWaiting(
  tx: DeskTx,
  { clock, sealer }: Parts,
  checks: readonly NewCheck[],
  { dossierId, entryId }: { readonly dossierId: string; readonly entryId: string },
): Promise<Watched> {
  const ids: string[] = [];
  for (const { materialId, firstBy, firstUnknown, answer } of checks) {
    const id = clock.newId();
    ids.push(id);
    await tx.query(
      `insert into countercheck (id, dossier_id, material_id, state, first_by, first_unknown, answer, created_at_ms, entry_id)
       values ($1, $2, $3, 'waiting', $4, $5, $6, $7, $8)`,
      [
        id,
        dossierId,
        materialId,
        firstBy,
        firstUnknown,
        sealCheckWords(sealer, 'answer', { id, dossierId }, answer),
        clock.nowMs(),
        entryId,
      ],
    );
  }
  return madeObjects('countercheck', ids);
}

/** One act of a person on checks of one dossier. */
export interface CheckAct {
  readonly dossierId: string;
  readonly accountId: string;
  readonly entryId: string;
}

/** What becomes of one material: decided by somebody else, or waiting for another than before. */
export type CheckDecision =
  | { readonly to: 'passed' }
  | { readonly to: 'returned'; readonly words: string }
  | ({ readonly to: 'waiting'; readonly answer: string | null } & Firsts);

/** Writes what becomes of a material whose row, if it has one, is locked. Returns the objects that changed. */
export async function decideCheck(
  tx: DeskTx,
  parts: Parts,
  { materialId, row, decision }: { readonly materialId: string; readonly row: CheckRow | undefined; readonly decision: CheckDecision },
  act: CheckAct,
): Promise<Watched[]> {
  if (decision.to === 'waiting') {
    const ended = row ? [await overtake(tx, parts, [row])] : [];
    return [...ended, await insertWaiting(tx, parts, [{ ...decision, materialId }], act)];
  }
  const { dossierId, accountId, entryId } = act;
  const words = decision.to === 'returned' ? decision.words : null;
  const nowMs = parts.clock.nowMs();
  if (row?.state === 'waiting') {
    const watched = await tx.watch('countercheck', [row.id]);
    const sealed = sealCheckWords(parts.sealer, 'words', { id: row.id, dossierId }, words);
    await tx.query(
      `update countercheck set state = $2, second_by = $3, decided_at_ms = $4, words = $5, decision_entry_id = $6 where id = $1`,
      [row.id, decision.to, accountId, nowMs, sealed, entryId],
    );
    return [watched];
  }
  // What was decided stays as it was, and what nothing was kept of begins here.
  const ended = row ? [await overtake(tx, parts, [row])] : [];
  const id = parts.clock.newId();
  await tx.query(
    `insert into countercheck (id, dossier_id, material_id, state, first_by, first_unknown, created_at_ms, entry_id, second_by, decided_at_ms, words, decision_entry_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7, $10, $8)`,
    [
      ...[id, dossierId, materialId, decision.to, row?.first_by ?? [], row?.first_unknown ?? true],
      ...[nowMs, entryId, accountId, sealCheckWords(parts.sealer, 'words', { id, dossierId }, words)],
    ],
  );
  return [...ended, madeObjects('countercheck', [id])];
}
