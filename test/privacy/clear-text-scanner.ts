import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A place where something clear was found. */
export interface ClearFind {
  readonly file: string;
  readonly offset: number;
  /** What was looked for and how it was written: `name/utf-16le`. */
  readonly what: string;
}

interface Needle {
  readonly what: string;
  readonly bytes: Buffer;
}

/** First bytes of the kinds of file a dossier is made of, long enough not to stand in random bytes by chance. */
const MAGIC: readonly Needle[] = [
  { what: 'jpeg/jfif', bytes: Buffer.from('ffd8ffe000104a46494600', 'hex') },
  { what: 'jpeg/quantisation', bytes: Buffer.from('ffdb004300', 'hex') },
  { what: 'jpeg/exif', bytes: Buffer.from('457869660000', 'hex') },
  { what: 'png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') },
  { what: 'pdf', bytes: Buffer.from('%PDF-1.') },
  { what: 'zip', bytes: Buffer.from('504b03041400', 'hex') },
];

let gb18030: Map<string, Buffer> | undefined;

/** GB18030 has no encoder in Node: every two-byte code is decoded once and the table turned round. */
function toGb18030(text: string): Buffer | null {
  if (!gb18030) {
    gb18030 = new Map();
    const decoder = new TextDecoder('gb18030');
    for (let a = 0x81; a <= 0xfe; a++)
      for (let b = 0x40; b <= 0xfe; b++) if (b !== 0x7f) gb18030.set(decoder.decode(Uint8Array.of(a, b)), Buffer.from([a, b]));
  }
  const parts = [...text].map((c) => (c < '\x80' ? Buffer.from(c) : gb18030?.get(c)));
  return parts.every((p) => p !== undefined) ? Buffer.concat(parts as Buffer[]) : null;
}

/** Base 64 of bytes that may begin at any of three places of its rhythm: the middle that does not depend on the neighbours. */
function base64Forms(bytes: Buffer): Buffer[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return Buffer.from(text.slice(shift ? 2 + shift : 0, -2));
  });
}

/** Every way one text might lie about in clear. */
function formsOf(text: string, pinyin?: string): Needle[] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const gb = toGb18030(text);
  const forms: [string, Buffer][] = [
    ['utf-8', utf8],
    ['utf-16le', utf16],
    ['utf-16be', Buffer.from(utf16).swap16()],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
    ...(gb ? ([['gb18030', gb]] as [string, Buffer][]) : []),
    ...base64Forms(utf8).map((b): [string, Buffer] => ['base64', b]),
    ...(pinyin ? ([['pinyin', Buffer.from(pinyin)]] as [string, Buffer][]) : []),
  ];
  return forms.filter(([, bytes]) => bytes.length >= 6).map(([form, bytes]) => ({ what: `${text}/${form}`, bytes }));
}

/** Looks for clear text and clear files in everything below some folders. */
export class ClearTextScanner {
  readonly #byStart = new Map<number, Needle[]>();
  /** Which first two bytes any needle has: nearly all places are dismissed by one look. */
  readonly #starts = new Uint8Array(0x10000);

  /** @param texts names, numbers and sentences, with the pinyin of names where they have one */
  constructor(texts: readonly (string | readonly [text: string, pinyin: string])[]) {
    const needles = [...MAGIC, ...texts.flatMap((t) => (typeof t === 'string' ? formsOf(t) : formsOf(t[0], t[1])))];
    for (const needle of needles) {
      const start = needle.bytes.readUInt32LE(0);
      this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), needle]);
      this.#starts[needle.bytes.readUInt16LE(0)] = 1;
    }
  }

  /** Scans files and folders; what vanishes while it is read was not left behind. */
  scan(paths: readonly string[], skip: (path: string) => boolean = () => false): ClearFind[] {
    const found: ClearFind[] = [];
    for (const path of paths) this.#walk(path, skip, found);
    return found;
  }

  #walk(path: string, skip: (path: string) => boolean, found: ClearFind[]): void {
    if (skip(path)) return;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      let names: string[] = [];
      try {
        names = readdirSync(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
      for (const name of names) this.#walk(join(path, name), skip, found);
    } else if (stat?.isFile()) this.#scanFile(path, found);
  }

  #scanFile(path: string, found: ClearFind[]): void {
    let bytes: Buffer;
    try {
      bytes = readWhole(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    const starts = this.#starts;
    const last = bytes.length - 4;
    for (let at = 0; at <= last; at++) {
      if (starts[bytes[at]! | (bytes[at + 1]! << 8)] === 0) continue;
      const needles = this.#byStart.get(bytes.readUInt32LE(at));
      if (!needles) continue;
      for (const { what, bytes: needle } of needles)
        if (bytes.subarray(at, at + needle.length).equals(needle)) found.push({ file: path, offset: at, what });
    }
  }
}

function readWhole(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    for (;;) {
      const part = Buffer.alloc(1 << 22);
      const n = readSync(file, part);
      if (!n) return Buffer.concat(parts);
      parts.push(part.subarray(0, n));
    }
  } finally {
    closeSync(file);
  }
}
