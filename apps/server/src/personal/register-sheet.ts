import { addSensitive, countSensitive, NOTHING_SENSITIVE, type SensitiveCounts } from '@lantai/search';
import { utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { checkLeave, type Leave } from '../masking/index.ts';
import { listAssessments } from './assessments.ts';
import { listBreaches } from './breaches.ts';
import { listConsents } from './consents.ts';
import { listDestructions, listProcessing, listProvisions, logExport } from './registers.ts';
import { listRequests } from './requests.ts';

export const REGISTERS = ['processing', 'provision', 'destruction', 'assessment', 'breach', 'request', 'consent'] as const;
export type RegisterName = (typeof REGISTERS)[number];

const BYTE_ORDER_MARK = '\ufeff';
/** A spreadsheet runs what begins like this; a mark before it makes it text (OWASP CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** One cell of a CSV (RFC 4180), never a formula. */
export function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
  const safe = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV with a byte-order mark, so that spreadsheets read the Chinese; columns in the order of the first row's keys. */
export function writeCsv(columns: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  const lines = [columns, ...rows.map((row) => columns.map((c) => row[c]))].map((cells) => cells.map(csvCell).join(','));
  return utf8(`${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`);
}

/** A register laid out: columns, and rows by column. */
interface RegisterTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** How many rows leave, and what is sensitive in their words by kind. */
export type RegisterLeaving = SensitiveCounts & { readonly rows: number };

/** The archive's own statement of what it processes (个人信息保护法第十七条): it names kinds of information and no person. */
const STATEMENT: readonly string[] = ['name', 'kinds', 'retention', 'recipients'];
/** Ids and times, whose digits are nobody's. */
const OPAQUE = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/;

function countTable(register: RegisterName, { columns, rows }: RegisterTable): SensitiveCounts {
  let counts = NOTHING_SENSITIVE;
  const counted = register === 'processing' ? columns.filter((column) => !STATEMENT.includes(column)) : columns;
  for (const row of rows)
    for (const column of counted) {
      const value = row[column];
      if (typeof value === 'string' && !OPAQUE.test(value)) counts = addSensitive(counts, countSensitive(value));
    }
  return counts;
}

const time = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());

type Within = { readonly fromMs: number; readonly toMs: number };

/** Counts what a register as CSV would take along; an entry. @throws ArchiveError `desk/not-allowed` (caller) */
export async function countRegister(archive: Archive, desk: Desk, register: RegisterName, within: Within): Promise<RegisterLeaving> {
  desk.scope('processing.read');
  const table = await layRegister(archive, desk, register, within);
  const leaving = { rows: table.rows.length, ...countTable(register, table) };
  await desk.act('processing.read', (tx) => tx.log({ kind: 'register.counted', params: { register, ...leaving } }));
  return leaving;
}

/**
 * A register as CSV: codes, dossier codes, opaque ids and times in UTC; never a person's name. An entry vouches for its bytes.
 * @param leave what was counted and confirmed ({@link countRegister}); null lets go what holds nothing sensitive
 * @throws ArchiveError `desk/not-allowed`, `export/…` (caller)
 */
export async function exportRegister(
  archive: Archive,
  desk: Desk,
  register: RegisterName,
  { leave, ...within }: Within & { readonly leave: Leave<RegisterLeaving> | null },
): Promise<Uint8Array> {
  desk.scope('processing.read');
  const table = await layRegister(archive, desk, register, within);
  const counts = countTable(register, table);
  checkLeave(leave, { rows: table.rows.length }, counts);
  const bytes = writeCsv(table.columns, table.rows);
  // INVARIANT: what could not be written into the log is not handed out.
  await logExport(archive, desk, register, bytes, { rows: table.rows.length, ...counts }, leave?.reason ?? '');
  return bytes;
}

