import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import * as images from '@lantai/images';
import { concatBytes, utf8 } from '@lantai/values';
import type { ImageTools } from '../image-tools.ts';
import type { DeliveredMember, DeliveredPage, Delivery, Outcome, Receiving } from '../outcome.ts';

// Files made for the tests of this package, right ones and wrong ones.

/** The image adapter as the children hand it in. */
export const tools: ImageTools = images;

/** Takes everything a file yields, and its end. */
export async function collect(receiving: Receiving): Promise<{ outcome: Outcome; pages: DeliveredPage[]; members: DeliveredMember[] }> {
  const all: Delivery[] = [];
  for (;;) {
    const step = await receiving.next();
    if (!step.done) all.push(step.value);
    else return { outcome: step.value, pages: all.filter((d) => d.kind === 'page'), members: all.filter((d) => d.kind === 'member') };
  }
}

/** One member of a ZIP; what is left out follows from the data. */
export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly data?: Uint8Array | string;
  readonly stored?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly unpackedBytes?: number;
  readonly localName?: string;
  readonly extra?: Uint8Array;
  readonly attributes?: number;
  /** Place of another entry's local header, to use its data again. */
  readonly sameDataAs?: number;
}

/** Writes a ZIP as told, however wrong. Source: APPNOTE 6.3.10, 4.3. */
export function makeZip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  const places: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const name = typeof entry.name === 'string' ? utf8(entry.name) : entry.name;
    const data = typeof entry.data === 'string' ? utf8(entry.data) : (entry.data ?? new Uint8Array(0));
    const packed = entry.stored ? data : new Uint8Array(deflateRawSync(data));
    const sizes = [entry.crc ?? crc32(data), packed.length, entry.unpackedBytes ?? data.length];
    const flags = entry.flags ?? (typeof entry.name === 'string' ? 0x800 : 0);
    const method = entry.method ?? (entry.stored ? 0 : 8);
    const localName = entry.localName === undefined ? name : utf8(entry.localName);
    const place = entry.sameDataAs === undefined ? at : places[entry.sameDataAs]!;
    places.push(place);
    if (entry.sameDataAs === undefined) {
      const local = record(0x04034b50, [20, flags, method, 0, 0], sizes, [localName.length, 0]);
      parts.push(local, localName, packed);
      at += local.length + localName.length + packed.length;
    }
    const extra = entry.extra ?? new Uint8Array(0);
    const head = record(
      0x02014b50,
      [0x031e, 20, flags, method, 0, 0],
      sizes,
      [name.length, extra.length, 0, 0, 0],
      [entry.attributes ?? 0, place],
    );
    central.push(head, name, extra);
  }
  const directory = concatBytes(...central);
  const end = record(0x06054b50, [0, 0, entries.length, entries.length], [directory.length, at], [0]);
  return concatBytes(...parts, directory, end);
}

function record(signature: number, ...groups: readonly (readonly number[])[]): Uint8Array {
  // Groups alternate between 16 and 32 bits, beginning with 16.
  const bytes = [...Array(4).keys()].map((i) => (signature >>> (8 * i)) & 0xff);
  groups.forEach((group, g) => {
    for (const value of group) for (let i = 0; i < (g % 2 === 0 ? 2 : 4); i++) bytes.push(Math.floor(value / 2 ** (8 * i)) & 0xff);
  });
  return Uint8Array.from(bytes);
}

/** A page of paper: lines of dark blocks, so that every part of it differs from its neighbours. */
export async function makePaper(widthPx = 620, heightPx = 877): Promise<Uint8Array> {
  const data = new Uint8Array(widthPx * heightPx * 3).fill(248);
  for (let y = 0; y < heightPx; y++)
    for (let x = 0; x < widthPx; x++)
      if (y % 24 < 10 && (x * 5 + (y / 24) * 11) % 29 < 10) data.fill(30, (y * widthPx + x) * 3, (y * widthPx + x) * 3 + 2);
  return (await images.encodePage({ widthPx, heightPx, channels: 3, data }, { lossless: false, resolutionDpi: 75 })).bytes;
}

/** Share of dark pixels in a box of a page image. */
export async function inkShare01(bytes: Uint8Array, box: readonly [number, number, number, number]): Promise<number> {
  const decoded = await images.decodePixels(bytes);
  if ('kind' in decoded) throw new Error(decoded.code);
  const { data, widthPx, channels } = decoded.pixels;
  let dark = 0;
  const [x0, y0, width, height] = box.map(Math.round) as [number, number, number, number];
  for (let y = y0; y < y0 + height; y++) for (let x = x0; x < x0 + width; x++) if (data[(y * widthPx + x) * channels]! < 128) dark += 1;
  return dark / (width * height);
}

const PASSWORD_PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');

/** A PDF of one empty page under 40-bit encryption. Source: ISO 32000-1, 7.6.3, algorithms 2, 3 and 4 (revision 2). */
export function makeEncryptedPdf(userPassword: string, ownerPassword: string): Uint8Array {
  const pad = (password: string) => Buffer.concat([Buffer.from(password, 'latin1'), PASSWORD_PADDING]).subarray(0, 32);
  const md5 = (...parts: Uint8Array[]) => createHash('md5').update(Buffer.concat(parts)).digest();
  const owner = rc4(md5(pad(ownerPassword)).subarray(0, 5), pad(userPassword));
  const id = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(-44);
  const key = md5(pad(userPassword), owner, permissions, id).subarray(0, 5);
  const user = rc4(key, PASSWORD_PADDING);
  const hex = (bytes: Uint8Array) => `<${Buffer.from(bytes).toString('hex')}>`;
  return makePdf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>',
      `<< /Filter /Standard /V 1 /R 2 /O ${hex(owner)} /U ${hex(user)} /P -44 >>`,
    ],
    `/Encrypt 4 0 R /ID [${hex(id)} ${hex(id)}]`,
  );
}

/** A PDF of these objects, numbered from 1; the first is its catalog. */
export function makePdf(objects: readonly string[], trailer = ''): Uint8Array {
  let text = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const place = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((p) => `${String(p).padStart(10, '0')} 00000 n \n`).join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 255;
    [state[i], state[j]] = [state[j]!, state[i]!];
  }
  let [i, j] = [0, 0];
  return Buffer.from(data).map((byte) => {
    i = (i + 1) & 255;
    j = (j + state[i]!) & 255;
    [state[i], state[j]] = [state[j]!, state[i]!];
    return byte ^ state[(state[i]! + state[j]!) & 255]!;
  }) as Buffer;
}
