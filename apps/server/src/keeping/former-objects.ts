import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Archive, writeDurably } from '../archive/index.ts';

const ADDRESS_BYTES = 32;
const FOLDER = 'rekey';
const FILE = 'former-objects';

/** Anyone who walks rows and bytes together holds this shared; removing bytes that were sealed anew wants it alone. "lantai" and 2. */
const OBJECTS_STAY_LOCK = [0x6c616e74, 2] as const;

/** Objects sealed anew leave bytes behind that no row names. Until they are removed their addresses stand in `<data>/rekey/former-objects`. */
export class FormerObjects {
  readonly #archive: Archive;
  readonly #path: string;

  constructor(archive: Archive) {
    this.#archive = archive;
    this.#path = join(archive.config.dataFolder, FOLDER, FILE);
  }

  /**
   * Writes down, durably, addresses that are about to be replaced.
   * CRASH: before the rows are changed: they are still named by a row, and stay. After it: they are removed when the work goes on.
   */
  add(addresses: readonly Uint8Array[]): void {
    if (!addresses.length) return;
    mkdirSync(join(this.#path, '..'), { recursive: true, mode: 0o700 });
    const file = openSync(this.#path, 'a', 0o600);
    try {
      for (const address of addresses) writeSync(file, address);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** The addresses written down. An address cut by a crash at the end is dropped: its row was not changed yet. */
  list(): Uint8Array[] {
    if (!existsSync(this.#path)) return [];
    const bytes = readFileSync(this.#path);
    const count = Math.floor(bytes.length / ADDRESS_BYTES);
    return Array.from({ length: count }, (_, i) => new Uint8Array(bytes.subarray(i * ADDRESS_BYTES, (i + 1) * ADDRESS_BYTES)));
  }

  /**
   * Removes the bytes that no row names any more. Does nothing while a backup or a check walks the objects: they are removed next time.
   * INVARIANT: old bytes go only after the transaction that names the new ones is durable. CRASH: what was removed is removed again, which is no error.
   * @returns false when somebody walks the objects
   */
  async remove(): Promise<boolean> {
    const addresses = this.list();
    if (!addresses.length) return true;
    return this.#archive.db.system('rekey').session(async (session) => {
      const lock = await session.one<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [...OBJECTS_STAY_LOCK]);
      if (!lock?.got) return false;
      const named = await session.query<{ address: Uint8Array }>('select address from stored_object where address = any($1::bytea[])', [
        addresses,
      ]);
      const stay = new Set(named.map((row) => Buffer.from(row.address).toString('hex')));
      for (const address of addresses) {
        if (!stay.has(Buffer.from(address).toString('hex'))) await this.#archive.blobs.remove(address);
      }
      writeDurably(this.#path, new Uint8Array(), 0o600);
      return true;
    });
  }
}

/** Keeps the bytes of every object that a row names, or named when `work` began, until `work` ends. */
export function whileObjectsStay<T>(archive: Archive, work: () => Promise<T>): Promise<T> {
  return archive.db.system('rekey').session(async (session) => {
    await session.query('select pg_advisory_lock_shared($1, $2)', [...OBJECTS_STAY_LOCK]);
    return work();
  });
}
