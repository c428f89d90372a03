import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { writeBreachNotice } from './breach-notice.ts';
import { readLimit } from './limits.ts';
import { openBody, sealBody } from './sealed-body.ts';

const HOUR_MS = 60 * 60_000;

/** What the notice must say: 个人信息保护法第五十七条第一款. */
export interface BreachBody {
  readonly title: string;
  /** Kinds of data that leaked, were altered or lost, or may be. */
  readonly kinds: string;
  readonly cause: string;
  readonly harm: string;
  /** What the archive did, and what a person can do. */
  readonly remedies: string;
  readonly contact: string;
}

/** A breach (泄露事件), or a drill (演练) of one. */
export interface Breach extends BreachBody {
  readonly id: string;
  readonly isDrill: boolean;
  readonly foundAtMs: number;
  readonly personsCount: number;
  readonly authorityDueMs: number;
  readonly personsDueMs: number;
  readonly authorityToldAtMs: number | null;
  readonly personsToldAtMs: number | null;
  readonly closedAtMs: number | null;
  /** Somebody was told late, or is not told though the time is over. */
  readonly isLate: boolean;
}

interface Row {
  id: string;
  drill: boolean;
  found_at_ms: number;
  body: Uint8Array;
  persons_count: number;
  authority_due_ms: number;
  persons_due_ms: number;
  authority_told_at_ms: number | null;
  persons_told_at_ms: number | null;
  closed_at_ms: number | null;
}

/** Records a breach or begins a drill; the times by which authority and persons are told run from when it was found. */
export function recordBreach(
  desk: Desk,
  input: BreachBody & { readonly isDrill: boolean; readonly foundAtMs: number; readonly personsCount: number },
): Promise<string> {
  const { isDrill, foundAtMs, personsCount, ...body } = input;
  if (foundAtMs > desk.clock.nowMs()) throw new ArchiveError('breach/in-future', 'caller');
  return desk.act('processing.keep', async (tx) => {
    const id = desk.clock.newId();
    const authorityDueMs = foundAtMs + (await readLimit(tx, 'breachAuthorityHours')) * HOUR_MS;
    const personsDueMs = foundAtMs + (await readLimit(tx, 'breachPersonsHours')) * HOUR_MS;
    const entryId = await tx.log({
      kind: 'breach.recorded',
      objectId: id,
      params: { drill: isDrill ? 1 : 0, found: foundAtMs, persons: personsCount },
    });
    await tx.query(
      `insert into breach (id, drill, found_at_ms, body, persons_count, authority_due_ms, persons_due_ms, made_by, made_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        isDrill,
        foundAtMs,
        sealBody(desk.sealer, 'breach', id, body),
        personsCount,
        authorityDueMs,
        personsDueMs,
        desk.actor.accountId,
        desk.clock.nowMs(),
        entryId,
      ],
    );
    return id;
  });
}

const COLUMN = { authority: 'authority_told_at_ms', persons: 'persons_told_at_ms', closed: 'closed_at_ms' } as const;

/**
 * Marks a step: the authority was told, the persons were told, the matter is closed. Each once; closing needs the authority to be told.
 * @throws ArchiveError `breach/not-found`, `breach/step` (caller)
 */
export function markBreach(desk: Desk, breachId: string, step: keyof typeof COLUMN): Promise<void> {
  return desk.act('processing.keep', async (tx) => {
    const row = await getRow(tx, breachId, ' for update');
    if (row[COLUMN[step]] !== null || row.closed_at_ms !== null || (step === 'closed' && row.authority_told_at_ms === null))
      throw new ArchiveError('breach/step', 'caller');
    const nowMs = desk.clock.nowMs();
    const due = step === 'authority' ? row.authority_due_ms : step === 'persons' ? row.persons_due_ms : nowMs;
    await tx.log({
      kind: `breach.${step === 'closed' ? 'closed' : `${step}-told`}`,
      objectId: breachId,
      params: { late: nowMs > due ? 1 : 0 },
    });
    await tx.query(`update breach set ${COLUMN[step]} = $2 where id = $1`, [breachId, nowMs]);
  });
}

async function getRow(tx: DeskTx, id: string, lock = ''): Promise<Row> {
  const row = await tx.one<Row>(
    `select id, drill, found_at_ms, body, persons_count, authority_due_ms, persons_due_ms, authority_told_at_ms, persons_told_at_ms, closed_at_ms
     from breach where id = $1${lock}`,
    [id],
  );
  if (!row) throw new ArchiveError('breach/not-found', 'caller');
  return row;
}

function toBreach(archive: Archive, r: Row, nowMs: number): Breach {
  const late = (told: number | null, due: number) => (told ?? nowMs) > due;
  return {
    ...openBody<BreachBody>(archive, 'breach', r.id, r.body),
    id: r.id,
    isDrill: r.drill,
    foundAtMs: r.found_at_ms,
    personsCount: r.persons_count,
    authorityDueMs: r.authority_due_ms,
    personsDueMs: r.persons_due_ms,
    authorityToldAtMs: r.authority_told_at_ms,
    personsToldAtMs: r.persons_told_at_ms,
    closedAtMs: r.closed_at_ms,
    isLate: late(r.authority_told_at_ms, r.authority_due_ms) || late(r.persons_told_at_ms, r.persons_due_ms),
  };
}

/** Breaches and drills, newest first; one entry. */
export function listBreaches(archive: Archive, desk: Desk): Promise<Breach[]> {
  return desk.act('processing.read', async (tx) => {
    const rows = await tx.query<Row>('select * from breach order by id desc limit 500');
    await tx.log({ kind: 'breaches.listed', params: { count: rows.length } });
    return rows.map((r) => toBreach(archive, r, archive.clock.nowMs()));
  });
}

/** The notice of a breach as a document, for the persons or for the authority; an entry vouches for its bytes. @throws ArchiveError `breach/not-found` */
export function makeBreachNotice(
  archive: Archive,
  desk: Desk,
  breachId: string,
  to: 'authority' | 'persons',
  language: 'zh' | 'en',
): Promise<Uint8Array> {
  return desk.act('processing.keep', async (tx) => {
    const row = await getRow(tx, breachId);
    const bytes = writeBreachNotice(toBreach(archive, row, archive.clock.nowMs()), to, language, desk.utcOffsetMinutes);
    const contentSha256 = archive.sealer.primitives.hash('sha256', bytes);
    await tx.log({ kind: 'breach.notice-made', objectId: breachId, contentSha256, params: { to, language } });
    return bytes;
  });
}