async function layRegister(archive: Archive, desk: Desk, register: RegisterName, within: Within): Promise<RegisterTable> {
  const during = <T>(lines: readonly T[], at: (line: T) => number): T[] =>
    lines.filter((line) => at(line) >= within.fromMs && at(line) < within.toMs);
  switch (register) {
    case 'processing':
      return {
        columns: [
          'code',
          'name',
          'basis',
          'kinds',
          'sensitive',
          'retention',
          'recipients',
          'dossiers',
          'restricted',
          'consents',
          'assessed',
        ],
        rows: (await listProcessing(desk)).map((l) => ({
          ...l,
          name: l.name.zh,
          consents: l.consentsInForce,
          assessed: time(l.assessedAtMs),
        })),
      };
    case 'provision':
      return {
        columns: ['at', 'kind', 'dossier', 'actor', 'purpose', 'entry'],
        rows: (await listProvisions(desk, within)).map((l) => ({
          at: time(l.atMs),
          kind: l.kind,
          dossier: l.dossierCode,
          actor: l.actorId,
          purpose: l.purpose,
          entry: l.entryId,
        })),
      };
    case 'destruction':
      return {
        columns: ['dossier', 'category', 'ground', 'approved', 'second', 'intended', 'done', 'pages', 'objects', 'backups'],
        rows: during(await listDestructions(desk), (l) => l.intendedAtMs).map((l) => ({
          dossier: l.code,
          category: l.category,
          ground: l.ground,
          approved: l.approvedBy,
          second: l.secondBy,
          intended: time(l.intendedAtMs),
          done: time(l.doneAtMs),
          pages: l.pages,
          objects: l.objects,
          backups: time(l.backupsUntilMs),
        })),
      };
    case 'assessment':
      return {
        columns: ['id', 'occasion', 'purpose', 'title', 'conclusion', 'made', 'keep', 'replaces'],
        rows: during(await listAssessments(archive, desk), (l) => l.madeAtMs).map((l) => ({
          id: l.id,
          occasion: l.occasion,
          purpose: l.purposeCode,
          title: l.title,
          conclusion: l.conclusion,
          made: time(l.madeAtMs),
          keep: time(l.keepUntilMs),
          replaces: l.replaces,
        })),
      };
    case 'breach':
      return {
        columns: ['id', 'drill', 'title', 'found', 'persons', 'authorityDue', 'authorityTold', 'personsDue', 'personsTold', 'closed'],
        rows: during(await listBreaches(archive, desk), (l) => l.foundAtMs).map((l) => ({
          id: l.id,
          drill: l.isDrill,
          title: l.title,
          found: time(l.foundAtMs),
          persons: l.personsCount,
          authorityDue: time(l.authorityDueMs),
          authorityTold: time(l.authorityToldAtMs),
          personsDue: time(l.personsDueMs),
          personsTold: time(l.personsToldAtMs),
          closed: time(l.closedAtMs),
        })),
      };
    case 'request':
      return {
        columns: ['id', 'dossier', 'kind', 'state', 'way', 'received', 'due', 'extended', 'ground', 'decided', 'ended'],
        rows: during(
          (await listRequests(archive, desk)).filter((l) => l.mayAnswer),
          (l) => l.receivedAtMs,
        ).map((l) => ({
          id: l.id,
          dossier: l.dossierCode,
          kind: l.kind,
          state: l.state,
          way: l.way,
          received: time(l.receivedAtMs),
          due: time(l.dueAtMs),
          extended: l.extended,
          ground: l.ground,
          decided: time(l.decidedAtMs),
          ended: time(l.endedAtMs),
        })),
      };
    case 'consent':
      return {
        columns: ['id', 'dossier', 'notice', 'version', 'kind', 'way', 'given', 'withdrawn', 'outdated'],
        rows: during(await listConsents(archive, desk), (l) => l.givenAtMs).map((l) => ({
          id: l.id,
          dossier: l.dossierCode,
          notice: l.noticeCode,
          version: l.noticeVersion,
          kind: l.kind,
          way: l.way,
          given: time(l.givenAtMs),
          withdrawn: time(l.withdrawnAtMs),
          outdated: l.isOutdated,
        })),
      };
  }
}
