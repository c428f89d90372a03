import { setImmediate as nextTurn } from 'node:timers/promises';
import { ArchiveError, assert, concatBytes } from '@lantai/values';
import { deriveKey, isKeyId, type KeyName, type NewKey, type Primitives, WRAP_LABEL } from '@lantai/vault';
import { encodeFrame, encodeHeader, type KeyFileHeader, MAC_LENGTH } from './key-file-format.ts';
import { joinFile, type KeyFileImage } from './key-file-image.ts';
import { encodeDestroyed, encodeErased, encodeMade } from './key-records.ts';

const KEY_LENGTH = 32;
/** Bytes of records in one frame: what is proved and flushed at once. */
const FRAME_PAYLOAD_LENGTH = 1024 * 1024;
/** Bytes no record reaches: two names of 66, times, wrapped key. */
const RECORD_LENGTH_MAX = 256;

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
  readonly rootKey: Uint8Array;
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
    const { p, image, nowMs } = this.#source;
    const key = p.random(KEY_LENGTH);
    const wrapped = p.wrapKey(image.header.suite, this.#wrappingKey(parent), key);
    this.#records.push(encodeMade({ kind, id }, parent, nowMs, wrapped));
    this.#made.set(textOf({ kind, id }), { parent, key });
  }

  #wrappingKey(parent: KeyName | null): Uint8Array {
    const { p, image, rootKey } = this.#source;
    const text = parent === null ? '' : textOf(parent);
    const known = this.#wrapping.get(text);
    if (known) return known;
    const key = parent === null ? rootKey : (this.#made.get(text)?.key ?? this.#source.findKey(parent));
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

/** How a file is written anew. */
export interface RewriteOptions {
  readonly header: KeyFileHeader;
  readonly macKey: Uint8Array;
  /** Wraps a key anew that hangs on the root; left out, wrapped bytes stay what they are. */
  readonly rewrap?: (wrapped: Uint8Array) => Uint8Array;
}

/**
 * The bytes of a new file with the keys of an old one. The wrapped bytes of destroyed keys, and of keys under them, are left out.
 * Other work goes on between frames.
 */
export async function rewriteImage(p: Primitives, image: KeyFileImage, { header, macKey, rewrap }: RewriteOptions): Promise<Uint8Array> {
  const { table } = image;
  const head = encodeHeader(p, macKey, header);
  const frames: Uint8Array[] = [];
  let previousMac = head.subarray(head.length - MAC_LENGTH);
  const payload = new Uint8Array(FRAME_PAYLOAD_LENGTH + RECORD_LENGTH_MAX);
  let length = 0;
  const closeFrame = async () => {
    if (length === 0) return;
    const frame = encodeFrame(p, header.suite, macKey, previousMac, payload.subarray(0, length));
    previousMac = frame.subarray(frame.length - MAC_LENGTH);
    frames.push(frame);
    length = 0;
    await nextTurn();
  };
  for (let record = 0; record < table.count; record++) {
    const bytes = rewriteRecord(image, record, rewrap);
    payload.set(bytes, length);
    length += bytes.length;
    if (length >= FRAME_PAYLOAD_LENGTH) await closeFrame();
  }
  await closeFrame();
  return joinFile(head, frames);
}

function rewriteRecord({ table }: KeyFileImage, record: number, rewrap: RewriteOptions['rewrap']): Uint8Array {
  const endAtMs = table.findEndAtMs(record);
  if (endAtMs !== null) return encodeErased({ ...table.describe(record), destroyedAtMs: endAtMs });
  const wrapped = table.findWrapped(record);
  if (!rewrap || !wrapped || table.parentOf(record)) return table.recordBytes(record);
  const { kind, id, parent, createdAtMs } = table.describe(record);
  return encodeMade({ kind, id }, parent, createdAtMs, rewrap(wrapped));
}
