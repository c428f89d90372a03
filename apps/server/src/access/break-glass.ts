import { ArchiveError } from '@lantai/values';
import { type Archive, PURPOSE } from '../archive/index.ts';
import { type DeskTx, deskTx, madeObjects, openDesk } from '../desk/index.ts';
import { ACCOUNT_KEY, type Account, namePlace } from './account-rows.ts';
import { isAdministrator, lockAccounts } from './separation.ts';

/** One emergency access (紧急调用) as somebody sees it. */
export interface BreakGlassLine {
  readonly id: string;
  readonly asker: { readonly id: string; readonly name: string };
  readonly opener: { readonly id: string; readonly name: string } | null;
  readonly state: 'asked' | 'open' | 'over';
  readonly reason: string | null;
  readonly minutes: number;
  readonly askedAtMs: number;
  readonly endsAtMs: number;
  readonly isOwn: boolean;
  readonly mayOpen: boolean;
  readonly mayEnd: boolean;
}

interface Row {
  id: string;
  account_id: string;
  account_name: Uint8Array;
  account_holder: Uint8Array | null;
  second_id: string | null;
  second_name: Uint8Array | null;
  reason: Uint8Array;
  minutes: number;
  asked_at_ms: number;
  opened_at_ms: number | null;
  ends_at_ms: number;
  ended_at_ms: number | null;
}

const MINUTE_MS = 60_000;
/** An asked one that nobody opens lapses. */
const ASKED_MS = 15 * MINUTE_MS;
/** How long one that is over stays in the list. */
const SHOWN_MS = 24 * 60 * MINUTE_MS;

const AUDIT_KEY = { kind: 'purpose', id: PURPOSE.audit } as const;
const reasonPlace = (id: string) => ({ table: 'break_glass', column: 'reason', rowId: id, version: 1 });
const SELECT = `select b.id, b.account_id, a.name as account_name, a.holder_token as account_holder, b.second_id, s.name as second_name, b.reason,
  b.minutes, b.asked_at_ms, b.opened_at_ms, b.ends_at_ms, b.ended_at_ms
  from break_glass b join account a on a.id = b.account_id left join account s on s.id = b.second_id`;

const stateOf = (row: Row, nowMs: number): BreakGlassLine['state'] =>
  row.ended_at_ms !== null || row.ends_at_ms <= nowMs ? 'over' : row.opened_at_ms === null ? 'asked' : 'open';

/** Who may be the second person: an archivist or one of the three administrators. */
const isSecond = (viewer: Account) => viewer.role === 'archivist' || isAdministrator(viewer.role);

function toLine(archive: Archive, viewer: Account, viewerHolder: Uint8Array | null, row: Row): BreakGlassLine {
  const state = stateOf(row, archive.clock.nowMs());
  const isOwn = row.account_id === viewer.accountId;
  const isSamePerson = !!viewerHolder && !!row.account_holder && Buffer.compare(viewerHolder, row.account_holder) === 0;
  const name = (id: string, sealed: Uint8Array) => archive.sealer.get(ACCOUNT_KEY, namePlace(id), sealed);
  const isTold = isOwn || row.second_id === viewer.accountId || isSecond(viewer);
  return {
    id: row.id,
    asker: { id: row.account_id, name: name(row.account_id, row.account_name) },
    opener: row.second_id && row.second_name ? { id: row.second_id, name: name(row.second_id, row.second_name) } : null,
    state,
    reason: isTold ? archive.sealer.get(AUDIT_KEY, reasonPlace(row.id), row.reason) : null,
    minutes: row.minutes,
    askedAtMs: row.asked_at_ms,
    endsAtMs: row.ends_at_ms,
    isOwn,
    mayOpen: state === 'asked' && !isOwn && !isSamePerson && isSecond(viewer),
    mayEnd: state !== 'over' && (isOwn || row.second_id === viewer.accountId || isAdministrator(viewer.role)),
  };
}

const holderOf = async (tx: Pick<DeskTx, 'one'>, accountId: string): Promise<Uint8Array | null> =>
  (await tx.one<{ holder_token: Uint8Array | null }>('select holder_token from account where id = $1', [accountId]))?.holder_token ?? null;

