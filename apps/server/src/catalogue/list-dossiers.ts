import { maskIdNumber } from '@lantai/search';
import { ArchiveError, formatHex, utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, RESTRICTED_DOSSIERS, type Scope, scopeSql } from '../desk/index.ts';
import { searchArchive } from '../search/index.ts';
import { idNumberToken } from './id-number-token.ts';

/** Filters of a list of dossiers; those with free text make an entry that holds their keyed digest. */
export interface DossierFilters {
  readonly code?: string | undefined;
  readonly states?: readonly string[] | undefined;
  readonly fondsId?: string | undefined;
  readonly unitId?: string | undefined;
  readonly schemeId?: string | undefined;
  readonly copySet?: string | undefined;
  readonly subjectKind?: string | undefined;
  readonly classCode?: string | undefined;
  readonly toDo?: 'unread' | 'needs_person' | 'proposed' | 'loose' | undefined;
  readonly birthYearFrom?: number | undefined;
  readonly birthYearTo?: number | undefined;
  readonly changedFromMs?: number | undefined;
  readonly changedToMs?: number | undefined;
  readonly name?: string | undefined;
  readonly idNumber?: string | undefined;
  readonly tag?: string | undefined;
  readonly sort?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** A dossier as a line of a list, its name and tags opened for this answer. */
export interface DossierLine {
  readonly id: string;
  readonly code: string;
  readonly fondsId: string;
  readonly unitId: string;
  readonly schemeId: string;
  readonly copySet: 'original' | 'duplicate';
  readonly subjectKind: 'person' | 'unit' | 'matter';
  readonly name: string;
  readonly sex: 'male' | 'female' | null;
  readonly birthYear: number | null;
  readonly idNumberMasked: string | null;
  readonly state: 'open' | 'in_review' | 'filed' | 'closed';
  readonly category: string;
  readonly level: number;
  readonly tags: readonly string[];
  readonly materialCount: number;
  readonly pageCount: number;
  readonly toDo: { readonly unread: number; readonly needsPerson: number; readonly proposed: number; readonly loose: number };
  readonly changedAtMs: number;
  readonly version: number;
  /** Processing is restricted (限制处理): kept, and not to be worked upon. */
  readonly restricted: boolean;
}

interface Row {
  id: string;
  code: string;
  fonds_id: string;
  unit_id: string;
  scheme: string;
  copy_set: DossierLine['copySet'];
  kind: DossierLine['subjectKind'];
  subject_id: string;
  subject_version: number;
  name: Uint8Array;
  id_number: Uint8Array | null;
  sex: DossierLine['sex'];
  birth_year: number | null;
  state: DossierLine['state'];
  category: string;
  level: number;
  tags: Uint8Array | null;
  material_count: number;
  page_count: number;
  unread: number;
  needs_person: number;
  proposed: number;
  loose: number;
  changed_at_ms: number;
  version: number;
  restricted: boolean;
}

const COLUMNS = `d.id, d.code, d.fonds_id, d.unit_id, d.scheme, d.copy_set, s.kind, d.subject_id, s.version as subject_version, s.name, s.id_number, s.sex, s.birth_year,
  d.state, d.category, d.level, d.tags, d.material_count, d.page_count, d.changed_at_ms, d.version,
  d.id in (select h.id from (${RESTRICTED_DOSSIERS}) h) as restricted,
  t.unread, t.needs_person, t.loose, (select count(*)::int from material m where m.dossier_id = d.id and m.state = 'proposed') as proposed`;
const FROM = `dossier d join subject s on s.id = d.subject_id`;
const TO_DO = `cross join lateral (select count(*) filter (where p.read_state = 'waiting')::int as unread, count(*) filter (where p.read_state = 'needs_person')::int as needs_person,
  count(*) filter (where p.material_id is null)::int as loose from page p where p.dossier_id = d.id and p.superseded_by is null) t`;

const COUNT_MAX = 1000;
const PAGE_LIMIT = 100;
/** A list sorted by name is opened whole first; above this the screen asks to narrow. */
const NAME_SORT_MAX = 2000;

const ORDERS: Readonly<Record<string, { sql: string; key: (r: Row) => string | number; type: string; op: '>' | '<'; column: string }>> = {
  code: { sql: 'd.code, d.id', key: (r) => r.code, type: 'text', op: '>', column: 'd.code' },
  '-code': { sql: 'd.code desc, d.id desc', key: (r) => r.code, type: 'text', op: '<', column: 'd.code' },
  changed: { sql: 'd.changed_at_ms, d.id', key: (r) => r.changed_at_ms, type: 'bigint', op: '>', column: 'd.changed_at_ms' },
  '-changed': { sql: 'd.changed_at_ms desc, d.id desc', key: (r) => r.changed_at_ms, type: 'bigint', op: '<', column: 'd.changed_at_ms' },
  state: { sql: 'd.state, d.id', key: (r) => r.state, type: 'text', op: '>', column: 'd.state' },
  birthYear: {
    sql: 'coalesce(s.birth_year, 9999), d.id',
    key: (r) => r.birth_year ?? 9999,
    type: 'int',
    op: '>',
    column: 'coalesce(s.birth_year, 9999)',
  },
  '-birthYear': {
    sql: 'coalesce(s.birth_year, 0) desc, d.id desc',
    key: (r) => r.birth_year ?? 0,
    type: 'int',
    op: '<',
    column: 'coalesce(s.birth_year, 0)',
  },
};

/** Collects conditions with numbered parameters. */
class Where {
  readonly params: unknown[] = [];
  readonly parts: string[] = [];

