import { ArchiveError } from '@lantai/values';
import { isKeyId, type KeyKind, type KeyName, type KeyRecord, type KeyRenewal, type KeyStore, type NewKey } from '../key-store.ts';
import type { SuiteId } from '../primitives.ts';

/** What a {@link MemoryKeyStore} takes from outside. */
export interface MemoryKeyStoreSource {
  readonly random: (length: number) => Uint8Array;
  readonly nowMs: () => number;
  /** Default `intl`. */
  readonly suite?: SuiteId;
}

const KEY_LENGTH = 32;
const nameOf = (kind: KeyKind, id: string) => `${kind}/${id}`;

/** A {@link KeyStore} in memory, for tests: keys lie clear and nothing survives the process. */
export class MemoryKeyStore implements KeyStore {
  readonly #source: MemoryKeyStoreSource;
  readonly #records = new Map<string, KeyRecord>();
  readonly #keys = new Map<string, Uint8Array>();
  /** Newest first. */
  readonly #former = new Map<string, Uint8Array[]>();
  #suite: SuiteId;
  #epoch = 1;

  constructor(source: MemoryKeyStoreSource) {
    this.#source = source;
    this.#suite = source.suite ?? 'intl';
  }

  async create(kind: KeyKind, id: string, parent: KeyName | null): Promise<void> {
    await this.createMany([{ kind, id, parent }]);
  }

  async createMany(keys: readonly NewKey[]): Promise<void> {
    const made = new Map<string, KeyRecord>();
    for (const { kind, id, parent } of keys) {
      if (!isKeyId(id)) throw new ArchiveError('key/id-malformed', 'caller', { kind });
      const name = nameOf(kind, id);
      const known = this.#records.get(name) ?? made.get(name);
      if (this.isDestroyed(kind, id)) throw new ArchiveError('key/destroyed', 'caller', { kind, id });
      if (known) {
        if (!isSameParent(known.parent, parent)) throw new ArchiveError('key/other-parent', 'caller', { kind, id });
        continue;
      }
      if (parent && this.isDestroyed(parent.kind, parent.id)) throw new ArchiveError('key/destroyed', 'caller', { ...parent });
      const parentName = parent && nameOf(parent.kind, parent.id);
      if (parentName && !this.#records.has(parentName) && !made.has(parentName)) {
        throw new ArchiveError('key/parent-missing', 'caller', { kind, id });
      }
      made.set(name, { kind, id, parent, createdAtMs: this.#source.nowMs() });
    }
    for (const [name, record] of made) {
      this.#records.set(name, record);
      this.#keys.set(name, this.#source.random(KEY_LENGTH));
    }
  }

  find(kind: KeyKind, id: string): Uint8Array | null {
    return this.isDestroyed(kind, id) ? null : (this.#keys.get(nameOf(kind, id))?.slice() ?? null);
  }

  get(kind: KeyKind, id: string): Uint8Array {
    if (this.isDestroyed(kind, id)) throw new ArchiveError('key/destroyed', 'caller', { kind, id });
    const key = this.find(kind, id);
    if (!key) throw new ArchiveError('key/missing', 'corruption', { kind, id });
    return key;
  }

  async destroy(kind: KeyKind, id: string): Promise<void> {
    await this.destroyMany([{ kind, id }]);
  }

  async destroyMany(keys: readonly KeyName[]): Promise<void> {
    const malformed = keys.find(({ id }) => !isKeyId(id));
    if (malformed) throw new ArchiveError('key/id-malformed', 'caller', { kind: malformed.kind });
    const now = this.#source.nowMs();
    for (const { kind, id } of keys) {
      const name = nameOf(kind, id);
      const known = this.#records.get(name) ?? { kind, id, parent: null, createdAtMs: now };
      if (known.destroyedAtMs === undefined) this.#records.set(name, { ...known, destroyedAtMs: now });
      this.#keys.get(name)?.fill(0);
      this.#keys.delete(name);
      this.#former.delete(name);
    }
  }

  isDestroyed(kind: KeyKind, id: string): boolean {
    const record = this.#records.get(nameOf(kind, id));
    if (!record) return false;
    return record.destroyedAtMs !== undefined || (record.parent !== null && this.isDestroyed(record.parent.kind, record.parent.id));
  }

  list(): Iterable<KeyRecord> {
    return [...this.#records.values()];
  }

  get suite(): SuiteId {
    return this.#suite;
  }

  get epoch(): number {
    return this.#epoch;
  }

  findFormer(kind: KeyKind, id: string): Uint8Array[] {
    return this.isDestroyed(kind, id) ? [] : (this.#former.get(nameOf(kind, id)) ?? []).map((key) => key.slice());
  }

  /** Keys in memory are not wrapped: a new root key changes nothing. */
  async renew({ suite, gets }: KeyRenewal): Promise<void> {
    for (const { kind, id } of this.#records.values()) {
      const name = nameOf(kind, id);
      const key = this.#keys.get(name);
      if (!key || this.isDestroyed(kind, id) || !gets?.({ kind, id })) continue;
      this.#former.set(name, [key, ...(this.#former.get(name) ?? [])]);
      this.#keys.set(name, this.#source.random(KEY_LENGTH));
    }
    this.#suite = suite ?? this.#suite;
    this.#epoch++;
  }

  async close(): Promise<void> {
    for (const key of this.#keys.values()) key.fill(0);
    this.#keys.clear();
  }
}

function isSameParent(a: KeyName | null, b: KeyName | null): boolean {
  return a === null || b === null ? a === b : a.kind === b.kind && a.id === b.id;
}
