import type { ActorRole } from '@lantai/policy';
import { formatHex, utf8 } from '@lantai/values';
import { ACCOUNT_KEY } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import type { KnownAccount } from './plan-people.ts';
import type { KnownUnit } from './plan-units.ts';

/** What is kept of a person beside the account, sealed. */
export interface PersonBody {
  readonly externalId: string;
  readonly displayName: string | null;
}

type Sealing = Pick<Archive, 'sealer'>;

const bodyPlace = (accountId: string) => ({ table: 'directory_person', column: 'body', rowId: accountId, version: 1 });

export const sealBody = ({ sealer }: Sealing, accountId: string, body: PersonBody): Uint8Array | null =>
  sealer.seal(ACCOUNT_KEY, bodyPlace(accountId), JSON.stringify(body));

/** @throws ArchiveError `column/corrupt` (corruption) */
export const openBody = ({ sealer }: Sealing, accountId: string, sealed: Uint8Array): PersonBody =>
  JSON.parse(sealer.get(ACCOUNT_KEY, bodyPlace(accountId), sealed)) as PersonBody;

/** Keyed token of a person at a source: equal for equal persons, naming nobody. 32 bytes. */
export function externalToken({ sealer }: Sealing, sourceId: string, externalId: string): Uint8Array {
  const message = utf8(`${sourceId}\n${externalId.normalize('NFKC').trim()}`);
  return sealer.primitives.hmac('sha256', sealer.subkey(ACCOUNT_KEY, 'lantai/directory-person/v1'), message);
}

interface AccountLinkRow {
  id: string;
  role: ActorRole;
  fonds_id: string | null;
  unit_id: string | null;
  level_max: number;
  disabled: boolean;
  version: number;
  name_token: Uint8Array;
  holder_token: Uint8Array | null;
  source_id: string | null;
  external_token: Uint8Array;
  body: Uint8Array;
  made: boolean;
  disabled_here: boolean;
  gone: boolean;
  link_version: number;
}

/** Which accounts are asked for: all that any of these names. */
export interface AccountQuestion {
  readonly accountId?: string;
  readonly nameTokens?: readonly Uint8Array[];
  readonly sourceId?: string;
  readonly externalTokens?: readonly Uint8Array[];
}

/** Accounts with the source that keeps each in step: those of a source, and those with these tokens. */
export async function readAccounts(archive: Sealing, sql: Sql, asked: AccountQuestion): Promise<KnownAccount[]> {
  const rows = await sql.query<AccountLinkRow>(
    `select a.id, a.role, a.fonds_id, a.unit_id, a.level_max, a.disabled, a.version, a.name_token, a.holder_token, p.source_id, p.external_token,
       p.body, p.made, p.disabled_here, p.gone, p.version as link_version
     from account a left join directory_person p on p.account_id = a.id
     where a.id = $1 or a.name_token = any($2::bytea[]) or (p.source_id = $3 and ($4::bytea[] is null or p.external_token = any($4))) order by a.id`,
    [asked.accountId ?? null, asked.nameTokens ?? [], asked.sourceId ?? null, asked.externalTokens ?? null],
  );
  return rows.map((r) => ({
    accountId: r.id,
    role: r.role,
    fondsId: r.fonds_id,
    unitId: r.unit_id,
    level: r.level_max,
    disabled: r.disabled,
    version: r.version,
    nameToken: formatHex(r.name_token),
    holderToken: r.holder_token && formatHex(r.holder_token),
    link: r.source_id === null ? null : linkOf(archive, r, r.source_id),
  }));
}

const linkOf = (archive: Sealing, r: AccountLinkRow, sourceId: string): KnownAccount['link'] => ({
  sourceId,
  externalToken: formatHex(r.external_token),
  made: r.made,
  disabledHere: r.disabled_here,
  gone: r.gone,
  version: r.link_version,
  displayName: openBody(archive, r.id, r.body).displayName,
});

/** Accounts that can do an archivist's work: by their own row or by a further post. */
export async function readArchivistIds(sql: Sql): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(
    `select a.id from account a where not a.disabled and (a.role = 'archivist'
       or exists (select 1 from post p where p.account_id = a.id and p.role = 'archivist' and p.ended_at_ms is null))`,
  );
  return new Set(rows.map((r) => r.id));
}

/** Every unit of a fonds, its name opened; the root first. */
export async function readUnits({ sealer }: Sealing, sql: Sql, fondsId: string): Promise<KnownUnit[]> {
  const rows = await sql.query<{ id: string; code: string; name: Uint8Array | null; parent_id: string | null; merged_into: string | null }>(
    'select id, code, name, parent_id, merged_into from unit where fonds_id = $1 order by parent_id is not null, code',
    [fondsId],
  );
  return rows.map((r) => ({
    id: r.id,
    code: r.code,
    name: sealer.open({ kind: 'fonds', id: fondsId }, { table: 'unit', column: 'name', rowId: r.id, version: 1 }, r.name) ?? '',
    parentId: r.parent_id,
    isMerged: r.merged_into !== null,
  }));
}

/** Units of other fonds by `FONDS/CODE`, of those that are named so. */
export async function readForeignUnits(sql: Sql, names: readonly string[]): Promise<Map<string, { fondsId: string; unitId: string }>> {
  const rows = await sql.query<{ name: string; fonds_id: string; id: string }>(
    `select f.code || '/' || u.code as name, u.fonds_id, u.id from unit u join fonds f on f.id = u.fonds_id
     where u.merged_into is null and f.code || '/' || u.code = any($1::text[])`,
    [names],
  );
  return new Map(rows.map((r) => [r.name, { fondsId: r.fonds_id, unitId: r.id }]));
}
