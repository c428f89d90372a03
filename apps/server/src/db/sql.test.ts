import { describe, expect, it } from 'vitest';
import { useTestDatabase } from './test-database.ts';

const test = useTestDatabase();
describe('statements', () => {
  it('works', async () => {
    expect(await test.db.one('select current_user::text as u, 5::bigint as n, 9007199254740993::bigint as m')).toEqual({
      u: 'lantai_app',
      n: 5,
      m: 9007199254740993n,
    });
    expect(await test.ownerDb.query('select current_user::text as u')).toEqual([{ u: 'lantai_owner' }]);
    expect((await test.ownerDb.query('select version from schema_version')).length).toBeGreaterThan(0);
  });
});
