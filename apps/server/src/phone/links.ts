import { randomBytes } from 'node:crypto';
import { ArchiveError } from '@lantai/values';
import { digestOfToken, findAccount, type Session } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Desk, deskTx, openDesk, scopeSql } from '../desk/index.ts';

/** How long a link lets photographs in; nothing makes it longer. */
export const LINK_LIFE_MS = 15 * 60_000;
/** What one link may send: uploads begun, and bytes announced. */
export const LINK_UPLOADS_MAX = 200;
export const LINK_BYTES_MAX = 2 * 1024 * 1024 * 1024;
/** Links of one account that are open at once. */
const LINKS_OPEN_MAX = 5;
const SECRET_BYTES = 32;
/** Links that are over are kept so long, for what came by them to be counted. */
const KEPT_MS = 24 * 60 * 60_000;

/** A link as the desk sees it. */
export interface CaptureLink {
  readonly id: string;
  readonly dossierId: string;
  readonly dossierCode: string;
  /** Waiting for a telephone, held by one, or over. */
  readonly state: 'waiting' | 'open' | 'ended';
  readonly expiresAtMs: number;
  /** Photographs that are whole on the server and not sent yet, those still arriving, and pages that became of sent ones. */
  readonly held: number;
  readonly arriving: number;
  readonly pages: number;
  readonly attention: number;
}

interface LinkRow {
  id: string;
  dossier_id: string;
  code: string;
  expires_at_ms: number;
  opened_at_ms: number | null;
  ended_at_ms: number | null;
}

const secret = () => randomBytes(SECRET_BYTES).toString('base64url');

/**
 * Makes a link into one dossier for the session that asks; its secret is given once, to be shown as a QR code.
 * @throws ArchiveError `dossier/not-found`, `phone/too-many` (caller), `desk/not-allowed`
 */
