import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../db/test-database.ts';
import { DOSSIER_FOLLOWERS } from './dossier-followers.ts';

/** Tables with a dossier and a place that do not lie where their dossier lies now, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  catalogue_gram: 'tokens: filed anew with the rows (refileDossiers)',
  destruction: 'a record of where it lay when it was decided',
  entry: 'the log: what was, stays',
};

describe('tables whose rows follow their dossier', () => {
  const database = useTestDatabase();

  it('are all tables that name a dossier and a place of their own', async () => {
    const rows = await database.ownerDb.query<{ name: string }>(
      `select table_name as name from information_schema.columns
       where table_schema = 'public' and column_name in ('dossier_id', 'unit_id', 'category', 'level')
       group by table_name having count(*) = 4 order by 1`,
    );
    const named = rows.map((r) => r.name).filter((name) => !(name in ELSEWHERE));
    expect(named).toEqual([...DOSSIER_FOLLOWERS].sort());
  });
});
