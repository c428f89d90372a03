/**
 * A program for the tests to kill: starts the database on a folder and inserts rows one after the other.
 * Prints `{"ready":…}`, then each acknowledged number on a line of its own, or `{"failed":code}`. Argument: {@link WriterOptions} as JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isArchiveError } from '@lantai/values';
import type { EmbeddedOptions } from '../embedded/start-embedded.ts';
import { type Db, openDb, startDatabase } from '../index.ts';

export interface WriterOptions extends EmbeddedOptions {
  readonly dataFolder: string;
  /** Stops by itself, in good order, after this many rows. */
  readonly rowCount?: number;
}

const say = (line: unknown): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

/** A database that was killed comes back by itself, so an answer is waited for. */
async function insert(db: Db, n: number): Promise<void> {
  for (;;) {
    try {
      await db.query('INSERT INTO acknowledged VALUES ($1) ON CONFLICT DO NOTHING', [n]);
      return;
    } catch (error) {
      if (!isArchiveError(error, 'db/unavailable')) throw error;
      await sleep(50);
    }
  }
}

async function main({ dataFolder, rowCount = Number.POSITIVE_INFINITY, ...embedded }: WriterOptions): Promise<void> {
  const database = await startDatabase({ dataFolder }, embedded);
  const db = openDb(database.ownerConnection);
  await db.script('CREATE TABLE IF NOT EXISTS acknowledged (n bigint PRIMARY KEY)');
  const last = await db.one<{ n: number | null }>('SELECT max(n) AS n FROM acknowledged');
  say({ ready: true });
  for (let made = 1; made <= rowCount; made++) {
    const n = (last?.n ?? 0) + made;
    await insert(db, n);
    say(n);
  }
  await db.close();
  await database.stop();
}

main(JSON.parse(process.argv[2]!) as WriterOptions).catch((error: unknown) => {
  say({ failed: isArchiveError(error) ? error.code : String(error), detail: isArchiveError(error) ? error.detail : {} });
  process.exitCode = 1;
});