export async function makeLink(
  archive: Archive,
  desk: Desk,
  session: Session,
  dossierId: string,
): Promise<{ token: string; link: CaptureLink }> {
  const token = secret();
  const id = archive.clock.newId();
  const nowMs = archive.clock.nowMs();
  await desk.act('page.import', async (tx, scope) => {
    const where = scopeSql(scope, 'd', 2);
    const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
      `select d.fonds_id, d.unit_id, d.category, d.level from dossier d where d.id = $1 and ${where.sql}`,
      [dossierId, ...where.params],
    );
    if (!row) throw new ArchiveError('dossier/not-found', 'caller');
    // A program with an API token has no session that ends.
    if (!(await tx.one('select 1 from session where id = $1', [session.id]))) throw new ArchiveError('token/not-for-this', 'caller');
    // The account's row orders makers, so that the limit holds.
    await tx.query('select 1 from account where id = $1 for no key update', [session.account.accountId]);
    await tx.query('delete from capture_link where account_id = $1 and expires_at_ms < $2', [session.account.accountId, nowMs - KEPT_MS]);
    const open = await tx.one<{ n: number }>(
      'select count(*)::int as n from capture_link where account_id = $1 and ended_at_ms is null and expires_at_ms > $2',
      [session.account.accountId, nowMs],
    );
    if ((open?.n ?? 0) >= LINKS_OPEN_MAX) throw new ArchiveError('phone/too-many', 'caller', { max: LINKS_OPEN_MAX });
    await tx.query(
      `insert into capture_link (id, token_digest, account_id, session_id, dossier_id, created_at_ms, expires_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, digestOfToken(token), session.account.accountId, session.id, dossierId, nowMs, nowMs + LINK_LIFE_MS],
    );
    const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
    await tx.log({ kind: 'phone-link.made', place, dossierId, objectId: id, params: { minutes: LINK_LIFE_MS / 60_000 } });
  });
  return { token, link: await getLink(archive, desk, id) };
}

/** A link of one's own with what has come by it. @throws ArchiveError `phone/link-not-found` (caller) */
export async function getLink(archive: Archive, desk: Desk, linkId: string): Promise<CaptureLink> {
  desk.scope('page.import');
  const row = await desk.sql.one<LinkRow>(
    `select l.id, l.dossier_id, d.code, l.expires_at_ms, l.opened_at_ms, l.ended_at_ms
     from capture_link l join dossier d on d.id = l.dossier_id where l.id = $1 and l.account_id = $2`,
    [linkId, desk.actor.accountId],
  );
  if (!row) throw new ArchiveError('phone/link-not-found', 'caller');
  const sent = await desk.sql.one<{ pages: number; attention: number }>(
    `select coalesce(sum(f.page_count), 0)::int as pages, count(*) filter (where f.outcome <> 'pages')::int as attention
     from import i join source_file f on f.import_id = i.id where i.link_id = $1`,
    [linkId],
  );
  const waiting = await desk.sql.one<{ uploads: number; imported: number }>(
    `select (select count(*)::int from upload u where u.link_id = $1) as uploads,
       (select count(*)::int from import i join import_upload u on u.import_id = i.id where i.link_id = $1) as imported`,
    [linkId],
  );
  return {
    id: row.id,
    dossierId: row.dossier_id,
    dossierCode: row.code,
    state: stateOf(row, archive.clock.nowMs()),
    expiresAtMs: row.expires_at_ms,
    held: (waiting?.uploads ?? 0) - (waiting?.imported ?? 0),
    arriving: waiting?.imported ?? 0,
    pages: sent?.pages ?? 0,
    attention: sent?.attention ?? 0,
  };
}

const stateOf = (row: LinkRow, nowMs: number): CaptureLink['state'] =>
  row.ended_at_ms !== null || row.expires_at_ms <= nowMs ? 'ended' : row.opened_at_ms === null ? 'waiting' : 'open';

/** Ends a link of one's own at once; one that is over stays so. @throws ArchiveError `phone/link-not-found` (caller) */
export async function endLink(archive: Archive, desk: Desk, linkId: string): Promise<void> {
  await desk.act('page.import', async (tx) => {
    const row = await tx.one<{ dossier_id: string; ended_at_ms: number | null }>(
      'select dossier_id, ended_at_ms from capture_link where id = $1 and account_id = $2 for no key update',
      [linkId, desk.actor.accountId],
    );
    if (!row) throw new ArchiveError('phone/link-not-found', 'caller');
    if (row.ended_at_ms !== null) return;
    await tx.query('update capture_link set ended_at_ms = $2 where id = $1', [linkId, archive.clock.nowMs()]);
    await tx.log({ kind: 'phone-link.ended', dossierId: row.dossier_id, objectId: linkId });
  });
}

/** A telephone that holds a link, and the desk of whoever made it. */
export interface PhoneHolder {
  readonly linkId: string;
  readonly dossierId: string;
  readonly dossierCode: string;
  readonly accountId: string;
  readonly expiresAtMs: number;
  readonly desk: Desk;
}

/**
 * Takes the secret out of a QR code, once, and gives another for it: whoever photographs the code afterwards has nothing.
 * @throws ArchiveError `phone/link-over` (caller) for a secret that is unknown, taken, ended or too old: which, nobody is told
 */
export async function openLink(archive: Archive, token: string): Promise<{ secret: string; holder: PhoneHolder }> {
  const held = secret();
  const nowMs = archive.clock.nowMs();
  await archive.db.tx(async (raw) => {
    const row = await raw.one<{ id: string; account_id: string; dossier_id: string }>(
      `update capture_link set holder_digest = $2, opened_at_ms = $3
       where token_digest = $1 and holder_digest is null and ended_at_ms is null and expires_at_ms > $3 returning id, account_id, dossier_id`,
      [digestOfToken(token), digestOfToken(held), nowMs],
    );
    if (!row) throw new ArchiveError('phone/link-over', 'caller');
    const tx = deskTx(raw, archive, row.account_id, 'archive_work');
    await tx.log({ kind: 'phone-link.opened', dossierId: row.dossier_id, objectId: row.id });
  });
  return { secret: held, holder: await getHolder(archive, held) };
}

/**
 * Who sends: the link that a telephone's secret opens, and the desk of its maker as the policy stands now.
 * INVARIANT: it lets in nothing that its maker may not let in at this moment: session, account and right are looked at each time.
 * @throws ArchiveError `phone/link-over` (caller)
 */
export async function getHolder(archive: Archive, held: string): Promise<PhoneHolder> {
  const nowMs = archive.clock.nowMs();
  const row = await archive.db.one<{ id: string; account_id: string; dossier_id: string; expires_at_ms: number; seen_at_ms: number }>(
    `select l.id, l.account_id, l.dossier_id, l.expires_at_ms, s.seen_at_ms from capture_link l
     join session s on s.id = l.session_id and s.expires_at_ms > $2
     where l.holder_digest = $1 and l.ended_at_ms is null and l.expires_at_ms > $2`,
    [digestOfToken(held), nowMs],
  );
  const account = row && row.seen_at_ms + archive.config.access.sessionIdleMs > nowMs ? await findAccount(archive, row.account_id) : null;
  if (!row || !account) throw new ArchiveError('phone/link-over', 'caller');
  const desk = await openDesk(archive, account, 'archive_work');
  const where = desk.may('page.import') ? scopeSql(desk.scope('page.import'), 'd', 2) : null;
  const dossier = where
    ? await desk.sql.one<{ code: string }>(`select d.code from dossier d where d.id = $1 and ${where.sql}`, [
        row.dossier_id,
        ...where.params,
      ])
    : null;
  if (!dossier) throw new ArchiveError('phone/link-over', 'caller');
  return {
    linkId: row.id,
    dossierId: row.dossier_id,
    dossierCode: dossier.code,
    accountId: row.account_id,
    expiresAtMs: row.expires_at_ms,
    desk,
  };
}
