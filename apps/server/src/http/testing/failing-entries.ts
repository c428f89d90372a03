import { ArchiveError } from '@lantai/values';
import type { Db, Tx } from '../../db/index.ts';

/** Whether entries can be written now. */
export interface EntrySwitch {
  fails: boolean;
}

const APPENDS = /^\s*insert into entry\b/i;

/** A database that takes everything but entries while the switch says so; the failing statement really fails in its transaction. */
export function withoutEntries(db: Db, entries: EntrySwitch): Db {
  return {
    ...db,
    system: (task) => withoutEntries(db.system(task), entries),
    tx: (work, options) =>
      db.tx(
        (tx) =>
          work({
            ...tx,
            query: async (text: string, params?: readonly unknown[]) => {
              if (!entries.fails || !APPENDS.test(text)) return tx.query(text, params);
              // Whoever swallowed this must not be able to commit.
              await tx.query('select 1 / 0').catch(() => undefined);
              throw new ArchiveError('db/disk-full', 'environment');
            },
          } as Tx),
        options,
      ),
  };
}
