import { type Archive, type PreparedObject, type PutObject, prepareObject, putObjects } from '../archive/index.ts';

/** Sealed bytes put and flushed together: what a file on its way holds in memory beside itself, and at most one part more. */
const GROUP_BYTES = 8 * 1024 * 1024;
const GROUP_PARTS = 48;

/** A part of a file: its digest, and its sealed bytes on disk once the group it travels with was put. */
export interface Arrived {
  readonly sha256: Uint8Array;
  /** @returns where it lies; only after {@link ArrivingObjects.flush} */
  readonly object: () => PutObject;
}

/**
 * Seals the parts of a file as a child hands them over and puts them on disk a group at a time, so that a document of three thousand pages
 * needs no more memory than one of thirty. No row names them yet: whoever uses them writes the rows, or {@link ArrivingObjects.discard}s them.
 * CRASH: what was put is then left over without a row; fsck names and sweeps it.
 */
export class ArrivingObjects {
  #group: { prepared: PreparedObject; settle: (object: PutObject) => void }[] = [];
  #groupBytes = 0;
  readonly #put: PutObject[] = [];

  constructor(
    private readonly archive: Archive,
    private readonly dossierId: string,
  ) {}

  /** Takes a part; resolves when there is room for the next. @throws ArchiveError `blob/…` (environment) */
  async add(kind: PreparedObject['kind'], plain: Uint8Array): Promise<Arrived> {
    const sha256 = this.archive.sealer.primitives.hash('sha256', plain);
    let at: PutObject | null = null;
    const prepared = prepareObject(this.archive, this.dossierId, kind, plain);
    this.#group.push({
      prepared,
      settle: (object) => {
        at = object;
      },
    });
    this.#groupBytes += prepared.sealed.length;
    if (this.#groupBytes >= GROUP_BYTES || this.#group.length >= GROUP_PARTS) await this.flush();
    return { sha256, object: () => at ?? notPut() };
  }

  /** Puts what is held: afterwards every part taken so far is on disk, its folder entry included. */
  async flush(): Promise<void> {
    const group = this.#group.splice(0);
    this.#groupBytes = 0;
    if (!group.length) return;
    const put = await putObjects(
      this.archive,
      group.map((g) => g.prepared),
    );
    for (const [i, object] of put.entries()) {
      this.#put.push(object);
      group[i]?.settle(object);
    }
  }

  /** Takes everything back. INVARIANT: only while no transaction that names an object may have been committed. */
  async discard(): Promise<void> {
    this.#group = [];
    this.#groupBytes = 0;
    await discardObjects(this.archive, this.#put.splice(0));
  }
}

function notPut(): never {
  throw new Error('a part is asked for before its group was put');
}

/**
 * Removes sealed objects that no row names. Failing at it harms nothing: they are then left over, which fsck names and sweeps,
 * and what made them useless is the error to report.
 */
export async function discardObjects(archive: Archive, objects: readonly PutObject[]): Promise<void> {
  await Promise.allSettled(objects.map((o) => archive.blobs.remove(o.address)));
}
