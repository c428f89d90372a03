import { type ActorRole, findRoleClash } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, deskTx, scopeSql } from '../desk/index.ts';

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
}

interface PostRow {
  id: string;
  role: PostRole;
  fonds_id: string | null;
  unit_id: string | null;
  level_max: number;
  audiences: string[];
}

/** The further posts of an account and the dossiers whose subject it is. */
export function listPosts(desk: Desk, accountId: string): Promise<{ posts: PostLine[]; subjectIds: string[] }> {
  return desk.act('account.manage', async (tx) => {
    const rows = await tx.query<PostRow>(
      'select id, role, fonds_id, unit_id, level_max, audiences from post where account_id = $1 and ended_at_ms is null order by id',
      [accountId],
    );
    const ties = await tx.query<{ subject_id: string }>('select subject_id from subject_tie where account_id = $1 order by subject_id', [
      accountId,
    ]);
    const posts = rows.map((r) => ({
      id: r.id,
      role: r.role,
      fondsId: r.fonds_id,
      unitId: r.unit_id,
      levelMax: r.level_max,
      audiences: r.audiences,
    }));
    return { posts, subjectIds: ties.map((t) => t.subject_id) };
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
 * Gives an account a further post (兼任). @throws ArchiveError `account/not-found`, `account/own`, `post/…`, `fonds/not-found`, `unit/not-found` (caller)
 */
export function givePost(desk: Desk, accountId: string, post: NewPost): Promise<PostLine> {
  return desk.act('account.manage', async (tx) => {
    const clash = findRoleClash([await lockAccount(tx, desk, accountId), post.role]);
    if (clash) throw new ArchiveError(clash, 'caller');
    if (post.fondsId && !(await tx.one('select id from fonds where id = $1', [post.fondsId])))
      throw new ArchiveError('fonds/not-found', 'caller');
    const unit = post.unitId ? await tx.one<{ fonds_id: string }>('select fonds_id from unit where id = $1', [post.unitId]) : null;
    if (post.unitId && (!unit || (post.fondsId !== null && unit.fonds_id !== post.fondsId)))
      throw new ArchiveError('unit/not-found', 'caller');
    const id = desk.clock.newId();
    const entryId = await tx.log({ kind: 'post.given', objectId: accountId, params: { post: id, role: post.role, level: post.levelMax } });
    const fondsId = unit?.fonds_id ?? post.fondsId;
    await tx.query(
      'insert into post (id, account_id, role, fonds_id, unit_id, level_max, audiences, created_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      [id, accountId, post.role, fondsId, post.unitId, post.levelMax, post.audiences, desk.clock.nowMs(), entryId],
    );
    return { ...post, fondsId, id };
  });
}

/** Ends a further post, from the account's next request on. @throws ArchiveError `post/not-found` (caller) */
export function endPost(desk: Desk, accountId: string, postId: string): Promise<void> {
  return desk.act('account.manage', async (tx) => {
    const rows = await tx.query('update post set ended_at_ms = $3 where id = $1 and account_id = $2 and ended_at_ms is null returning id', [
      postId,
      accountId,
      desk.clock.nowMs(),
    ]);
    if (!rows.length) throw new ArchiveError('post/not-found', 'caller');
    await tx.log({ kind: 'post.ended', objectId: accountId, params: { post: postId } });
  });
}

async function subjectOf(tx: DeskTx, dossierId: string): Promise<string> {
  const row = await tx.one<{ subject_id: string }>('select subject_id from dossier where id = $1', [dossierId]);
  if (!row) throw new ArchiveError('dossier/not-found', 'caller');
  return row.subject_id;
}

/** Registers that an account's person is the subject of a dossier, or takes it back. @throws ArchiveError `account/not-found`, `account/own`, `dossier/not-found` (caller) */
export function tieSubject(desk: Desk, accountId: string, dossierId: string, tied: boolean): Promise<void> {
  return desk.act('account.manage', async (tx) => {
    await lockAccount(tx, desk, accountId);
    const subjectId = await subjectOf(tx, dossierId);
    const entryId = await tx.log({ kind: tied ? 'subject.tied' : 'subject.untied', objectId: accountId, dossierId });
    if (tied)
      await tx.query(
        'insert into subject_tie (account_id, subject_id, created_at_ms, entry_id) values ($1, $2, $3, $4) on conflict (account_id, subject_id) do nothing',
        [accountId, subjectId, desk.clock.nowMs(), entryId],
      );
    else await tx.query('delete from subject_tie where account_id = $1 and subject_id = $2', [accountId, subjectId]);
  });
}

export type Relation = 'spouse' | 'parent' | 'child' | 'sibling' | 'other';

export interface NewKinship {
  /** The person: an account (left out: the one who declares), or the subject of a dossier. */
  readonly accountId?: string | undefined;
  readonly personDossierId?: string | undefined;
  /** The dossier whose subject is the relative. */
  readonly dossierId: string;
  readonly relation: Relation;
}

/** Registers a relation. It only ever closes, so anybody may declare one of their own that they can see; the register's keepers any. @throws ArchiveError `dossier/not-found`, `account/not-found` (caller) */
export async function declareKinship(archive: Archive, desk: Desk, input: NewKinship): Promise<string> {
  const { accountId: ownId } = desk.actor;
  const keeps = desk.may('kinship.declare');
  const isOwn = !input.personDossierId && (input.accountId ?? ownId) === ownId;
  if (!isOwn && !keeps) throw new ArchiveError('desk/not-allowed', 'caller', { action: 'kinship.declare', role: desk.actor.role });
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, ownId, desk.purpose);
    if (!keeps) {
      const seen = scopeSql(desk.scope('dossier.list'), 'd', 2);
      if (!(await tx.one(`select d.id from dossier d where d.id = $1 and ${seen.sql}`, [input.dossierId, ...seen.params])))
        throw new ArchiveError('dossier/not-found', 'caller');
    }
    const subjectId = await subjectOf(tx, input.dossierId);
    const personId = input.personDossierId ? await subjectOf(tx, input.personDossierId) : null;
    const accountId = personId ? null : (input.accountId ?? ownId);
    if (accountId && !(await tx.one('select id from account where id = $1', [accountId])))
      throw new ArchiveError('account/not-found', 'caller');
    const id = archive.clock.newId();
    const entryId = await tx.log({ kind: 'kinship.declared', objectId: id, dossierId: input.dossierId, params: { own: isOwn ? 1 : 0 } });
    await tx.query(
      `insert into kinship (id, account_id, person_subject_id, subject_id, relation, source, created_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, accountId, personId, subjectId, input.relation, isOwn ? 'declaration' : 'record', archive.clock.nowMs(), entryId],
    );
    return id;
  });
}

export interface KinshipLine {
  readonly id: string;
  readonly accountId: string | null;
  readonly personSubjectId: string | null;
  readonly subjectId: string;
  readonly relation: Relation;
  readonly source: 'declaration' | 'record';
  readonly createdAtMs: number;
}

interface KinshipRow {
  id: string;
  account_id: string | null;
  person_subject_id: string | null;
  subject_id: string;
  relation: Relation;
  source: KinshipLine['source'];
  created_at_ms: number;
}

const LIST_MAX = 500;

/** The register, newest first; of one account when asked. */
export function listKinships(desk: Desk, accountId: string | undefined): Promise<KinshipLine[]> {
  return desk.act('kinship.declare', async (tx) => {
    const rows = await tx.query<KinshipRow>(
      `select id, account_id, person_subject_id, subject_id, relation, source, created_at_ms from kinship
       where ended_at_ms is null and ($1::uuid is null or account_id = $1) order by id desc limit ${LIST_MAX}`,
      [accountId ?? null],
    );
    return rows.map((r) => ({
      id: r.id,
      accountId: r.account_id,
      personSubjectId: r.person_subject_id,
      subjectId: r.subject_id,
      relation: r.relation,
      source: r.source,
      createdAtMs: r.created_at_ms,
    }));
  });
}

/** Takes a relation out of force; it stays on record. Nobody does it for oneself. @throws ArchiveError `kinship/not-found`, `account/own` (caller) */
export function endKinship(desk: Desk, kinshipId: string): Promise<void> {
  return desk.act('kinship.end', async (tx) => {
    const row = await tx.one<{ account_id: string | null }>(
      'select account_id from kinship where id = $1 and ended_at_ms is null for update',
      [kinshipId],
    );
    if (!row) throw new ArchiveError('kinship/not-found', 'caller');
    if (row.account_id === desk.actor.accountId) throw new ArchiveError('account/own', 'caller');
    await tx.query('update kinship set ended_at_ms = $2 where id = $1', [kinshipId, desk.clock.nowMs()]);
    await tx.log({ kind: 'kinship.ended', objectId: kinshipId });
  });
}
