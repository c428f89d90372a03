import { itemsAt, judgeMetadata, type PropertyItem, type PropertyOutcome, resultOf } from '@lantai/catalogue/properties';
import { ArchiveError, isArchiveError, utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { deskTx, policyInForce } from '../desk/index.ts';
import {
  CHECK_COLUMNS,
  type CheckRow,
  type CheckStandards,
  FINDINGS_KEPT,
  type KeptItem,
  type KeptResults,
  loadCheckStandards,
  sealResults,
} from '../filing-check/index.ts';
import { askVersion } from './clamd.ts';
import { type DossierRows, findDossierRows } from './dossier-rows.ts';
import { type ExaminedObject, examineObject } from './examine-objects.ts';
import { type ComparedStates, compareStates, judgeFixity, judgeProcess } from './judge-entries.ts';
import { judgeObjects, unscannedCode } from './judge-objects.ts';
import { type OpenedEvidence, openEvidence } from './open-evidence.ts';

/** Objects examined at once: as many as there are decoders. */
const AT_ONCE = 2;
const PROGRESS_EVERY = 10;
const VERSION_TIMEOUT_MS = 10_000;

/** Everything that the items look at, gathered once. */
interface Gathered {
  readonly archive: Archive;
  readonly rows: DossierRows;
  readonly objects: readonly ExaminedObject[];
  readonly opened: OpenedEvidence;
  readonly states: ComparedStates;
  readonly standards: CheckStandards;
  readonly scanner: { readonly version: string } | { readonly code: string } | null;
}

/** How an item ended: it ran, or it did not and says why. */
type Ran = PropertyOutcome | { readonly skipped: string } | { readonly ask: string };

/**
 * The job of a four-property check: gathers, judges every item of the moment, keeps the results. Idempotent: a check that has ended is left alone.
 * CRASH: before the commit nothing is kept, and the check begins anew; after it the job finds it done. On the last try what went wrong is kept as
 * the reason why it stopped: a check that did not end is never one that passed.
 */
export async function runPropertyCheck(archive: Archive, checkId: string, isLastTry = false): Promise<void> {
  const sql = archive.db.system('properties');
  const row = await sql.one<CheckRow>(`select ${CHECK_COLUMNS} from property_check c where c.id = $1 and c.state = 'running'`, [checkId]);
  if (!row) return;
  try {
    const items = await checkDossier(archive, row);
    await keepResults(archive, row, items);
  } catch (error) {
    if (isLastTry) await stopCheck(archive, row, isArchiveError(error) ? error.code : 'job/crashed');
    throw error;
  }
}

async function checkDossier(archive: Archive, row: CheckRow): Promise<{ readonly rows: DossierRows; readonly items: readonly KeptItem[] }> {
  const standards = loadCheckStandards(archive.config);
  // One moment: whoever arranges the dossier meanwhile makes no fault of it.
  const { rows, opened, states } = await archive.db.system('properties').tx(async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    const found = await findDossierRows(tx, row.dossier_id);
    if (!found) throw new ArchiveError('dossier/not-found', 'caller');
    const { utcOffsetMinutes } = await policyInForce(tx);
    const evidence = await openEvidence(archive, tx, found, utcOffsetMinutes);
    return { rows: found, opened: evidence, states: await compareStates(archive, tx, found) };
  });
  const objects = await examineAll(archive, row.id, rows);
  const { clamd } = archive.config;
  const scanner = clamd && (await askVersion(clamd, VERSION_TIMEOUT_MS));
  const gathered: Gathered = { archive, rows, objects, opened, states, standards, scanner };
  const items: KeptItem[] = [];
  for (const { printed, item } of itemsAt(standards.items, row.moment)) items.push(keepItem(printed, item, await runItem(gathered, item)));
  return { rows, items };
}

