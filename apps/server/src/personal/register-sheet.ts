import { utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
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

const time = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());

/**
 * A register as CSV: codes, dossier codes, opaque ids and times in UTC; never a person's name. An entry vouches for its bytes.
 * @throws ArchiveError `desk/not-allowed` (caller)
 */
export async function exportRegister(
  archive: Archive,
  desk: Desk,
  register: RegisterName,
  within: { readonly fromMs: number; readonly toMs: number },
): Promise<Uint8Array> {
  desk.scope('processing.read');
  const bytes = await writeRegister(archive, desk, register, within);
  // INVARIANT: what could not be written into the log is not handed out.
  await logExport(archive, desk, register, bytes);
  return bytes;
}

async function writeRegister(
  archive: Archive,
  desk: Desk,
  register: RegisterName,
  within: { readonly fromMs: number; readonly toMs: number },
): Promise<Uint8Array> {
  const during = <T>(lines: readonly T[], at: (line: T) => number): T[] =>
    lines.filter((line) => at(line) >= within.fromMs && at(line) < within.toMs);
  switch (register) {
    case 'processing':
      return writeCsv(
        ['code', 'name', 'basis', 'kinds', 'sensitive', 'retention', 'recipients', 'dossiers', 'restricted', 'consents', 'assessed'],
        (await listProcessing(desk)).map((l) => ({ ...l, name: l.name.zh, consents: l.consentsInForce, assessed: time(l.assessedAtMs) })),
      );
    case 'provision':
      return writeCsv(
        ['at', 'kind', 'dossier', 'actor', 'purpose', 'entry'],
        (await listProvisions(desk, within)).map((l) => ({
          at: time(l.atMs),
          kind: l.kind,
          dossier: l.dossierCode,
          actor: l.actorId,
          purpose: l.purpose,
          entry: l.entryId,
        })),
      );
    case 'destruction':
      return writeCsv(
        ['dossier', 'category', 'ground', 'approved', 'second', 'intended', 'done', 'pages', 'objects', 'backups'],
        during(await listDestructions(desk), (l) => l.intendedAtMs).map((l) => ({
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
      );
    case 'assessment':
      return writeCsv(
        ['id', 'occasion', 'purpose', 'title', 'conclusion', 'made', 'keep', 'replaces'],
        during(await listAssessments(archive, desk), (l) => l.madeAtMs).map((l) => ({
          id: l.id,
          occasion: l.occasion,
          purpose: l.purposeCode,
          title: l.title,
          conclusion: l.conclusion,
          made: time(l.madeAtMs),
          keep: time(l.keepUntilMs),
          replaces: l.replaces,
        })),
      );
    case 'breach':
      return writeCsv(
        ['id', 'drill', 'title', 'found', 'persons', 'authorityDue', 'authorityTold', 'personsDue', 'personsTold', 'closed'],
        during(await listBreaches(archive, desk), (l) => l.foundAtMs).map((l) => ({
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
      );
    case 'request':
      return writeCsv(
        ['id', 'dossier', 'kind', 'state', 'way', 'received', 'due', 'extended', 'ground', 'decided', 'ended'],
        during(
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
      );
    case 'consent':
      return writeCsv(
        ['id', 'dossier', 'notice', 'version', 'kind', 'way', 'given', 'withdrawn', 'outdated'],
        during(await listConsents(archive, desk), (l) => l.givenAtMs).map((l) => ({
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
      );
  }
}
