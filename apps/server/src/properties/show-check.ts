import { type PropertyItem, type PropertyVerdict, verdictOf } from '@lantai/catalogue/properties';
import type { PropertyCheck, PropertyCheckSummary } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { findHead } from '../catalogue/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import {
  type AnswerRow,
  CHECK_COLUMNS,
  type CheckRow,
  type KeptItem,
  loadCheckStandards,
  openResults,
  openWords,
  readAnswers,
} from '../filing-check/index.ts';

/** Newest checks shown of a dossier. */
const LISTED_MAX = 50;

/** A check where the scope reaches its dossier. @throws ArchiveError `properties/not-found` (caller) */
export async function getCheckRow(tx: DeskTx, scope: Scope, checkId: string): Promise<CheckRow> {
  const seen = scopeSql(scope, 'd', 2);
  const row = await tx.one<CheckRow>(
    `select ${CHECK_COLUMNS} from property_check c join dossier d on d.id = c.dossier_id where c.id = $1 and ${seen.sql}`,
    [checkId, ...seen.params],
  );
  if (!row) throw new ArchiveError('properties/not-found', 'caller');
  return row;
}

/**
 * The four-property checks of a dossier, the newest first; an entry, since they tell what the dossier holds.
 * @throws ArchiveError `dossier/not-found`, `desk/not-allowed` (caller)
 */
export function listPropertyChecks(archive: Archive, desk: Desk, dossierId: string): Promise<PropertyCheckSummary[]> {
  return desk.act('dossier.read', async (tx, scope) => {
    const head = await findHead(tx, archive, scope, { id: dossierId });
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const rows = await tx.query<CheckRow>(
      `select ${CHECK_COLUMNS} from property_check c where c.dossier_id = $1 order by c.id desc limit ${LISTED_MAX}`,
      [dossierId],
    );
    const answers = await readAnswers(
      tx,
      rows.map((r) => r.id),
    );
    const names = await accountNames(
      archive,
      tx,
      rows.map((r) => r.made_by),
    );
    await tx.log({ kind: 'properties.opened', place: head.place, dossierId, params: { checks: rows.length } });
    return rows.map((row) => summaryOf(archive, row, answersOf(answers, row.id), names));
  });
}

/** One check with its items. @throws ArchiveError `properties/not-found`, `desk/not-allowed` (caller) */
export function readPropertyCheck(archive: Archive, desk: Desk, checkId: string): Promise<PropertyCheck> {
  return desk.act('dossier.read', async (tx, scope) => {
    const { view, head } = await viewCheck(archive, tx, scope, checkId);
    await tx.log({ kind: 'properties.opened', place: head.place, dossierId: view.dossierId, objectId: checkId });
    return view;
  });
}

/** A check as it is shown, with its dossier's head. The caller makes the entry. */
export async function viewCheck(archive: Archive, tx: DeskTx, scope: Scope, checkId: string) {
  const row = await getCheckRow(tx, scope, checkId);
  const head = await findHead(tx, archive, scope, { id: row.dossier_id });
  if (!head) throw new ArchiveError('properties/not-found', 'caller');
  const answers = await readAnswers(tx, [checkId]);
  const names = await accountNames(archive, tx, [row.made_by, ...answers.map((a) => a.made_by)]);
  const { items: definitions, ...standard } = loadCheckStandards(archive.config).items;
  const last = answersOf(answers, checkId);
  const view: PropertyCheck = {
    ...summaryOf(archive, row, last, names),
    standardName: { ...standard.name },
    source: standard.source,
    dossierCode: head.code,
    items: openResults(archive.sealer, row).map((item) => itemView(archive, item, definitions, last.get(item.printed), names)),
  };
  return { view, head };
}

/** The last answer of each item. */
const answersOf = (answers: readonly AnswerRow[], checkId: string): Map<string, AnswerRow> =>
  new Map(answers.filter((a) => a.check_id === checkId).map((a) => [a.item, a]));

/** What an item comes to with what a person said of it. */
const resultWith = (item: KeptItem, answer: AnswerRow | undefined) => answer?.result ?? item.result;

function summaryOf(
  archive: Archive,
  row: CheckRow,
  answers: ReadonlyMap<string, AnswerRow>,
  names: ReadonlyMap<string, string>,
): PropertyCheckSummary {
  const { items: definitions } = loadCheckStandards(archive.config).items;
  const items = openResults(archive.sealer, row);
  const results = items.map((item) => ({
    blocking: definitions.find((d) => d.code === item.code)?.blocking ?? true,
    result: resultWith(item, answers.get(item.printed)),
    answered: answers.has(item.printed),
  }));
  const count = (result: string) => results.filter((r) => r.result === result).length;
  const verdict: PropertyVerdict | null = row.state === 'done' ? verdictOf(results) : null;
  return {
    id: row.id,
    dossierId: row.dossier_id,
    moment: row.moment,
    standard: row.standard,
    state: row.state,
    code: row.code,
    total: row.total,
    done: row.done,
    verdict,
    counts: { pass: count('pass'), fail: count('fail'), warn: count('warn'), manual: count('manual'), skipped: count('skipped') },
    startedAtMs: row.created_at_ms,
    endedAtMs: row.ended_at_ms,
    startedByName: names.get(row.made_by) ?? '',
  };
}

function itemView(
  archive: Archive,
  item: KeptItem,
  definitions: readonly PropertyItem[],
  answer: AnswerRow | undefined,
  names: ReadonlyMap<string, string>,
): PropertyCheck['items'][number] {
  // An item that a later version of the file has dropped keeps its code.
  const definition = definitions.find((d) => d.code === item.code);
  return {
    code: item.printed,
    property: definition?.property ?? 'authenticity',
    name: definition ? { ...definition.name } : { zh: item.printed, en: item.printed },
    object: definition?.object ?? 'content',
    blocking: definition?.blocking ?? true,
    result: resultWith(item, answer),
    machine: item.result,
    reason: item.reason,
    checked: item.checked,
    measured: { ...item.measured },
    findings: item.findings.map((f) => ({ code: f.code, weight: f.weight, object: { ...f.object }, params: { ...f.params } })),
    findingCount: item.findingCount,
    answer: answer
      ? {
          result: answer.result,
          words: openWords(archive.sealer, answer),
          byName: names.get(answer.made_by) ?? '',
          atMs: answer.created_at_ms,
        }
      : null,
  };
}
