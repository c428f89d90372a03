import { isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { DOSSIER_FOLLOWERS } from '../catalogue/index.ts';
import type { FsckWalk } from './fsck-report.ts';
import { SEALED_TABLES, type SealedRow, sealedValueOf, selectSealed } from './sealed-columns.ts';

const BATCH = 500;

/** Opens every sealed column of every row. */
export async function checkSealedColumns(archive: Archive, walk: FsckWalk): Promise<void> {
  for (const t of SEALED_TABLES) {
    let after: unknown[] = [];
    for (;;) {
      const rows = await archive.db.system('fsck').query<SealedRow>(selectSealed(t, after.length === 0, BATCH), after);
      for (const row of rows) {
        for (const column of t.columns.keys()) {
          const value = sealedValueOf(t, row, column);
          if (!value) continue;
          open(walk, `${t.table}/${row.row_id}`, () => archive.sealer.openBytes(value.ref, value.place, value.sealed));
          walk.rows++;
        }
      }
      const last = rows.at(-1);
      if (!last) break;
      after = t.key.map((_, i) => last[`k${i}`]);
    }
  }
}

function open(walk: FsckWalk, what: string, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    // A destroyed key is disposal, not damage.
    if (error.code === 'key/destroyed') return;
    walk.add(error.code === 'key/missing' ? 'missing' : 'altered', error.code, what);
  }
}

/** Questions whose answer must be empty: rows that contradict each other. */
const CONTRADICTIONS: readonly { readonly code: string; readonly kind: 'missing' | 'altered' | 'left_over'; readonly sql: string }[] = [
  {
    code: 'fsck/page-without-index',
    kind: 'missing',
    sql: `select p.id::text as what from page p where p.read_state = 'read' and p.superseded_by is null and not exists (select 1 from page_gram g where g.page_id = p.id)`,
  },
  {
    code: 'fsck/page-without-reading',
    kind: 'missing',
    sql: `select p.id::text as what from page p where p.read_state = 'read' and not exists (select 1 from reading r where r.page_id = p.id and r.current)`,
  },
  {
    code: 'fsck/page-count',
    kind: 'missing',
    sql: 'select d.id::text as what from dossier d where d.page_count <> (select count(*) from page p where p.dossier_id = d.id and p.superseded_by is null)',
  },
  {
    code: 'fsck/file-pages',
    kind: 'missing',
    sql: 'select f.id::text as what from source_file f where f.page_count <> (select count(*) from page p where p.source_file_id = f.id)',
  },
  {
    code: 'fsck/superseded-page',
    kind: 'altered',
    sql: `select p.id::text as what from page p left join page_replacement r on r.page_id = p.id and r.ended_at_ms is null
      where p.superseded_by is distinct from r.by_page_id or (p.superseded_by is not null and exists (select 1 from page_gram g where g.page_id = p.id))`,
  },
  {
    code: 'fsck/object-unused',
    kind: 'left_over',
    sql: "select encode(o.address, 'hex') as what from stored_object o where not exists (select 1 from page p where p.object_address = o.address) and not exists (select 1 from source_file f where f.object_address = o.address) and not exists (select 1 from optimised_image i where i.object_address = o.address)",
  },
];

/** Asks whether the rows agree with each other. */
export async function checkContradictions(archive: Archive, walk: FsckWalk): Promise<void> {
  for (const c of CONTRADICTIONS)
    for (const row of await archive.db.system('fsck').query<{ what: string }>(c.sql)) walk.add(c.kind, c.code, row.what);
  for (const table of DOSSIER_FOLLOWERS) {
    const rows = await archive.db.system('fsck').query<{ what: string }>(
      `select distinct f.dossier_id::text as what from ${table} f join dossier d on d.id = f.dossier_id
       where (f.fonds_id, f.unit_id, f.category, f.level) is distinct from (d.fonds_id, d.unit_id, d.category, d.level)`,
    );
    for (const { what } of rows) walk.add('altered', 'fsck/place-differs', `${table} of dossier/${what}`);
  }
}

/** Every dossier, subject and fonds has its key, and every key its row. */
export async function checkKeys(archive: Archive, walk: FsckWalk): Promise<void> {
  const wanted = await archive.db
    .system('fsck')
    .query<{ kind: 'fonds' | 'dossier'; id: string }>(
      `select 'fonds' as kind, id from fonds union all select 'dossier', id from dossier union all select 'dossier', id from subject`,
    );
  const named = new Set(wanted.map((w) => `${w.kind}/${w.id}`));
  for (const { kind, id } of wanted)
    if (!archive.keys.isDestroyed(kind, id) && !archive.keys.find(kind, id)) walk.add('missing', 'key/missing', `${kind}/${id}`);
  for (const key of archive.keys.list()) {
    walk.keys++;
    if (key.kind !== 'purpose' && key.destroyedAtMs === undefined && !named.has(`${key.kind}/${key.id}`))
      walk.add('left_over', 'fsck/key-without-row', `${key.kind}/${key.id}`);
  }
}

/**
 * Destroyed keys and the register of destructions say the same: a key that is gone without its record is missing, and what was approved and not
 * carried out is left over. What was destroyed by law is counted, and is no damage.
 */
export async function checkDestructions(archive: Archive, walk: FsckWalk): Promise<void> {
  const rows = await archive.db
    .system('fsck')
    .query<{ dossier_id: string; subject_id: string; with_subject: boolean; done: boolean }>(
      'select dossier_id, subject_id, with_subject, done_at_ms is not null as done from destruction',
    );
  const recorded = new Set(rows.flatMap((r) => (r.with_subject ? [r.dossier_id, r.subject_id] : [r.dossier_id])));
  for (const row of rows) {
    if (!row.done) walk.add('left_over', 'fsck/destruction-unfinished', `dossier/${row.dossier_id}`);
    else if (archive.keys.find('dossier', row.dossier_id)) walk.add('altered', 'fsck/destruction-undone', `dossier/${row.dossier_id}`);
    else walk.destroyed++;
  }
  for (const key of archive.keys.list())
    if (key.kind === 'dossier' && key.destroyedAtMs !== undefined && !recorded.has(key.id))
      walk.add('missing', 'fsck/key-destroyed-unrecorded', `dossier/${key.id}`);
}
