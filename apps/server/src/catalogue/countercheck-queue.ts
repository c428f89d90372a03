import { Masker } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import { accountNames, accountsOfPerson } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { type CheckRow, openCheckWords, REQUIRED_SQL } from '../countercheck/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';

/** A confirmed material that waits for a person, or was returned. */
export interface CountercheckLine {
  readonly materialId: string;
  readonly dossierId: string;
  readonly dossierCode: string;
  /** Of the dossier's subject. */
  readonly name: string;
  readonly schemeId: string;
  readonly classCode: string | null;
  readonly title: string | null;
  readonly pages: number;
  readonly firstNames: readonly string[];
  readonly sinceMs: number;
  /** Who returned it, and why; empty where nobody did. */
  readonly secondName: string;
  readonly words: string;
}

/** For whom the queue is asked: as second person 复核, what others confirmed; as first 著录, what came back. */
export type CountercheckSide = 'second' | 'first';

interface Row extends Omit<CheckRow, 'id' | 'state' | 'first_by'> {
  readonly check_id: string | null;
  readonly first_by: readonly string[] | null;
  readonly id: string;
  readonly dossier_code: string;
  readonly scheme: string;
  readonly subject_id: string;
  readonly class_code: string | null;
  readonly title: Uint8Array | null;
  readonly page_count: number;
  readonly version: number;
  readonly since_ms: number;
  readonly name: Uint8Array;
  readonly subject_version: number;
}

const LIMIT = 50;
const COUNT_MAX = 1000;

/** What was confirmed before the mode was on waits in dossiers that are not filed yet; a filed one is asked for again when it is changed. */
const WAITS = `m.state = 'confirmed' and ((c.id is null and d.state in ('open', 'in_review')) or c.state = 'waiting')`;
/** SQL: all of it is one's own. Parameter: the own accounts. */
const sole = (mine: string) => `(c.id is not null and not c.first_unknown and c.first_by <@ ${mine}::uuid[])`;
/** SQL: it comes back to this person: a first, or nobody who could answer is left. */
const answers = (mine: string) => `(c.first_unknown or c.first_by && ${mine}::uuid[]
  or not exists (select 1 from account a where a.id = any(c.first_by) and not a.disabled))`;

const FROM = `dossier d join material m on m.dossier_id = d.id left join countercheck c on c.material_id = m.id and c.state <> 'overtaken'`;

const SIDES: Readonly<Record<CountercheckSide | 'others', (mine: string) => string>> = {
  second: (mine) => `${WAITS} and not ${sole(mine)}`,
  first: (mine) => `c.state = 'returned' and ${answers(mine)}`,
  // One's own, which only somebody else can pass.
  others: (mine) => `${WAITS} and ${sole(mine)}`,
};

/** How much waits on each side, exact to a thousand. */
export type CountercheckCounts = Readonly<Record<CountercheckSide | 'others', { readonly value: number; readonly more: boolean }>>;

/**
 * What waits for this person in two-person mode (待复核、退回): inside the scope of who may arrange it, the longest waiting first; one entry.
 * @param request `cursor` of the page before; `limit` 1 to 500, default 50
 * @throws ArchiveError `request/malformed` for a cursor that is none, `desk/not-allowed` (caller)
 */
