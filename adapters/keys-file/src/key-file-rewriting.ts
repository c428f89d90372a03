import { setImmediate as nextTurn } from 'node:timers/promises';
import { ArchiveError } from '@lantai/values';
import { deriveKey, findFormerOwner, formerKeyName, type KeyName, type Primitives, type RootKey, WRAP_LABEL } from '@lantai/vault';
import { encodeFrame, encodeHeader, type KeyFileHeader, MAC_LENGTH } from './key-file-format.ts';
import { joinFile, type KeyFileImage } from './key-file-image.ts';
import { encodeErased, encodeMade } from './key-records.ts';

const KEY_LENGTH = 32;
/** Bytes of records in one frame: what is proved and flushed at once. */
const FRAME_PAYLOAD_LENGTH = 1024 * 1024;
/** Bytes no key's records reach: its own and its new former key's, each two names of 66, times, wrapped key. */
const RECORDS_LENGTH_MAX = 512;
/** Wrapping itself is slow under SM4: other work goes on after so many keys. */
const KEYS_BETWEEN_TURNS = 500;
const WRAPPING_KEYS_MAX = 10_000;

const textOf = ({ kind, id }: KeyName): string => `${kind}/${id}`;

/** How a file is written anew. */
export interface RewriteOptions {
  readonly header: KeyFileHeader;
  /** The root key of the new file. */
  readonly root: RootKey;
  /** What becomes of the keys; left out, wrapped bytes stay what they are. */
  readonly rewrap?: {
    /** The clear key of a name in the image; null when it has none. */
    readonly findKey: (name: KeyName) => Uint8Array | null;
    /** Which keys get new bytes. */
    readonly gets: (name: KeyName) => boolean;
    readonly isNewRoot: boolean;
    readonly nowMs: number;
  };
}

/**
 * The bytes of a new file with the keys of an old one. The wrapped bytes of destroyed keys, and of keys under them, are left out.
 * Other work goes on between frames.
 */
export async function rewriteImage(p: Primitives, image: KeyFileImage, options: RewriteOptions): Promise<Uint8Array> {
  const { header, root, rewrap } = options;
  const { table } = image;
  const macKey = root.macKey(header.suite);
  const head = encodeHeader(p, macKey, header);
  const renewing = rewrap && new Renewing(p, image, options, rewrap);
  const frames: Uint8Array[] = [];
  let previousMac = head.subarray(head.length - MAC_LENGTH);
  const payload = new Uint8Array(FRAME_PAYLOAD_LENGTH + RECORDS_LENGTH_MAX);
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
    for (const bytes of renewing ? renewing.recordsOf(record) : [plainRecord(image, record)]) {
      payload.set(bytes, length);
      length += bytes.length;
    }
    if (length >= FRAME_PAYLOAD_LENGTH) await closeFrame();
    else if (renewing && record % KEYS_BETWEEN_TURNS === 0) await nextTurn();
  }
  await closeFrame();
  renewing?.forget();
  return joinFile(head, frames);
}

function plainRecord({ table }: KeyFileImage, record: number): Uint8Array {
  const endAtMs = table.findEndAtMs(record);
  return endAtMs === null ? table.recordBytes(record) : encodeErased({ ...table.describe(record), destroyedAtMs: endAtMs });
}

/** Wraps the keys of a file under other parents, roots and suites, and gives some of them new bytes. */
class Renewing {
  readonly #p: Primitives;
  readonly #image: KeyFileImage;
  readonly #options: RewriteOptions;
  readonly #rewrap: NonNullable<RewriteOptions['rewrap']>;
  /** New bytes by name. All are kept until the end: keys under them may stand anywhere in the file. */
  readonly #fresh = new Map<string, Uint8Array>();
  readonly #wrapping = new Map<string, Uint8Array>();

  constructor(p: Primitives, image: KeyFileImage, options: RewriteOptions, rewrap: NonNullable<RewriteOptions['rewrap']>) {
    this.#p = p;
    this.#image = image;
    this.#options = options;
    this.#rewrap = rewrap;
  }

  /** The records that stand for an old one: itself wrapped anew, and its former key where it got new bytes. */
  recordsOf(record: number): Uint8Array[] {
    const { table, header } = this.#image;
    if (table.isDestroyed(record) || !table.findWrapped(record)) return [plainRecord(this.#image, record)];
    const { kind, id, parent, createdAtMs } = table.describe(record);
    const isFresh = this.#isRenewed({ kind, id });
    const isParentOther = parent ? this.#isRenewed(parent) : this.#rewrap.isNewRoot;
    if (!isFresh && !isParentOther && header.suite === this.#options.header.suite) return [table.recordBytes(record)];
    const former = this.#oldKey({ kind, id });
    const key = isFresh ? this.#freshKey({ kind, id }) : former;
    const made = encodeMade({ kind, id }, parent, createdAtMs, this.#wrap(parent, key));
    if (!isFresh) return [made];
    // The bytes of before hang on the new ones: they are destroyed with the key, and open what was sealed before.
    const name = formerKeyName({ kind, id }, this.#nextNumber({ kind, id }));
    return [made, encodeMade(name, { kind, id }, this.#rewrap.nowMs, this.#wrap({ kind, id }, former))];
  }

  /** Wipes the keys it made and derived. */
  forget(): void {
    for (const key of [...this.#fresh.values(), ...this.#wrapping.values()]) key.fill(0);
    this.#fresh.clear();
    this.#wrapping.clear();
  }

  #isRenewed(name: KeyName): boolean {
    return findFormerOwner(name) === null && this.#rewrap.gets(name);
  }

  #oldKey(name: KeyName): Uint8Array {
    const key = this.#rewrap.findKey(name);
    if (!key) throw new ArchiveError('key/store-corrupt', 'corruption', { reason: 'wrapped-key' });
    return key.slice();
  }

  #freshKey(name: KeyName): Uint8Array {
    const text = textOf(name);
    const known = this.#fresh.get(text) ?? this.#p.random(KEY_LENGTH);
    this.#fresh.set(text, known);
    return known;
  }

  #wrap(parent: KeyName | null, key: Uint8Array): Uint8Array {
    const { suite } = this.#options.header;
    return parent ? this.#p.wrapKey(suite, this.#wrappingKey(parent), key) : this.#options.root.wrap(suite, key);
  }

  #wrappingKey(parent: KeyName): Uint8Array {
    const text = textOf(parent);
    const known = this.#wrapping.get(text);
    if (known) return known;
    const key = this.#isRenewed(parent) ? this.#freshKey(parent) : this.#oldKey(parent);
    const wrapping = deriveKey(this.#p, key, WRAP_LABEL, this.#options.header.suite);
    if (this.#wrapping.size >= WRAPPING_KEYS_MAX) this.#wrapping.clear();
    this.#wrapping.set(text, wrapping);
    return wrapping;
  }

  #nextNumber(name: KeyName): number {
    let n = 1;
    while (this.#image.table.findRecord(formerKeyName(name, n)) !== null) n++;
    return n;
  }
}
