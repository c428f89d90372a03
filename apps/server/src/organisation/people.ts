import { type ActorRole, findRoleClash } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import { checkSamePerson, lockAccounts } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, madeObjects } from '../desk/index.ts';

/** Roles that a further post may have; an administrator has one post and no other. */
export type PostRole = Extract<ActorRole, 'archivist' | 'unit_clerk' | 'reader' | 'person'>;

export interface NewPost {
  readonly role: PostRole;
  readonly fondsId: string | null;
  readonly unitId: string | null;
  readonly levelMax: number;
  readonly audiences: readonly string[];
}

export interface PostLine extends NewPost {
  readonly id: string;
  readonly fromMs: number;
  readonly endedAtMs: number | null;
}

interface PostRow {
  id: string;
  role: PostRole;
  fonds_id: string | null;
  unit_id: string | null;
  level_max: number;
  audiences: string[];
  created_at_ms: number;
  ended_at_ms: number | null;
}

const POST_COLUMNS = 'id, role, fonds_id, unit_id, level_max, audiences, created_at_ms, ended_at_ms';
const toPost = (r: PostRow): PostLine => ({
  id: r.id,
  role: r.role,
  fondsId: r.fonds_id,
  unitId: r.unit_id,
  levelMax: r.level_max,
  audiences: r.audiences,
  fromMs: r.created_at_ms,
  endedAtMs: r.ended_at_ms,
});

/** The further posts that an account holds, and the dossiers whose subject it is. */
export function listPosts(
  archive: Pick<Archive, 'db'>,
  desk: Desk,
  accountId: string,
): Promise<{ posts: PostLine[]; subjectIds: string[]; subjectDossiers: { id: string; code: string }[] }> {
  return desk.act('account.manage', async (tx) => {
    const rows = await tx.query<PostRow>(`select ${POST_COLUMNS} from post where account_id = $1 and ended_at_ms is null order by id`, [
      accountId,
    ]);
    const ties = await tx.query<{ subject_id: string }>('select subject_id from subject_tie where account_id = $1 order by subject_id', [
      accountId,
    ]);
    const subjectIds = ties.map((t) => t.subject_id);
    const subjectDossiers = await archive.db
      .system('registers')
      .query<{ id: string; code: string }>('select id, code from dossier where subject_id = any($1::uuid[]) order by code', [subjectIds]);
    await tx.log({ kind: 'posts.listed', objectId: accountId });
    return { posts: rows.map(toPost), subjectIds, subjectDossiers };
  });
}

const EVERY_POST_MAX = 5000;

/** Further posts of every account, those held first; seeing them is an entry. */
export function listEveryPost(desk: Desk): Promise<(PostLine & { readonly accountId: string })[]> {
  return desk.act('account.manage', async (tx) => {
    const rows = await tx.query<PostRow & { account_id: string }>(
      `select account_id, ${POST_COLUMNS} from post order by ended_at_ms is not null, id desc limit ${EVERY_POST_MAX}`,
      [],
    );
    await tx.log({ kind: 'posts.listed', params: { count: rows.length } });
    return rows.map((r) => ({ ...toPost(r), accountId: r.account_id }));
  });
}

async function lockAccount(tx: DeskTx, desk: Desk, accountId: string): Promise<ActorRole> {
  // INVARIANT: nobody gives posts to oneself.
  if (accountId === desk.actor.accountId) throw new ArchiveError('account/own', 'caller');
  const row = await tx.one<{ role: ActorRole }>('select role from account where id = $1 and not disabled for update', [accountId]);
  if (!row) throw new ArchiveError('account/not-found', 'caller');
  return row.role;
}

/**
 * Gives an account a further post (兼任). @throws ArchiveError `account/not-found`, `account/own`, `account/holder-conflict`, `post/…`, `fonds/not-found`, `unit/not-found` (caller)
 */
