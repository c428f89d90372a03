import type { Session } from '../db/index.ts';

/** Key of the advisory lock: one log in a database. The bytes of "lant" and "log". */
const LOCK_KEYS = [0x6c616e74, 0x6c6f67] as const;

/** Takes the log's lock for this session, if nobody has it. It ends with the session. */
export async function tryLock(session: Session): Promise<boolean> {
  const row = await session.one<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', LOCK_KEYS);
  return row!.locked;
}
