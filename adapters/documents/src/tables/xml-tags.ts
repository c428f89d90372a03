import { crc32, createInflateRaw } from 'node:zlib';
import { SaxesParser } from 'saxes';
import type { ZipMember } from '../zip/archive.ts';

/** What {@link readTags} tells of an XML part, element by element. Names are without their prefix. */
export interface TagReader {
  open(name: string, attribute: (name: string) => string | undefined): void;
  text(text: string): void;
  close(name: string): void;
}

const METHOD = { stored: 0, deflated: 8 } as const;
const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a member, unpacked piece by piece: a worksheet of 300 MB is never held whole.
 * @throws Error when the member is damaged, encrypted, packed in another way, or longer than its header says
 */
export async function* unpack(zip: Uint8Array, member: ZipMember): AsyncGenerator<Uint8Array> {
  const packed = zip.subarray(member.dataStart, member.dataStart + member.packedBytes);
  if (member.encrypted) throw new Error('encrypted');
  let bytes = 0;
  let crc = 0;
  for await (const piece of member.method === METHOD.stored ? cut(packed) : inflate(packed, member.method)) {
    bytes += piece.length;
    if (bytes > member.unpackedBytes) throw new Error('longer than it says');
    crc = crc32(piece, crc);
    yield piece;
  }
  if (bytes !== member.unpackedBytes || crc !== member.crc) throw new Error('damaged');
}

function* cut(packed: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < packed.length; at += PIECE_BYTES) yield packed.subarray(at, at + PIECE_BYTES);
}

function inflate(packed: Uint8Array, method: number): AsyncIterable<Uint8Array> {
  if (method !== METHOD.deflated) throw new Error('packed in another way');
  const stream = createInflateRaw({ chunkSize: PIECE_BYTES });
  stream.end(packed);
  return stream;
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

/**
 * Reads an XML part with one reader while it is unpacked. Document types are refused, so no entity can be made to grow.
 * @param rest called after each piece: what was read so far can be handed on
 * @throws Error when the part is damaged or no well-formed XML
 */
export async function* readTags<T>(zip: Uint8Array, member: ZipMember, reader: TagReader, rest: () => Iterable<T>): AsyncGenerator<T> {
  const parser = new SaxesParser({ xmlns: false });
  let fault: Error | null = null;
  parser.on('error', (error) => {
    fault ??= error;
  });
  parser.on('doctype', () => {
    fault ??= new Error('document type');
  });
  parser.on('opentag', (tag) => {
    const attributes = tag.attributes as Readonly<Record<string, string>>;
    reader.open(localName(tag.name), (name) => attributes[name]);
  });
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  parser.on('closetag', (tag) => reader.close(localName(tag.name)));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of unpack(zip, member)) {
    parser.write(decoder.decode(piece, { stream: true }));
    if (fault) throw fault;
    yield* rest();
  }
  parser.write(decoder.decode()).close();
  if (fault) throw fault;
  yield* rest();
}