export function givePost(archive: Pick<Archive, 'db'>, desk: Desk, accountId: string, post: NewPost): Promise<PostLine> {
  return desk.act('account.manage', async (tx) => {
    await lockAccounts(tx);
    const clash = findRoleClash([await lockAccount(tx, desk, accountId), post.role]);
    if (clash) throw new ArchiveError(clash, 'caller');
    await checkSamePerson(archive, tx, { accountId, roles: [post.role] });
    if (post.fondsId && !(await tx.one('select id from fonds where id = $1', [post.fondsId])))
      throw new ArchiveError('fonds/not-found', 'caller');
    const unit = post.unitId ? await tx.one<{ fonds_id: string }>('select fonds_id from unit where id = $1', [post.unitId]) : null;
    if (post.unitId && (!unit || (post.fondsId !== null && unit.fonds_id !== post.fondsId)))
      throw new ArchiveError('unit/not-found', 'caller');
    const id = desk.clock.newId();
    const entryId = desk.clock.newId();
    const fondsId = unit?.fonds_id ?? post.fondsId;
    const fromMs = desk.clock.nowMs();
    await tx.query(
      'insert into post (id, account_id, role, fonds_id, unit_id, level_max, audiences, created_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [id, accountId, post.role, fondsId, post.unitId, post.levelMax, post.audiences, fromMs, entryId],
    );
    await tx.log({
      id: entryId,
      kind: 'post.given',
      objectId: accountId,
      params: { post: id, role: post.role, level: post.levelMax },
      changed: [madeObjects('post', [id])],
    });
    return { ...post, fondsId, id, fromMs, endedAtMs: null };
  });
}

/** Ends a further post, from the account's next request on. @throws ArchiveError `post/not-found` (caller) */
export function endPost(desk: Desk, accountId: string, postId: string): Promise<void> {
  return desk.act('account.manage', async (tx) => {
    const changed = [await tx.watch('post', [postId])];
    const rows = await tx.query('update post set ended_at_ms = $3 where id = $1 and account_id = $2 and ended_at_ms is null returning id', [
      postId,
      accountId,
      desk.clock.nowMs(),
    ]);
    if (!rows.length) throw new ArchiveError('post/not-found', 'caller');
    await tx.log({ kind: 'post.ended', objectId: accountId, params: { post: postId }, changed });
  });
}

/** The subject of a dossier, whoever asks: registers are kept of dossiers that their keepers may not read. @throws ArchiveError `dossier/not-found` (caller) */
export async function subjectOf(archive: Archive, dossierId: string): Promise<string> {
  const row = await archive.db.system('registers').one<{ subject_id: string }>('select subject_id from dossier where id = $1', [dossierId]);
  if (!row) throw new ArchiveError('dossier/not-found', 'caller');
  return row.subject_id;
}

/** Registers that an account's person is the subject of a dossier, or takes it back.
 * @throws ArchiveError `account/not-found`, `account/own`, `account/holder-conflict`, `dossier/not-found` (caller) */
export function tieSubject(archive: Archive, desk: Desk, accountId: string, dossierId: string, tied: boolean): Promise<void> {
  return desk.act('account.manage', async (tx) => {
    await lockAccounts(tx);
    await lockAccount(tx, desk, accountId);
    const subjectId = await subjectOf(archive, dossierId);
    if (tied) await checkSamePerson(archive, tx, { accountId, roles: [], subjectId });
    const entryId = desk.clock.newId();
    const changed = [await tx.watch('subject_tie', [`${accountId}/${subjectId}`])];
    if (tied)
      await tx.query(
        'insert into subject_tie (account_id, subject_id, created_at_ms, entry_id) values ($1, $2, $3, $4) on conflict (account_id, subject_id) do nothing',
        [accountId, subjectId, desk.clock.nowMs(), entryId],
      );
    else await tx.query('delete from subject_tie where account_id = $1 and subject_id = $2', [accountId, subjectId]);
    await tx.log({ id: entryId, kind: tied ? 'subject.tied' : 'subject.untied', objectId: accountId, dossierId, changed });
  });
}