export async function listCounterchecks(
  archive: Archive,
  desk: Desk,
  request: { readonly as: CountercheckSide; readonly cursor?: string | undefined; readonly limit?: number | undefined },
): Promise<{ items: CountercheckLine[]; nextCursor: string | null; counts: CountercheckCounts }> {
  const after = request.cursor ? readCursor(request.cursor) : null;
  const limit = request.limit ?? LIMIT;
  const mine = await accountsOfPerson(archive, desk.actor.accountId);
  return desk.act('material.change', async (tx, scope) => {
    if (!after) await tx.log({ kind: 'countercheck.listed' });
    const rows = await readLines(tx, scope, mine, { as: request.as, after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const accounts = shown.flatMap((row) => [...(row.first_by ?? []), ...(row.second_by ? [row.second_by] : [])]);
    const names = await accountNames(archive, tx, [...new Set(accounts)]);
    return {
      items: shown.map((row) => toLine(archive, row, names)),
      nextCursor: rows.length > limit && last ? Buffer.from(JSON.stringify([last.since_ms, last.id])).toString('base64url') : null,
      counts: {
        second: await count(tx, scope, mine, 'second'),
        first: await count(tx, scope, mine, 'first'),
        others: await count(tx, scope, mine, 'others'),
      },
    };
  });
}

function readLines(
  tx: DeskTx,
  scope: Scope,
  mine: readonly string[],
  { as, after, limit }: { readonly as: CountercheckSide; readonly after: readonly [number, string] | null; readonly limit: number },
): Promise<Row[]> {
  const seen = scopeSql(scope, 'd', 2);
  const at = 1 + seen.params.length;
  const beyond = after ? ` and (coalesce(c.created_at_ms, m.changed_at_ms), m.id) > ($${at + 1}::bigint, $${at + 2}::uuid)` : '';
  return tx.query<Row>(
    `select x.*, s.name, s.version as subject_version from (
       select m.id, m.dossier_id, d.code as dossier_code, d.scheme, d.subject_id, m.class_code, m.title, m.page_count, m.version,
         c.id as check_id, c.material_id, c.first_by, c.first_unknown, c.second_by, c.decided_at_ms, c.words, c.answer, c.created_at_ms,
         coalesce(c.created_at_ms, m.changed_at_ms) as since_ms
       from ${FROM} where ${REQUIRED_SQL} and ${SIDES[as]('$1')} and ${seen.sql}${beyond}
       order by since_ms, m.id limit ${limit}) x join subject s on s.id = x.subject_id order by x.since_ms, x.id`,
    [mine, ...seen.params, ...(after ?? [])],
  );
}

async function count(tx: DeskTx, scope: Scope, mine: readonly string[], side: CountercheckSide | 'others') {
  const seen = scopeSql(scope, 'd', 2);
  const row = await tx.one<{ n: number }>(
    `select count(*)::int as n from (select 1 from ${FROM} where ${REQUIRED_SQL} and ${SIDES[side]('$1')} and ${seen.sql} limit ${COUNT_MAX + 1}) x`,
    [mine, ...seen.params],
  );
  const n = row?.n ?? 0;
  return { value: Math.min(n, COUNT_MAX), more: n > COUNT_MAX };
}

function toLine({ sealer }: Archive, row: Row, names: ReadonlyMap<string, string>): CountercheckLine {
  const title = sealer.open(
    { kind: 'dossier', id: row.dossier_id },
    { table: 'material', column: 'title', rowId: row.id, version: row.version },
    row.title,
  );
  const masker = new Masker();
  const words = row.check_id === null ? '' : openCheckWords(sealer, 'words', { ...row, id: row.check_id });
  return {
    materialId: row.id,
    dossierId: row.dossier_id,
    dossierCode: row.dossier_code,
    name: sealer.get(
      { kind: 'dossier', id: row.subject_id },
      { table: 'subject', column: 'name', rowId: row.subject_id, version: row.subject_version },
      row.name,
    ),
    schemeId: row.scheme,
    classCode: row.class_code,
    title: title === null ? null : masker.text(title),
    pages: row.page_count,
    firstNames: (row.first_by ?? []).map((id) => names.get(id) ?? ''),
    sinceMs: row.since_ms,
    secondName: row.second_by ? (names.get(row.second_by) ?? '') : '',
    words: masker.text(words),
  };
}

function readCursor(cursor: string): [number, string] {
  try {
    const [sinceMs, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown, unknown];
    if (Number.isSafeInteger(sinceMs) && typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)) return [sinceMs as number, id];
  } catch {
    // Falls through to the refusal: a cursor that is not ours.
  }
  throw new ArchiveError('request/malformed', 'caller');
}
