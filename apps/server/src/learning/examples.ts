import { kindOfTitle, type Stood } from '@lantai/proposals/learning';
import type { Archive, KeyRef } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import type { Trace } from './traces.ts';

/** A material as an act leaves it: what a person says of what was proposed. */
export interface SettledMaterial {
  readonly materialId: string;
  readonly pages: readonly string[];
  /** Null: nobody has confirmed it, or has taken that back. */
  readonly stood: { readonly classCode: string; readonly title: string } | null;
}

const keyOf = (dossierId: string): KeyRef => ({ kind: 'dossier', id: dossierId });
const placeOf = (column: 'body' | 'stood', materialId: string) => ({ table: 'learning_example', column, rowId: materialId, version: 1 });

/** Keeps what was proposed of materials that the same transaction made, each sealed under the dossier's key. */
export async function keepExamples(
  tx: Tx,
  { sealer, clock }: Pick<Archive, 'sealer' | 'clock'>,
  dossierId: string,
  laid: ReadonlyMap<string, Trace>,
  entryId: string,
): Promise<void> {
  if (!laid.size) return;
  const rows = [...laid];
  await tx.query(
    `insert into learning_example (material_id, dossier_id, body, laid_at_ms, entry_id)
     select t.id, $2, t.body, $4, $5 from unnest($1::uuid[], $3::bytea[]) as t(id, body) on conflict (material_id) do nothing`,
    [
      rows.map(([id]) => id),
      dossierId,
      rows.map(([id, trace]) => sealer.seal(keyOf(dossierId), placeOf('body', id), JSON.stringify(trace))),
      clock.nowMs(),
      entryId,
    ],
  );
}

interface Row {
  readonly material_id: string;
  readonly body: Uint8Array;
}

/**
 * Says of proposed materials what stands of them now, or that nothing is settled any more. Of a material that begins with another page than was
 * proposed nothing is learned. Returns how many were settled.
 */
export async function settleExamples(
  tx: Tx,
  archive: Pick<Archive, 'sealer' | 'clock'>,
  dossierId: string,
  materials: readonly SettledMaterial[],
): Promise<number> {
  if (!materials.length) return 0;
  const rows = await tx.query<Row>(
    'select material_id, body from learning_example where material_id = any($1::uuid[]) order by material_id for no key update',
    [materials.map((m) => m.materialId)],
  );
  const by = new Map(materials.map((m) => [m.materialId, m]));
  const settled = rows.map((row) => {
    const { pages, stood } = by.get(row.material_id)!;
    const trace = openTrace(archive, dossierId, row);
    const kept: Stood | null =
      stood && pages[0] === trace.firstPage ? { classCode: stood.classCode, title: kindOfTitle(stood.title) } : null;
    const isSame = kept?.classCode === trace.ruled.classCode && kept?.title === trace.ruled.title;
    return { id: row.material_id, kept, corrected: kept && !isSame };
  });
  await tx.query(
    `update learning_example e set stood = t.stood, settled_at_ms = case when t.stood is null then null else $4::bigint end, corrected = t.corrected
     from unnest($1::uuid[], $2::bytea[], $3::boolean[]) as t(id, stood, corrected) where e.material_id = t.id`,
    [
      settled.map((s) => s.id),
      settled.map((s) => archive.sealer.seal(keyOf(dossierId), placeOf('stood', s.id), s.kept && JSON.stringify(s.kept))),
      settled.map((s) => s.corrected),
      archive.clock.nowMs(),
    ],
  );
  return settled.filter((s) => s.kept).length;
}

function openTrace({ sealer }: Pick<Archive, 'sealer'>, dossierId: string, { material_id, body }: Row): Trace {
  return JSON.parse(sealer.get(keyOf(dossierId), placeOf('body', material_id), body)) as Trace;
}

/** An example as a training reads it. */
export interface OpenedExample {
  readonly materialId: string;
  readonly dossierId: string;
  readonly trace: Trace;
  readonly stood: Stood | null;
  readonly corrected: boolean;
  readonly atMs: number;
}

/** A row of `learning_example` as {@link openExample} takes it. */
export interface ExampleRow extends Row {
  readonly dossier_id: string;
  readonly stood: Uint8Array | null;
  readonly corrected: boolean | null;
  readonly settled_at_ms: number | null;
  readonly laid_at_ms: number;
}

/** Opens an example. @throws ArchiveError `column/corrupt` (corruption) */
export function openExample(archive: Pick<Archive, 'sealer'>, row: ExampleRow): OpenedExample {
  const { material_id: materialId, dossier_id: dossierId } = row;
  const stood = archive.sealer.open(keyOf(dossierId), placeOf('stood', materialId), row.stood);
  return {
    materialId,
    dossierId,
    trace: openTrace(archive, dossierId, row),
    stood: stood === null ? null : (JSON.parse(stood) as Stood),
    corrected: row.corrected ?? false,
    atMs: row.settled_at_ms ?? row.laid_at_ms,
  };
}
