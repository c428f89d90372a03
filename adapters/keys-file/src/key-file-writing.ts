import { ArchiveError, assert, concatBytes } from '@lantai/values';
import { deriveKey, isKeyId, type KeyName, type NewKey, type Primitives, type RootKey, WRAP_LABEL } from '@lantai/vault';
import type { KeyFileImage } from './key-file-image.ts';
import { encodeDestroyed, encodeMade } from './key-records.ts';

const KEY_LENGTH = 32;
/** Bytes of records in one frame: what is proved and flushed at once. */
const FRAME_PAYLOAD_LENGTH = 1024 * 1024;

/** One wish of a caller, to be carried out with others in one flush. */
export type KeyChange =
  | { readonly kind: 'make'; readonly keys: readonly NewKey[] }
  | { readonly kind: 'destroy'; readonly keys: readonly KeyName[] };

/** What planning needs of the store. */
export interface PlanSource {
  readonly p: Primitives;
  readonly image: KeyFileImage;
  readonly nowMs: number;
  /** The clear key of a name in the image; null when it has none. */
  findKey(name: KeyName): Uint8Array | null;
  readonly root: RootKey;
}

const textOf = ({ kind, id }: KeyName): string => `${kind}/${id}`;

/** Gathers the records of several changes, each checked against the image and against those gathered before it. */
export class KeyPlan {
  readonly #source: PlanSource;
  readonly #records: Uint8Array[] = [];
  readonly #made = new Map<string, { parent: KeyName | null; key: Uint8Array }>();
  readonly #destroyed = new Set<string>();
  /** Keys for wrapping, by the parent's name. */
  readonly #wrapping = new Map<string, Uint8Array>();

  constructor(source: PlanSource) {
    this.#source = source;
  }

  /** Adds a change whole, or throws and adds nothing of it. @throws ArchiveError as `KeyStore.createMany` and `destroyMany` say. */
  add(change: KeyChange): void {
    if (change.kind === 'make') this.#addMade(change.keys);
    else this.#addDestroyed(change.keys);
  }

  /** The payloads of frames to append, in order. Wipes the clear keys it made. */
  takePayloads(): Uint8Array[] {
    for (const { key } of this.#made.values()) key.fill(0);
    for (const key of this.#wrapping.values()) key.fill(0);
    const payloads: Uint8Array[] = [];
    for (let from = 0; from < this.#records.length; ) {
      let to = from;
      for (let length = 0; to < this.#records.length && length < FRAME_PAYLOAD_LENGTH; to++) length += this.#records[to]!.length;
      payloads.push(concatBytes(...this.#records.slice(from, to)));
      from = to;
    }
    return payloads;
  }

  #addMade(keys: readonly NewKey[]): void {
    const fresh = new Map<string, NewKey>();
    for (const key of keys) {
      checkId(key);
      if (this.#isDestroyed(key)) throw new ArchiveError('key/destroyed', 'caller', { kind: key.kind, id: key.id });
      const known = this.#findKnown(key) ?? fresh.get(textOf(key)) ?? null;
      if (known) {
        if (!isSameName(known.parent, key.parent)) throw new ArchiveError('key/other-parent', 'caller', { kind: key.kind, id: key.id });
        continue;
      }
      if (key.parent) this.#checkParent(key.parent, fresh);
      fresh.set(textOf(key), key);
    }
    for (const key of fresh.values()) this.#make(key);
  }

  #checkParent(parent: KeyName, fresh: ReadonlyMap<string, NewKey>): void {
    checkId(parent);
    if (this.#isDestroyed(parent)) throw new ArchiveError('key/destroyed', 'caller', { kind: parent.kind, id: parent.id });
    if (!this.#findKnown(parent) && !fresh.has(textOf(parent))) {
      throw new ArchiveError('key/parent-missing', 'caller', { kind: parent.kind, id: parent.id });
    }
  }

  #make({ kind, id, parent }: NewKey): void {
    const { p, image, nowMs, root } = this.#source;
    const { suite } = image.header;
    const key = p.random(KEY_LENGTH);
    const wrapped = parent ? p.wrapKey(suite, this.#wrappingKey(parent), key) : root.wrap(suite, key);
    this.#records.push(encodeMade({ kind, id }, parent, nowMs, wrapped));
    this.#made.set(textOf({ kind, id }), { parent, key });
  }

  #wrappingKey(parent: KeyName): Uint8Array {
    const { p, image } = this.#source;
    const text = textOf(parent);
    const known = this.#wrapping.get(text);
    if (known) return known;
    const key = this.#made.get(text)?.key ?? this.#source.findKey(parent);
    assert(key, 'a parent was checked before its child is made');
    const wrapping = deriveKey(p, key, WRAP_LABEL, image.header.suite);
    this.#wrapping.set(text, wrapping);
    return wrapping;
  }

  #addDestroyed(keys: readonly KeyName[]): void {
    for (const key of keys) checkId(key);
    for (const key of keys) {
      const record = this.#source.image.table.findRecord(key);
      const isDone = record !== null && this.#source.image.table.findDestroyedAtMs(record) !== null;
      if (isDone || this.#destroyed.has(textOf(key))) continue;
      this.#records.push(encodeDestroyed({ kind: key.kind, id: key.id }, this.#source.nowMs));
      this.#destroyed.add(textOf(key));
    }
  }

  #findKnown(name: KeyName): { parent: KeyName | null } | null {
    const made = this.#made.get(textOf(name));
    if (made) return made;
    const { table } = this.#source.image;
    const record = table.findRecord(name);
    return record === null ? null : { parent: table.parentOf(record) };
  }

  #isDestroyed(name: KeyName): boolean {
    if (this.#destroyed.has(textOf(name))) return true;
    const { table } = this.#source.image;
    const record = table.findRecord(name);
    if (record !== null && table.isDestroyed(record)) return true;
    const parent = this.#findKnown(name)?.parent;
    return parent ? this.#isDestroyed(parent) : false;
  }
}

function checkId({ kind, id }: KeyName): void {
  if (!isKeyId(id)) throw new ArchiveError('key/id-malformed', 'caller', { kind });
}

const isSameName = (a: KeyName | null, b: KeyName | null): boolean => (a && textOf(a)) === (b && textOf(b));
