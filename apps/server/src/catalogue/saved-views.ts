import { ArchiveError } from '@lantai/values';
import { type Archive, PURPOSE } from '../archive/index.ts';

/** A list's filters under a name, for one account. Both are sealed: a filter may hold a person's name. */
export interface SavedView<F> {
  readonly id: string;
  readonly name: string;
  readonly filters: F;
}

interface Row {
  id: string;
  name: Uint8Array;
  filters: Uint8Array;
}

const KEY = { kind: 'purpose', id: PURPOSE.account } as const;
const at = (column: string, rowId: string) => ({ table: 'saved_view', column, rowId, version: 1 });
const VIEWS_MAX = 100;

export async function listSavedViews<F>(archive: Archive, accountId: string): Promise<SavedView<F>[]> {
  const rows = await archive.db.query<Row>('select id, name, filters from saved_view where account_id = $1 order by id', [accountId]);
  return rows.map((r) => ({
    id: r.id,
    name: archive.sealer.get(KEY, at('name', r.id), r.name),
    filters: JSON.parse(archive.sealer.get(KEY, at('filters', r.id), r.filters)) as F,
  }));
}

/** @throws ArchiveError `saved-view/too-many` (caller) */
export async function saveView<F>(archive: Archive, accountId: string, name: string, filters: F): Promise<SavedView<F>> {
  const id = archive.clock.newId();
  const row = await archive.db.one<{ n: number }>('select count(*)::int as n from saved_view where account_id = $1', [accountId]);
  if ((row?.n ?? 0) >= VIEWS_MAX) throw new ArchiveError('saved-view/too-many', 'caller', { max: VIEWS_MAX });
  await archive.db.query('insert into saved_view (id, account_id, name, filters, created_at_ms) values ($1, $2, $3, $4, $5)', [
    id,
    accountId,
    archive.sealer.seal(KEY, at('name', id), name),
    archive.sealer.seal(KEY, at('filters', id), JSON.stringify(filters)),
    archive.clock.nowMs(),
  ]);
  return { id, name, filters };
}

/** @throws ArchiveError `saved-view/not-found` (caller) */
export async function replaceView<F>(archive: Archive, accountId: string, id: string, name: string, filters: F): Promise<SavedView<F>> {
  const changed = await archive.db.execute('update saved_view set name = $3, filters = $4 where id = $1 and account_id = $2', [
    id,
    accountId,
    archive.sealer.seal(KEY, at('name', id), name),
    archive.sealer.seal(KEY, at('filters', id), JSON.stringify(filters)),
  ]);
  if (!changed) throw new ArchiveError('saved-view/not-found', 'caller');
  return { id, name, filters };
}

/** @throws ArchiveError `saved-view/not-found` (caller) */
export async function removeView(archive: Archive, accountId: string, id: string): Promise<void> {
  if (!(await archive.db.execute('delete from saved_view where id = $1 and account_id = $2', [id, accountId])))
    throw new ArchiveError('saved-view/not-found', 'caller');
}
