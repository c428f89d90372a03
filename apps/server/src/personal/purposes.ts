import { ArchiveError, utf8 } from '@lantai/values';
import type { Sql } from '../db/index.ts';
import type { Desk } from '../desk/index.ts';
import { DEFAULT_PURPOSES } from './default-purposes.data.ts';
import type { LegalBasis } from './law.ts';

/** What the archive states of one purpose of processing (处理目的). It speaks of the archive's work, never of a person. */
export interface PurposeBody {
  readonly name: { readonly zh: string; readonly en: string };
  /** Kinds of data, in words. */
  readonly kinds: string;
  /** Holds sensitive kinds (敏感个人信息, 第二十八条): where consent is the basis it must be separate (第二十九条). */
  readonly sensitive: boolean;
  /** Why sensitive kinds are needed, and what it means for the person (第三十条). */
  readonly necessity: string;
  readonly retention: string;
  /** To whom it may be given; empty: to nobody. */
  readonly recipients: string;
  /** Categories of dossiers it speaks of. */
  readonly categories: readonly string[];
}

export interface ProcessingPurpose extends PurposeBody {
  readonly code: string;
  /** 0: the program's proposal, which nobody has adopted. */
  readonly version: number;
  readonly basis: LegalBasis;
  readonly retired: boolean;
  readonly madeAtMs: number | null;
}

/** A text that persons are told or agree to, as it is worded in one version. */
export interface Notice {
  readonly code: string;
  readonly version: number;
  readonly kind: 'notice' | 'consent' | 'separate_consent';
  readonly purposeCode: string;
  readonly purposeVersion: number;
  readonly text: { readonly zh: string; readonly en: string };
  readonly madeAtMs: number;
  /** Newest of its code. */
  readonly isCurrent: boolean;
}

/** All purposes in their newest version; those of the program's proposal that nobody adopted have version 0. */
export async function listPurposes(sql: Sql): Promise<ProcessingPurpose[]> {
  const rows = await sql.query<{
    code: string;
    version: number;
    body: PurposeBody;
    basis: LegalBasis;
    retired: boolean;
    made_at_ms: number;
  }>('select distinct on (code) code, version, body, basis, retired, made_at_ms from processing_purpose order by code, version desc');
  const own = rows.map((r) => ({
    ...r.body,
    code: r.code,
    version: r.version,
    basis: r.basis,
    retired: r.retired,
    madeAtMs: r.made_at_ms,
  }));
  const known = new Set(own.map((p) => p.code));
  return [...own, ...DEFAULT_PURPOSES.filter((p) => !known.has(p.code)).map((p) => ({ ...p, version: 0, retired: false, madeAtMs: null }))];
}

/** States a purpose in a new version. @throws ArchiveError `purpose/changed` (caller, 409) when another version came meanwhile */
export function keepPurpose(
  desk: Desk,
  input: PurposeBody & { readonly code: string; readonly basis: LegalBasis; readonly retired: boolean; readonly after: number },
): Promise<{ version: number }> {
  const { code, basis, retired, after, ...body } = input;
  return desk.act('processing.keep', async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 15))', [`purpose/${code}`]);
    const last = await tx.one<{ v: number }>('select coalesce(max(version), 0)::int as v from processing_purpose where code = $1', [code]);
    if ((last?.v ?? 0) !== after) throw new ArchiveError('purpose/changed', 'caller');
    const version = after + 1;
    const digest = desk.sealer.primitives.hash('sha256', utf8(JSON.stringify(body)));
    const entryId = await tx.log({
      kind: 'processing.purpose-stated',
      contentSha256: digest,
      params: { purpose: code, version, basis, retired: retired ? 1 : 0 },
    });
    await tx.query(
      'insert into processing_purpose (code, version, body, basis, retired, made_by, made_at_ms, entry_id) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [code, version, JSON.stringify(body), basis, retired, desk.actor.accountId, desk.clock.nowMs(), entryId],
    );
    return { version };
  });
}

/** Every text in every version, newest first. */
export async function listNotices(sql: Sql): Promise<Notice[]> {
  const rows = await sql.query<{
    code: string;
    version: number;
    kind: Notice['kind'];
    purpose_code: string;
    purpose_version: number;
    text: Notice['text'];
    made_at_ms: number;
    current: boolean;
  }>(
    `select code, version, kind, purpose_code, purpose_version, text, made_at_ms,
       version = max(version) over (partition by code) as current from notice order by code, version desc`,
  );
  return rows.map((r) => ({
    code: r.code,
    version: r.version,
    kind: r.kind,
    purposeCode: r.purpose_code,
    purposeVersion: r.purpose_version,
    text: r.text,
    madeAtMs: r.made_at_ms,
    isCurrent: r.current,
  }));
}

/**
 * Words a text anew: persons who agreed to an older version are asked again (第十四条第二款). Where the purpose rests on consent and holds
 * sensitive kinds, only a separate consent will do (第二十九条).
 * @throws ArchiveError `purpose/not-adopted`, `notice/separate-needed`, `notice/no-consent-needed` (caller)
 */
export function keepNotice(desk: Desk, input: Pick<Notice, 'code' | 'kind' | 'purposeCode' | 'text'>): Promise<{ version: number }> {
  return desk.act('processing.keep', async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 15))', [`notice/${input.code}`]);
    const purpose = (await listPurposes(tx)).find((p) => p.code === input.purposeCode);
    if (!purpose || purpose.version === 0 || purpose.retired) throw new ArchiveError('purpose/not-adopted', 'caller');
    if (input.kind === 'consent' && purpose.sensitive) throw new ArchiveError('notice/separate-needed', 'caller');
    if (input.kind !== 'notice' && purpose.basis !== 'consent' && !purpose.recipients)
      throw new ArchiveError('notice/no-consent-needed', 'caller', { basis: purpose.basis });
    const last = await tx.one<{ v: number }>('select coalesce(max(version), 0)::int as v from notice where code = $1', [input.code]);
    const version = (last?.v ?? 0) + 1;
    const digest = desk.sealer.primitives.hash('sha256', utf8(JSON.stringify([input.text.zh, input.text.en])));
    const entryId = await tx.log({
      kind: 'processing.notice-worded',
      contentSha256: digest,
      params: { notice: input.code, version, kind: input.kind, purpose: purpose.code, purposeVersion: purpose.version },
    });
    await tx.query(
      `insert into notice (code, version, kind, purpose_code, purpose_version, text, digest, made_by, made_at_ms, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        input.code,
        version,
        input.kind,
        purpose.code,
        purpose.version,
        JSON.stringify(input.text),
        digest,
        desk.actor.accountId,
        desk.clock.nowMs(),
        entryId,
      ],
    );
    return { version };
  });
}
