import { type FieldForm, type KeyFactCode, readField } from '@lantai/catalogue';
import { ArchiveError, findPartialDate, normaliseIdNumber } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type FiledDossier, readFiledDossier } from '../catalogue/index.ts';
import { type Desk, type DeskTx, madeObjects } from '../desk/index.ts';
import { samePersonSql } from '../organisation/index.ts';
import { type DeterminationBody, findDetermination, getDossierOf, sealDetermination } from './determination-rows.ts';

/** What somebody proposes to determine. */
export interface NewDetermination extends DeterminationBody {
  readonly fact: KeyFactCode;
}

const TEXT: FieldForm = { kind: 'text', longest: 200 };
const DATE: FieldForm = { kind: 'date' };
const FORMS: Partial<Record<KeyFactCode, FieldForm>> = { birthDate: DATE, workStart: DATE, partyDate: DATE };

/**
 * Proposes a determination (认定初审). It settles nothing before another person confirms it; one at a time waits for each fact.
 * @throws ArchiveError `dossier/not-found`, `determination/own-dossier`, `determination/waiting`, `determination/value`,
 *   `determination/material`, `determination/future` (caller)
 */
export function proposeDetermination(archive: Archive, desk: Desk, dossierId: string, input: NewDetermination): Promise<string> {
  return desk.act('material.change', async (tx, scope) => {
    const dossier = await readFiledDossier(tx, archive, scope, dossierId, true);
    await refuseOwnDossier(tx, desk, dossier.subjectId);
    const { fact, ...rest } = input;
    const body: DeterminationBody = { ...rest, value: readValue(fact, rest.value) };
    checkBasis(archive, dossier, body);
    const waits = await tx.one(`select 1 as one from determination where dossier_id = $1 and fact = $2 and state = 'proposed'`, [
      dossierId,
      fact,
    ]);
    if (waits) throw new ArchiveError('determination/waiting', 'caller');
    const [id, entryId] = [desk.clock.newId(), desk.clock.newId()];
    await tx.query(
      `insert into determination (id, dossier_id, fact, state, body, made_by, created_at_ms, entry_id) values ($1, $2, $3, 'proposed', $4, $5, $6, $7)`,
      [
        ...[id, dossierId, fact, sealDetermination(desk.sealer, 'body', { id, dossierId }, JSON.stringify(body))],
        ...[desk.actor.accountId, desk.clock.nowMs(), entryId],
      ],
    );
    const changed = [madeObjects('determination', [id])];
    const params = { fact, materials: body.materialIds.length };
    await tx.log({ id: entryId, kind: 'determination.proposed', place: dossier.place, dossierId, objectId: id, params, changed });
    return id;
  });
}

/**
 * Takes back what one has proposed oneself, until it is decided.
 * @throws ArchiveError `determination/not-found`, `determination/decided` (caller)
 */
export function withdrawDetermination(archive: Archive, desk: Desk, determinationId: string): Promise<void> {
  return desk.act('material.change', async (tx, scope) => {
    const { place } = await readFiledDossier(tx, archive, scope, await getDossierOf(tx, scope, determinationId), true);
    const row = await findDetermination(tx, determinationId, desk.actor.accountId);
    if (row?.made_by !== desk.actor.accountId) throw new ArchiveError('determination/not-found', 'caller');
    if (row.state !== 'proposed') throw new ArchiveError('determination/decided', 'caller');
    const changed = [await tx.watch('determination', [row.id])];
    await tx.query(`update determination set state = 'withdrawn' where id = $1`, [row.id]);
    const params = { fact: row.fact };
    await tx.log({ kind: 'determination.withdrawn', place, dossierId: row.dossier_id, objectId: row.id, params, changed });
  });
}

/**
 * INVARIANT: nobody takes part in determining the own facts, in no role and in a trial archive neither, under another account neither.
 * @throws ArchiveError `determination/own-dossier` (caller)
 */
export async function refuseOwnDossier(tx: DeskTx, desk: Desk, subjectId: string): Promise<void> {
  const own = await tx.one(
    `select 1 as one from subject_tie own join subject who on who.id = own.subject_id join subject about on about.id = $2
     where (who.id = about.id or who.id_number_token = about.id_number_token) and ${samePersonSql('$1::uuid', 'own.account_id')} limit 1`,
    [desk.actor.accountId, subjectId],
  );
  if (own) throw new ArchiveError('determination/own-dossier', 'caller');
}

function readValue(fact: KeyFactCode, typed: string): string {
  const form = FORMS[fact] ?? TEXT;
  const outcome = readField({ code: fact, name: { zh: fact, en: fact }, place: 'material', classCodes: [], required: true, form }, typed);
  const value = 'value' in outcome ? outcome.value : null;
  // A month is what counts: a year alone determines nothing.
  if (value === null || (form.kind === 'date' && findPartialDate(value)?.month === undefined))
    throw new ArchiveError('determination/value', 'caller');
  return fact === 'idNumber' ? normaliseIdNumber(value) : value;
}

function checkBasis(archive: Archive, { materials }: FiledDossier, { materialIds, decidedOn }: DeterminationBody): void {
  if (materialIds.some((id) => !materials.some((m) => m.id === id))) throw new ArchiveError('determination/material', 'caller');
  if (!findPartialDate(decidedOn)?.day) throw new ArchiveError('date/malformed', 'caller');
  // A day ahead, for whoever signs east of the server's day.
  const tomorrow = new Date(archive.clock.nowMs() + 24 * 60 * 60_000).toISOString().slice(0, 10);
  if (decidedOn > tomorrow) throw new ArchiveError('determination/future', 'caller');
}
