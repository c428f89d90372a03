import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, madeObjects, scopeSql } from '../desk/index.ts';

/** That a person was told or agreed, to which version of which text; by opaque ids. */
export interface Consent {
  readonly id: string;
  readonly dossierId: string;
  readonly dossierCode: string | null;
  readonly noticeCode: string;
  readonly noticeVersion: number;
  readonly kind: 'notice' | 'consent' | 'separate_consent';
  /** The text was worded anew since: the person is to be asked again. */
  readonly isOutdated: boolean;
  readonly way: 'paper' | 'account';
  readonly givenAtMs: number;
  readonly withdrawnAtMs: number | null;
}

const LIST_MAX = 1000;

/**
 * Records that the person was told (告知) or agrees (同意, 单独同意) to the newest version of a text. Recording it twice gives the one there is.
 * @throws ArchiveError `dossier/not-found`, `notice/not-found` (caller)
 */
export function recordConsent(desk: Desk, input: { readonly dossierId: string; readonly noticeCode: string }): Promise<string> {
  return desk.act('rights.exercise', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 3);
    const d = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number; subject_id: string; own: boolean }>(
      `select d.fonds_id, d.unit_id, d.category, d.level, d.subject_id,
         exists (select 1 from subject_tie t where t.account_id = $2 and t.subject_id = d.subject_id) as own
       from dossier d where d.id = $1 and ${seen.sql} for share of d`,
      [input.dossierId, desk.actor.accountId, ...seen.params],
    );
    if (!d) throw new ArchiveError('dossier/not-found', 'caller');
    const notice = await tx.one<{ version: number; kind: string; digest: Uint8Array }>(
      'select version, kind, digest from notice where code = $1 order by version desc limit 1',
      [input.noticeCode],
    );
    if (!notice) throw new ArchiveError('notice/not-found', 'caller');
    const known = await tx.one<{ id: string }>(
      'select id from consent where dossier_id = $1 and notice_code = $2 and notice_version = $3 and withdrawn_at_ms is null',
      [input.dossierId, input.noticeCode, notice.version],
    );
    if (known) return known.id;
    const id = desk.clock.newId();
    const way = d.own ? 'account' : 'paper';
    const entryId = desk.clock.newId();
    await tx.query(
      `insert into consent (id, fonds_id, unit_id, category, level, dossier_id, subject_id, notice_code, notice_version, way, given_at_ms, given_by, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        id,
        d.fonds_id,
        d.unit_id,
        d.category,
        d.level,
        input.dossierId,
        d.subject_id,
        input.noticeCode,
        notice.version,
        way,
        desk.clock.nowMs(),
        desk.actor.accountId,
        entryId,
      ],
    );
    await tx.log({
      id: entryId,
      kind: notice.kind === 'notice' ? 'consent.told' : 'consent.given',
      place: { fondsId: d.fonds_id, unitId: d.unit_id, category: d.category, level: d.level },
      dossierId: input.dossierId,
      objectId: id,
      contentSha256: notice.digest,
      params: { notice: input.noticeCode, version: notice.version, kind: notice.kind, way },
      changed: [madeObjects('consent', [id])],
    });
    return id;
  });
}

/**
 * Takes a consent back, as easily as it was given (第十五条). What was done before stays lawful. Being told cannot be taken back.
 * @throws ArchiveError `consent/not-found`, `consent/only-told` (caller)
 */
export function withdrawConsent(desk: Desk, consentId: string): Promise<void> {
  return desk.act('rights.exercise', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 2);
    const row = await tx.one<{ dossier_id: string; kind: string }>(
      `select c.dossier_id, n.kind from consent c join dossier d on d.id = c.dossier_id join notice n on (n.code, n.version) = (c.notice_code, c.notice_version)
       where c.id = $1 and c.withdrawn_at_ms is null and ${seen.sql} for update of c`,
      [consentId, ...seen.params],
    );
    if (!row) throw new ArchiveError('consent/not-found', 'caller');
    if (row.kind === 'notice') throw new ArchiveError('consent/only-told', 'caller');
    const entryId = desk.clock.newId();
    const changed = [await tx.watch('consent', [consentId])];
    await tx.query('update consent set withdrawn_at_ms = $2, withdrawn_by = $3, withdrawal_entry_id = $4 where id = $1', [
      consentId,
      desk.clock.nowMs(),
      desk.actor.accountId,
      entryId,
    ]);
    await tx.log({ id: entryId, kind: 'consent.withdrawn', dossierId: row.dossier_id, objectId: consentId, changed });
  });
}

/** Consents of dossiers for which the actor may speak: the own, or those of the archive. One entry. */
export function listConsents(_archive: Archive, desk: Desk, dossierId?: string): Promise<Consent[]> {
  return desk.tx(async (tx) => {
    const seen = scopeSql(desk.scope('rights.exercise'), 'd', 2);
    const rows = await tx.query<{
      id: string;
      dossier_id: string;
      code: string;
      notice_code: string;
      notice_version: number;
      kind: Consent['kind'];
      outdated: boolean;
      way: Consent['way'];
      given_at_ms: number;
      withdrawn_at_ms: number | null;
    }>(
      `select c.id, c.dossier_id, d.code, c.notice_code, c.notice_version, n.kind, c.way, c.given_at_ms, c.withdrawn_at_ms,
         exists (select 1 from notice m where m.code = c.notice_code and m.version > c.notice_version) as outdated
       from consent c join dossier d on d.id = c.dossier_id join notice n on (n.code, n.version) = (c.notice_code, c.notice_version)
       where ($1::uuid is null or c.dossier_id = $1) and ${seen.sql} order by c.id desc limit ${LIST_MAX}`,
      [dossierId ?? null, ...seen.params],
    );
    await tx.log({ kind: 'consents.listed', ...(dossierId ? { dossierId } : {}), params: { count: rows.length } });
    return rows.map((r) => ({
      id: r.id,
      dossierId: r.dossier_id,
      dossierCode: r.code,
      noticeCode: r.notice_code,
      noticeVersion: r.notice_version,
      kind: r.kind,
      isOutdated: r.outdated,
      way: r.way,
      givenAtMs: r.given_at_ms,
      withdrawnAtMs: r.withdrawn_at_ms,
    }));
  });
}