  /** Adds a condition when the value is there; `?` stands for its parameter. */
  add(sql: string, value: unknown): void {
    if (value === undefined) return;
    this.params.push(value);
    this.parts.push(sql.replaceAll('?', `$${this.params.length}`));
  }

  scope(scope: Scope): void {
    const s = scopeSql(scope, 'd', this.params.length + 1);
    this.params.push(...s.params);
    this.parts.push(s.sql);
  }

  /** Whether any condition is one of the subject's. */
  get asksSubject(): boolean {
    return this.parts.some((part) => /\bs\./.test(part));
  }

  get sql(): string {
    return this.parts.join(' and ');
  }
}

const TO_DO_SQL: Readonly<Record<NonNullable<DossierFilters['toDo']>, string>> = {
  unread: `exists (select 1 from page p where p.dossier_id = d.id and p.read_state = 'waiting' and p.superseded_by is null)`,
  needs_person: `exists (select 1 from page p where p.dossier_id = d.id and p.read_state = 'needs_person' and p.superseded_by is null)`,
  proposed: `exists (select 1 from material m where m.dossier_id = d.id and m.state = 'proposed')`,
  loose: 'exists (select 1 from page p where p.dossier_id = d.id and p.material_id is null and p.superseded_by is null)',
};

async function conditions(archive: Archive, desk: Desk, scope: Scope, f: DossierFilters): Promise<Where> {
  const where = new Where();
  where.scope(scope);
  where.add(
    '(starts_with(d.code, ?) or d.id in (select c.dossier_id from dossier_code c where starts_with(c.code, ?)))',
    f.code || undefined,
  );
  where.add('d.state = any(?::text[])', f.states?.length ? f.states : undefined);
  where.add('d.fonds_id = ?', f.fondsId);
  where.add(
    'd.unit_id in (with recursive sub(id) as (select ?::uuid union all select u.id from unit u join sub on u.parent_id = sub.id) select id from sub)',
    f.unitId,
  );
  where.add('d.scheme = ?', f.schemeId);
  where.add('d.copy_set = ?', f.copySet);
  where.add('s.kind = ?', f.subjectKind);
  where.add('exists (select 1 from material m where m.dossier_id = d.id and m.class_code = ?)', f.classCode);
  where.add('s.birth_year >= ?', f.birthYearFrom);
  where.add('s.birth_year <= ?', f.birthYearTo);
  where.add('d.changed_at_ms >= ?', f.changedFromMs);
  where.add('d.changed_at_ms <= ?', f.changedToMs);
  if (f.toDo) where.parts.push(TO_DO_SQL[f.toDo]);
  if (f.name) where.add('d.id = any(?::uuid[])', await findByName(desk, f.name));
  if (f.idNumber) {
    const fonds = await archive.db.query<{ id: string }>('select id from fonds where $1::uuid is null or id = $1', [desk.actor.fondsId]);
    where.add(
      's.id_number_token = any(?::bytea[])',
      fonds.map(({ id }) => idNumberToken(archive.sealer, id, f.idNumber ?? '')),
    );
  }
  return where;
}

/** Dossiers by part of a name, by pinyin or by initials: the search of the catalogue does it, with its own entry. */
async function findByName(desk: Desk, name: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const found = await searchArchive(desk, { query: name, filters: { kinds: ['dossier'] }, limit: 100, cursor });
    ids.push(...found.hits.map((h) => h.dossierId));
    cursor = found.cursor;
  } while (cursor && ids.length < NAME_SORT_MAX);
  return ids;
}

/** Keyed digest of what was asked, for the log: the same question can be recognised by whoever holds the audit key, and by nobody else. */
function questionDigest(archive: Archive, f: DossierFilters): string {
  const key = archive.sealer.subkey({ kind: 'purpose', id: 'audit' }, 'lantai/query-digest/v1');
  return formatHex(archive.sealer.primitives.hmac('sha256', key, utf8(JSON.stringify([f.name, f.idNumber, f.tag]))).subarray(0, 16));
}

/**
 * Lists dossiers inside the scope; one entry. @throws ArchiveError `list/too-many-to-sort` (caller) when a sort by name would open more than 2,000
 */