/** Each object once, a few at a time. */
async function examineAll(archive: Archive, checkId: string, { objects }: DossierRows): Promise<ExaminedObject[]> {
  const sql = archive.db.system('properties');
  await sql.query('update property_check set total = $2, done = 0 where id = $1', [checkId, objects.length]);
  const examined: ExaminedObject[] = new Array(objects.length);
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let at = next++; at < objects.length; at = next++) {
      examined[at] = await examineObject(archive, objects[at]!);
      if (++done % PROGRESS_EVERY === 0) await sql.query('update property_check set done = $2 where id = $1', [checkId, done]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return examined;
}

async function runItem(g: Gathered, { check }: PropertyItem): Promise<Ran> {
  const { archive, rows, objects, opened, standards } = g;
  if (check === 'person') return { ask: 'four/ask-person' };
  // Packages are made and taken in by later issues (移交); until then there is none to look at.
  if (check === 'package') return { skipped: 'four/no-package' };
  if (check === 'scanner') return runScanner(g);
  if (check === 'process') return judgeProcess(rows);
  if (check === 'fixity') return judgeFixity(archive, rows, objects, g.states);
  if (check === 'readable')
    return { checked: opened.opened + opened.unreadable.length, findings: opened.unreadable, measured: { values: opened.opened } };
  const isOfFiles = ['attributes', 'bytes', 'whole', 'format', 'longterm', 'malware', 'surplus'].includes(check);
  if (isOfFiles && !objects.length) return { skipped: 'four/no-files' };
  const ran = judgeObjects(check, { rows, objects }, standards.items) ?? judgeMetadata(check, opened.evidence, standards);
  if (!ran) return { skipped: 'four/not-made' };
  // INVARIANT: where there was nothing to look at nothing was shown to hold.
  if (!ran.checked && !ran.findings.length) return { skipped: 'four/nothing-there' };
  // What was found is told even where the scanner did not look at everything.
  const unscanned = check === 'malware' ? unscannedCode(objects) : null;
  return unscanned && !ran.findings.length ? { skipped: unscanned } : ran;
}

/** 4-1: a scanner that answers; where none is configured a person says what else is installed. */
function runScanner({ scanner, rows }: Gathered): Ran {
  if (!scanner) return { ask: 'four/ask-scanner' };
  if ('version' in scanner) return { checked: 1, findings: [], measured: { version: scanner.version } };
  return {
    checked: 1,
    findings: [
      { code: 'four/scanner-silent', weight: 'fail', object: { kind: 'dossier', id: rows.dossier.id }, params: { code: scanner.code } },
    ],
    measured: {},
  };
}

/** INVARIANT: only what ran gets pass, warn or fail. */
function keepItem(printed: string, { code }: PropertyItem, ran: Ran): KeptItem {
  const none = { checked: 0, measured: {}, findings: [], findingCount: 0 };
  if ('skipped' in ran) return { code, printed, result: 'skipped', reason: ran.skipped, ...none };
  if ('ask' in ran) return { code, printed, result: 'manual', reason: ran.ask, ...none };
  const { checked, measured, findings } = ran;
  const worst = [...findings].sort((a, b) => (a.weight === b.weight ? 0 : a.weight === 'fail' ? -1 : 1));
  return {
    code,
    printed,
    result: resultOf(ran),
    reason: null,
    checked,
    measured,
    findings: worst.slice(0, FINDINGS_KEPT),
    findingCount: findings.length,
  };
}

async function keepResults(
  archive: Archive,
  row: CheckRow,
  { rows, items }: { readonly rows: DossierRows; readonly items: readonly KeptItem[] },
): Promise<void> {
  const results: KeptResults = { form: 1, items };
  const text = JSON.stringify(results);
  const count = (result: KeptItem['result']) => items.filter((i) => i.result === result).length;
  const { fonds_id: fondsId, unit_id: unitId, category, level, version, changed_at_ms: changedAtMs } = rows.dossier;
  await archive.db.system('properties').tx(async (raw) => {
    const tx = deskTx(raw, archive, row.made_by, 'archive_work');
    const entryId = archive.clock.newId();
    const kept = await tx.execute(
      `update property_check set state = 'done', results = $2, done = total, ended_at_ms = $3, result_entry_id = $4,
         dossier_version = $5, dossier_changed_at_ms = $6
       where id = $1 and state = 'running'`,
      [row.id, sealResults(archive.sealer, row, text), archive.clock.nowMs(), entryId, version, changedAtMs],
    );
    // The same job twice, and the other was first.
    if (!kept) return;
    await tx.log({
      id: entryId,
      kind: 'properties.checked',
      place: { fondsId, unitId, category, level },
      dossierId: row.dossier_id,
      objectId: row.id,
      contentSha256: archive.sealer.primitives.hash('sha256', utf8(text)),
      params: {
        moment: row.moment,
        standard: row.standard,
        version,
        ...{ passed: count('pass'), failed: count('fail'), warned: count('warn'), manual: count('manual'), skipped: count('skipped') },
      },
    });
  });
}

async function stopCheck(archive: Archive, row: CheckRow, code: string): Promise<void> {
  await archive.db.system('properties').tx(async (raw) => {
    const tx = deskTx(raw, archive, row.made_by, 'archive_work');
    const stopped = await tx.execute(
      `update property_check set state = 'stopped', code = $2, ended_at_ms = $3 where id = $1 and state = 'running'`,
      [row.id, code, archive.clock.nowMs()],
    );
    if (stopped) await tx.log({ kind: 'properties.check-stopped', dossierId: row.dossier_id, objectId: row.id, params: { code } });
  });
}
