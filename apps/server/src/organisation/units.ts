import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import { type Desk, type DeskTx, madeObjects } from '../desk/index.ts';

const FONDS_CODE = /^[A-Z][0-9]{3}$/;
const UNIT_CODE = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u;
const NAME_CHARS_MAX = 100;

/** A unit, named once it is opened. */
export interface NewUnit {
  readonly code: string;
  readonly name: string;
  readonly fondsId: string;
  /** The unit above it; every fonds has one root. */
  readonly parentId: string;
}

interface UnitRow {
  readonly id: string;
  readonly fonds_id: string;
  readonly parent_id: string | null;
  readonly merged_into: string | null;
}

/** One change of the tree at a time: what is checked of it stays so until the commit. */
export const lockTree = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('lantai units'))`);

/** A unit that is still one. @throws ArchiveError `unit/not-found` (caller) */
export async function getUnit(tx: Tx, unitId: string): Promise<UnitRow> {
  const row = await tx.one<UnitRow>('select id, fonds_id, parent_id, merged_into from unit where id = $1', [unitId]);
  if (!row || row.merged_into !== null) throw new ArchiveError('unit/not-found', 'caller');
  return row;
}

function checkName(code: string, form: RegExp, name: string): void {
  if (!form.test(code)) throw new ArchiveError('unit/code-malformed', 'caller');
  checkUnitName(name);
}

function checkUnitName(name: string): void {
  if (!name.trim() || [...name].length > NAME_CHARS_MAX) throw new ArchiveError('unit/name-malformed', 'caller', { max: NAME_CHARS_MAX });
}

const sealedName = ({ sealer }: Pick<Archive, 'sealer'>, fondsId: string, table: 'fonds' | 'unit', rowId: string, name: string) =>
  sealer.seal({ kind: 'fonds', id: fondsId }, { table, column: 'name', rowId, version: 1 }, name.trim());

/**
 * Founds an organisation with its fonds and root unit, below another or at the top.
 * @throws ArchiveError `unit/code-malformed`, `unit/name-malformed`, `fonds/not-found`, `fonds/code-taken` (caller)
 */
export async function createOrganisation(
  archive: Archive,
  desk: Desk,
  input: { readonly code: string; readonly name: string; readonly parentId: string | null },
): Promise<{ fondsId: string; unitId: string }> {
  desk.scope('organisation.change');
  checkName(input.code, FONDS_CODE, input.name);
  const [fondsId, unitId] = [archive.clock.newId(), archive.clock.newId()];
  await archive.keys.createMany([{ kind: 'fonds', id: fondsId, parent: null }]);
  // CRASH: a key that no row uses; fsck lists it as left over.
  await desk.act('organisation.change', async (tx) => {
    await lockTree(tx);
    if (input.parentId && !(await tx.one('select id from fonds where id = $1', [input.parentId])))
      throw new ArchiveError('fonds/not-found', 'caller');
    const rows = await tx.query(
      'insert into fonds (id, code, name, created_at_ms, parent_id) values ($1, $2, $3, $4, $5) on conflict (code) do nothing returning id',
      [fondsId, input.code, sealedName(archive, fondsId, 'fonds', fondsId, input.name), archive.clock.nowMs(), input.parentId],
    );
    if (!rows.length) throw new ArchiveError('fonds/code-taken', 'caller');
    await tx.query(`insert into unit (id, fonds_id, code, name) values ($1, $2, 'ROOT', $3)`, [
      unitId,
      fondsId,
      sealedName(archive, fondsId, 'unit', unitId, input.name),
    ]);
    await tx.log({
      kind: 'organisation.founded',
      objectId: fondsId,
      params: input.parentId ? { above: input.parentId } : {},
      changed: [madeObjects('fonds', [fondsId]), madeObjects('unit', [unitId])],
    });
  });
  return { fondsId, unitId };
}

/** Adds a unit. @throws ArchiveError `unit/not-found`, `unit/code-taken`, `unit/code-malformed`, `unit/name-malformed` (caller) */
export function createUnit(archive: Archive, desk: Desk, input: NewUnit): Promise<string> {
  return desk.act('organisation.change', async (tx) => {
    await lockTree(tx);
    return insertUnit(tx, archive, input);
  });
}

/** Adds a unit in a transaction that holds the tree. */
export async function insertUnit(tx: DeskTx, archive: Archive, input: NewUnit): Promise<string> {
  checkName(input.code, UNIT_CODE, input.name);
  const parent = await getUnit(tx, input.parentId);
  if (parent.fonds_id !== input.fondsId) throw new ArchiveError('unit/not-found', 'caller');
  const id = archive.clock.newId();
  const rows = await tx.query(
    'insert into unit (id, fonds_id, parent_id, code, name) values ($1, $2, $3, $4, $5) on conflict (fonds_id, code) do nothing returning id',
    [id, input.fondsId, input.parentId, input.code, sealedName(archive, input.fondsId, 'unit', id, input.name)],
  );
  if (!rows.length) throw new ArchiveError('unit/code-taken', 'caller');
  await tx.log({ kind: 'unit.created', objectId: id, params: { above: input.parentId }, changed: [madeObjects('unit', [id])] });
  return id;
}

/** Gives a unit another name in a transaction that holds the tree. @throws ArchiveError `unit/not-found`, `unit/name-malformed` (caller) */
export async function renameUnitIn(tx: DeskTx, archive: Archive, unitId: string, name: string): Promise<void> {
  const unit = await getUnit(tx, unitId);
  checkUnitName(name);
  const changed = [await tx.watch('unit', [unitId])];
  await tx.query('update unit set name = $2, version = version + 1 where id = $1', [
    unitId,
    sealedName(archive, unit.fonds_id, 'unit', unitId, name),
  ]);
  await tx.log({ kind: 'unit.renamed', objectId: unitId, changed });
}