export function listDossiers(
  archive: Archive,
  desk: Desk,
  filters: DossierFilters,
): Promise<{ items: DossierLine[]; nextCursor: string | null; count: { value: number; more: boolean } }> {
  return desk.act('dossier.list', async (tx, scope) => {
    const where = await conditions(archive, desk, scope, filters);
    const isFree = !!(filters.name || filters.idNumber || filters.tag);
    if (!filters.cursor)
      await tx.log({
        kind: 'dossiers.listed',
        ...(isFree
          ? { params: { query: questionDigest(archive, filters) }, detail: JSON.stringify([filters.name, filters.idNumber, filters.tag]) }
          : {}),
      });
    const counted = await tx.one<{ n: number }>(
      `select count(*)::int as n from (select 1 from ${where.asksSubject ? FROM : 'dossier d'} where ${where.sql} limit ${COUNT_MAX + 1}) x`,
      where.params,
    );
    const n = counted?.n ?? 0;
    const count = { value: Math.min(n, COUNT_MAX), more: n > COUNT_MAX };
    const limit = filters.limit ?? PAGE_LIMIT;
    if (filters.sort === 'name' || filters.tag) return { ...(await openedWhole(tx, archive, where, filters, limit)), count };
    const order = ORDERS[filters.sort ?? '-changed'] ?? ORDERS['-changed']!;
    if (filters.cursor) {
      const [key, id] = readCursor(filters.cursor);
      where.params.push(key, id);
      where.parts.push(`(${order.column}, d.id) ${order.op} ($${where.params.length - 1}::${order.type}, $${where.params.length}::uuid)`);
    }
    // Which lines first, what is to be done in them then: otherwise the pages of every dossier are counted to show fifty.
    const rows = await tx.query<Row>(
      `select ${COLUMNS} from ${FROM} ${TO_DO}
       where d.id in (select d.id from ${FROM} where ${where.sql} order by ${order.sql} limit ${limit + 1}) order by ${order.sql}`,
      where.params,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((r) => toLine(archive, r)),
      nextCursor: rows.length > limit && last ? cursorOf(order.key(last), last.id) : null,
      count,
    };
  });
}

/** Lists that need what is sealed, a name's order or a tag: opened whole, up to a bound. */
async function openedWhole(tx: DeskTx, archive: Archive, where: Where, f: DossierFilters, limit: number) {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} from ${FROM} ${TO_DO} where ${where.sql} order by d.code limit ${NAME_SORT_MAX + 1}`,
    where.params,
  );
  if (rows.length > NAME_SORT_MAX) throw new ArchiveError('list/too-many-to-sort', 'caller', { max: NAME_SORT_MAX });
  const collator = new Intl.Collator('zh-CN-u-co-pinyin');
  const lines = rows.map((r) => toLine(archive, r)).filter((l) => !f.tag || l.tags.includes(f.tag));
  if (f.sort === 'name') lines.sort((a, b) => collator.compare(a.name, b.name) || (a.code < b.code ? -1 : 1));
  const from = Number(f.cursor ?? 0) || 0;
  return { items: lines.slice(from, from + limit), nextCursor: lines.length > from + limit ? String(from + limit) : null };
}

const cursorOf = (key: string | number, id: string) => Buffer.from(JSON.stringify([key, id])).toString('base64url');

function readCursor(cursor: string): [string | number, string] {
  try {
    const [key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [string | number, string];
    if ((typeof key === 'string' || typeof key === 'number') && /^[0-9a-f-]{36}$/.test(id)) return [key, id];
  } catch {
    // Falls through to the refusal: a cursor that is not ours.
  }
  throw new ArchiveError('request/malformed', 'caller');
}

/** The lines of these dossiers inside the scope, in no order. */
export async function findLines(tx: DeskTx, archive: Archive, scope: Scope, ids: readonly string[]): Promise<DossierLine[]> {
  const where = new Where();
  where.scope(scope);
  where.add('d.id = any(?::uuid[])', ids);
  const rows = await tx.query<Row>(`select ${COLUMNS} from ${FROM} ${TO_DO} where ${where.sql}`, where.params);
  return rows.map((r) => toLine(archive, r));
}

function toLine(archive: Archive, r: Row): DossierLine {
  const { sealer } = archive;
  const subject = { kind: 'dossier', id: r.subject_id } as const;
  const at = (column: string) => ({ table: 'subject', column, rowId: r.subject_id, version: r.subject_version });
  const idNumber = sealer.open(subject, at('id_number'), r.id_number);
  const tags = sealer.open({ kind: 'dossier', id: r.id }, { table: 'dossier', column: 'tags', rowId: r.id, version: r.version }, r.tags);
  return {
    id: r.id,
    code: r.code,
    fondsId: r.fonds_id,
    unitId: r.unit_id,
    schemeId: r.scheme,
    copySet: r.copy_set,
    subjectKind: r.kind,
    name: sealer.get(subject, at('name'), r.name),
    sex: r.sex,
    birthYear: r.birth_year,
    // Region and last four: enough to tell two persons of one name apart, too little to misuse.
    idNumberMasked: idNumber ? maskIdNumber(idNumber) : null,
    state: r.state,
    category: r.category,
    level: r.level,
    tags: tags ? (JSON.parse(tags) as string[]) : [],
    materialCount: r.material_count,
    pageCount: r.page_count,
    toDo: { unread: r.unread, needsPerson: r.needs_person, proposed: r.proposed, loose: r.loose },
    changedAtMs: r.changed_at_ms,
    version: r.version,
    restricted: r.restricted,
  };
}