/** Emergency accesses that are asked, open, or were over within a day: the banner and the list of everybody at work. */
export async function listBreakGlass(archive: Archive, viewer: Account): Promise<BreakGlassLine[]> {
  const rows = await archive.db.query<Row>(`${SELECT} where b.ends_at_ms > $1 order by b.id desc limit 100`, [
    archive.clock.nowMs() - SHOWN_MS,
  ]);
  const holder = rows.length ? await holderOf(archive.db, viewer.accountId) : null;
  return rows.map((row) => toLine(archive, viewer, holder, row));
}

/**
 * Asks for emergency access. It opens nothing before a second person agrees.
 * @param reason sealed under the audit key, in the row and beside the entry
 * @throws ArchiveError `break-glass/asked` (caller) while one is asked or open, `desk/not-allowed` for who does no archive business
 */
export async function askBreakGlass(
  archive: Archive,
  asker: Account,
  { reason, minutes }: { readonly reason: string; readonly minutes: number },
): Promise<BreakGlassLine> {
  const desk = await openDesk(archive, asker, 'administration');
  return desk.act('dossier.read', async (tx) => {
    await lockAccounts(tx);
    const nowMs = archive.clock.nowMs();
    const open = await tx.query('select 1 from break_glass where account_id = $1 and ended_at_ms is null and ends_at_ms > $2', [
      asker.accountId,
      nowMs,
    ]);
    if (open.length) throw new ArchiveError('break-glass/asked', 'caller');
    const id = archive.clock.newId();
    const entryId = archive.clock.newId();
    await tx.query(
      'insert into break_glass (id, account_id, reason, minutes, asked_at_ms, ends_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, asker.accountId, archive.sealer.seal(AUDIT_KEY, reasonPlace(id), reason), minutes, nowMs, nowMs + ASKED_MS, entryId],
    );
    await tx.log({
      id: entryId,
      kind: 'break-glass.asked',
      objectId: id,
      params: { minutes },
      detail: reason,
      changed: [madeObjects('break_glass', [id])],
    });
    return getLine(archive, tx, asker, id);
  });
}

async function getLine(archive: Archive, tx: DeskTx, viewer: Account, id: string): Promise<BreakGlassLine> {
  const row = await tx.one<Row>(`${SELECT} where b.id = $1 for update of b`, [id]);
  if (!row) throw new ArchiveError('break-glass/not-found', 'caller');
  return toLine(archive, viewer, await holderOf(tx, viewer.accountId), row);
}

/**
 * Opens it as the second person; from the next request on the asker sees the whole fonds, until the time is over. An alarm entry.
 * @throws ArchiveError `break-glass/own`, `break-glass/over`, `desk/not-allowed` (caller)
 */
export async function openBreakGlass(archive: Archive, second: Account, id: string): Promise<BreakGlassLine> {
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, second.accountId, 'administration');
    await lockAccounts(tx);
    const line = await getLine(archive, tx, second, id);
    if (line.state !== 'asked') throw new ArchiveError('break-glass/over', 'caller');
    if (!isSecond(second)) throw new ArchiveError('desk/not-allowed', 'caller', { action: 'break-glass', role: second.role });
    if (!line.mayOpen) throw new ArchiveError('break-glass/own', 'caller');
    const nowMs = archive.clock.nowMs();
    const changed = [await tx.watch('break_glass', [id])];
    await tx.query('update break_glass set second_id = $2, opened_at_ms = $3, ends_at_ms = $4 where id = $1', [
      id,
      second.accountId,
      nowMs,
      nowMs + line.minutes * MINUTE_MS,
    ]);
    await tx.log({
      kind: 'break-glass.opened',
      objectId: id,
      params: { asker: line.asker.id, minutes: line.minutes, alarm: 'yes' },
      changed,
    });
    return getLine(archive, tx, second, id);
  });
}

/** Ends it before its time: either of the two, or an administrator. @throws ArchiveError `break-glass/over`, `desk/not-allowed` (caller) */
export async function endBreakGlass(archive: Archive, viewer: Account, id: string): Promise<BreakGlassLine> {
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, viewer.accountId, 'administration');
    const line = await getLine(archive, tx, viewer, id);
    if (line.state === 'over') throw new ArchiveError('break-glass/over', 'caller');
    if (!line.mayEnd) throw new ArchiveError('desk/not-allowed', 'caller', { action: 'break-glass', role: viewer.role });
    const changed = [await tx.watch('break_glass', [id])];
    await tx.query('update break_glass set ended_at_ms = $2 where id = $1', [id, archive.clock.nowMs()]);
    await tx.log({ kind: 'break-glass.ended', objectId: id, changed });
    return getLine(archive, tx, viewer, id);
  });
}
