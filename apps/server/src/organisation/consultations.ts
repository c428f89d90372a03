import type { GrantRight, Purpose } from '@lantai/policy';
import { ArchiveError } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, deskTx, madeObjects, type Scope, scopeFonds, scopeSql } from '../desk/index.ts';

/** What is to be named to whom, and for how long. */
export interface NewConsultation {
  readonly target: { readonly kind: 'dossier' | 'unit'; readonly id: string };
  readonly readers: readonly { readonly accountId: string; readonly partyMember: boolean }[];
  readonly rights: readonly GrantRight[];
  readonly purposes: readonly Purpose[];
  /** Sealed categories it also opens; the maker must be of their audience. */
  readonly audiences: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A consultation as it is listed. */
export interface Consultation {
  readonly id: string;
  readonly target: { readonly kind: 'dossier' | 'subject' | 'unit'; readonly id: string; readonly code: string };
  readonly rights: readonly GrantRight[];
  readonly purposes: readonly Purpose[];
  readonly audiences: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly endedAtMs: number | null;
  readonly madeBy: string;
  readonly madeByName: string;
  readonly readers: readonly { accountId: string; name: string; partyMember: boolean; presentUntilMs: number; stated: boolean }[];
}

/** A right may be given for a working quarter at most; longer use is a post. */
const LASTS_MS_MAX = 92 * 24 * 60 * 60_000;
/** A reader who signed in for a consultation is there for a working morning or afternoon. */
const PRESENT_MS = 4 * 60 * 60_000;

/**
 * Approves a consultation (批准查阅). The maker gives away nothing beyond the own reach, never to oneself, and a sealed category only from inside its audience.
 * @throws ArchiveError `dossier/not-found`, `unit/not-found`, `account/not-found`, `consultation/…` (caller)
 */
export async function makeConsultation(desk: Desk, input: NewConsultation): Promise<string> {
  if (input.untilMs <= input.fromMs || input.untilMs - input.fromMs > LASTS_MS_MAX)
    throw new ArchiveError('consultation/time', 'caller', { daysMax: 92 });
  if (input.readers.some((r) => r.accountId === desk.actor.accountId)) throw new ArchiveError('consultation/own', 'caller');
  return desk.act('grant.make', async (tx, scope) => {
    const fondsId = await findFonds(tx, scope, input);
    await checkReaders(tx, input);
    const id = desk.clock.newId();
    const dossierId = input.target.kind === 'dossier' ? input.target.id : null;
    const entryId = desk.clock.newId();
    await tx.query(
      `insert into consultation (id, fonds_id, dossier_id, unit_id, rights, purposes, audiences, from_ms, until_ms, made_by, created_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        id,
        fondsId,
        dossierId,
        input.target.kind === 'unit' ? input.target.id : null,
        input.rights,
        input.purposes,
        input.audiences,
        input.fromMs,
        input.untilMs,
        desk.actor.accountId,
        desk.clock.nowMs(),
        entryId,
      ],
    );
    await tx.query(
      'insert into consultation_reader (consultation_id, account_id, party_member) select $1, * from unnest($2::uuid[], $3::boolean[])',
      [id, input.readers.map((r) => r.accountId), input.readers.map((r) => r.partyMember)],
    );
    await tx.log({
      id: entryId,
      kind: 'consultation.approved',
      objectId: id,
      ...(dossierId ? { dossierId } : {}),
      params: { readers: input.readers.length, rights: input.rights.join('+'), purposes: input.purposes.join('+'), until: input.untilMs },
      changed: [madeObjects('consultation', [id])],
    });
    return id;
  });
}

/** The fonds of the target, when the maker reaches it. */
async function findFonds(tx: DeskTx, scope: Scope, { target, audiences }: NewConsultation): Promise<string> {
  if (target.kind === 'dossier') {
    const seen = scopeSql(scope, 'd', 2);
    const row = await tx.one<{ fonds_id: string; category: string }>(
      `select d.fonds_id, d.category from dossier d where d.id = $1 and ${seen.sql}`,
      [target.id, ...seen.params],
    );
    if (!row) throw new ArchiveError('dossier/not-found', 'caller');
    // Whoever sees a sealed dossier here is of its audience; another category cannot be opened beside it.
    if (audiences.some((category) => category !== row.category)) throw new ArchiveError('consultation/audience', 'caller');
    return row.fonds_id;
  }
  if (audiences.length) throw new ArchiveError('consultation/audience', 'caller');
  const row = await tx.one<{ fonds_id: string }>('select fonds_id from unit where id = $1', [target.id]);
  const reached =
    row && scope.clauses.some((c) => reachesUnit(c.fondsIds, c.units === 'all' ? 'all' : c.units.ids, row.fonds_id, target.id));
  if (!row || !reached) throw new ArchiveError('unit/not-found', 'caller');
  return row.fonds_id;
}

const reachesUnit = (fonds: readonly string[] | 'all', units: readonly string[] | 'all', fondsId: string, unitId: string): boolean =>
  (fonds === 'all' || fonds.includes(fondsId)) && (units === 'all' || units.includes(unitId));

/** Of `account a`: in use, and a reader by its own post or a further one. */
const IS_READER = `not a.disabled and (a.role = 'reader' or exists (
  select 1 from post p where p.account_id = a.id and p.role = 'reader' and p.ended_at_ms is null))`;

async function checkReaders(tx: DeskTx, { readers }: NewConsultation): Promise<void> {
  const ids = readers.map((r) => r.accountId);
  if (!ids.length || new Set(ids).size !== ids.length) throw new ArchiveError('consultation/readers', 'caller');
  const found = await tx.query<{ id: string }>(`select a.id from account a where a.id = any($1::uuid[]) and ${IS_READER}`, [ids]);
  if (found.length !== ids.length) throw new ArchiveError('consultation/not-a-reader', 'caller');
}

/**
 * A reader signs in for a consultation and states that nobody it names is a relative (查阅人到场并声明非亲属). Both are one entry.
 * @throws ArchiveError `consultation/not-found`, `consultation/over` (caller)
 */
export async function attendConsultation(archive: Archive, desk: Desk, consultationId: string): Promise<{ presentUntilMs: number }> {
  const { accountId } = desk.actor;
  return archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, accountId, desk.purpose);
    const row = await tx.one<{ dossier_id: string | null; until_ms: number; ended_at_ms: number | null }>(
      `select c.dossier_id, c.until_ms, c.ended_at_ms from consultation c join consultation_reader r on r.consultation_id = c.id
       where c.id = $1 and r.account_id = $2 for update of r`,
      [consultationId, accountId],
    );
    if (!row) throw new ArchiveError('consultation/not-found', 'caller');
    const nowMs = archive.clock.nowMs();
    if (row.ended_at_ms !== null || row.until_ms <= nowMs) throw new ArchiveError('consultation/over', 'caller');
    const presentUntilMs = Math.min(nowMs + PRESENT_MS, row.until_ms);
    const entryId = archive.clock.newId();
    const changed = [await tx.watch('consultation', [consultationId])];
    await tx.query(
      'update consultation_reader set present_until_ms = $3, statement_entry_id = $4 where consultation_id = $1 and account_id = $2',
      [consultationId, accountId, presentUntilMs, entryId],
    );
    await tx.log({
      id: entryId,
      kind: 'consultation.attended',
      objectId: consultationId,
      ...(row.dossier_id ? { dossierId: row.dossier_id } : {}),
      params: { related: 0, until: presentUntilMs },
      changed,
    });
    return { presentUntilMs };
  });
}

/** Ends a consultation; from the next request on it opens nothing. @throws ArchiveError `consultation/not-found` (caller) */
export function endConsultation(desk: Desk, consultationId: string): Promise<void> {
  return desk.act('grant.end', async (tx, scope) => {
    const fonds = scopeFonds(scope);
    const changed = [await tx.watch('consultation', [consultationId])];
    const rows = await tx.query<{ dossier_id: string | null }>(
      `update consultation set ended_at_ms = $2 where id = $1 and ended_at_ms is null and ($3::uuid[] is null or fonds_id = any($3)) returning dossier_id`,
      [consultationId, desk.clock.nowMs(), fonds === 'all' ? null : fonds],
    );
    if (!rows[0]) throw new ArchiveError('consultation/not-found', 'caller');
    await tx.log({
      kind: 'consultation.ended',
      objectId: consultationId,
      ...(rows[0].dossier_id ? { dossierId: rows[0].dossier_id } : {}),
      changed,
    });
  });
}

interface Row {
  id: string;
  dossier_id: string | null;
  subject_id: string | null;
  unit_id: string | null;
  code: string;
  rights: GrantRight[];
  purposes: Purpose[];
  audiences: string[];
  from_ms: number;
  until_ms: number;
  ended_at_ms: number | null;
  made_by: string;
  readers: { accountId: string; partyMember: boolean; presentUntilMs: number; stated: boolean }[];
}

const LIST_MAX = 200;

/** The own consultations, and those of the fonds for whoever may end them; newest first. */
export async function listConsultations(archive: Archive, desk: Desk): Promise<Consultation[]> {
  const fonds = desk.may('grant.end') ? scopeFonds(desk.scope('grant.end')) : [];
  const rows = await archive.db.system('registers').query<Row>(
    `select c.id, c.dossier_id, c.subject_id, c.unit_id, c.rights, c.purposes, c.audiences, c.from_ms, c.until_ms, c.ended_at_ms, c.made_by,
       coalesce((select code from dossier where id = c.dossier_id), (select code from unit where id = c.unit_id),
         (select min(code) from dossier where subject_id = c.subject_id and fonds_id = c.fonds_id), '') as code,
       (select json_agg(json_build_object('accountId', r.account_id, 'partyMember', r.party_member, 'presentUntilMs', r.present_until_ms,
          'stated', r.statement_entry_id is not null) order by r.account_id) from consultation_reader r where r.consultation_id = c.id) as readers
     from consultation c
     where $2::uuid[] is null or c.fonds_id = any($2) or exists (select 1 from consultation_reader r where r.consultation_id = c.id and r.account_id = $1)
     order by c.id desc limit ${LIST_MAX}`,
    [desk.actor.accountId, fonds === 'all' ? null : fonds],
  );
  const ids = rows.flatMap((r) => [r.made_by, ...r.readers.map((reader) => reader.accountId)]);
  const names = await accountNames(archive, archive.db, ids);
  const nameOf = (id: string) => names.get(id) ?? '';
  return rows.map((r) => ({
    id: r.id,
    target: { ...targetOf(r), code: r.code },
    rights: r.rights,
    purposes: r.purposes,
    audiences: r.audiences,
    fromMs: r.from_ms,
    untilMs: r.until_ms,
    endedAtMs: r.ended_at_ms,
    madeBy: r.made_by,
    madeByName: nameOf(r.made_by),
    readers: r.readers.map((reader) => ({ ...reader, name: nameOf(reader.accountId) })),
  }));
}

const targetOf = (r: Row): { kind: 'dossier' | 'subject' | 'unit'; id: string } =>
  r.dossier_id
    ? { kind: 'dossier', id: r.dossier_id }
    : r.subject_id
      ? { kind: 'subject', id: r.subject_id }
      : { kind: 'unit', id: r.unit_id ?? '' };

/** Accounts that can be named, by name. */
export function listReaders(archive: Archive, desk: Desk): Promise<{ accountId: string; name: string }[]> {
  return desk.act('grant.make', async (tx) => {
    const rows = await tx.query<{ id: string }>(`select a.id from account a where ${IS_READER} and a.id <> $1`, [desk.actor.accountId]);
    const names = await accountNames(
      archive,
      tx,
      rows.map((row) => row.id),
    );
    return [...names].map(([accountId, name]) => ({ accountId, name })).sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}
