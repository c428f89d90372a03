import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * Makes logs, receipts and bundles out of nothing but node:crypto and docs/spec, so that a case can be wrong in one field and signed rightly in
 * every other. Nothing of lib is used: what lib refuses to write must be writable here.
 */

/** SHA-256 of parts one behind the other. */
export const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

const leafHash = (entry: Uint8Array) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);
const splitOf = (count: number) => 2 ** Math.ceil(Math.log2(count) - 1);

/** Root of leaves (RFC 6962 section 2.1). */
export function rootOf(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length < 2) return leaves.length === 0 ? sha256() : leafHash(leaves[0]!);
  const split = splitOf(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** Audit path of a leaf (RFC 6962 section 2.1.1). */
export function pathOf(leaves: readonly Uint8Array[], position: number): Buffer[] {
  if (leaves.length < 2) return [];
  const split = splitOf(leaves.length);
  return position < split
    ? [...pathOf(leaves.slice(0, split), position), rootOf(leaves.slice(split))]
    : [...pathOf(leaves.slice(split), position - split), rootOf(leaves.slice(0, split))];
}

/** A consistency proof from the first `size` leaves (RFC 6962 section 2.1.2). */
export function consistencyOf(leaves: readonly Uint8Array[], size: number, isWhole = true): Buffer[] {
  if (size === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const split = splitOf(leaves.length);
  return size <= split
    ? [...consistencyOf(leaves.slice(0, split), size, isWhole), rootOf(leaves.slice(split))]
    : [...consistencyOf(leaves.slice(split), size - split, false), rootOf(leaves.slice(0, split))];
}

/** A signer of notes. */
export interface Signer {
  readonly name: string;
  readonly verifierKey: string;
  /** The signature line over a text. */
  readonly lineOver: (text: string) => string;
  /** The line of a witness over a text, with the second at which it cosigns (c2sp.org/tlog-cosignature). */
  readonly cosign: (text: string, second: number) => string;
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 signer of a published seed, under any name. */
export function makeSigner(name: string, seed: number, keyType = 1): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const typed = Buffer.concat([Uint8Array.of(keyType), publicKey]);
  const id = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4);
  const line = (...parts: readonly Uint8Array[]) => `\u2014 ${name} ${Buffer.concat([id, ...parts]).toString('base64')}\n`;
  return {
    name,
    verifierKey: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
    lineOver: (text) => line(sign(null, Buffer.from(text), key)),
    cosign: (text, second) => {
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(second));
      return line(time, sign(null, Buffer.from(`cosignature/v1\ntime ${second}\n${text}`), key));
    },
  };
}

/** The text of a checkpoint. */
export const checkpointText = (origin: string, size: number | string, root: Uint8Array): string =>
  `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;

/** A note: a text and its signature lines. */
export const noteOf = (text: string, ...lines: readonly string[]): string => `${text}\n${lines.join('')}`;

/** The commitment of a salt (hexadecimal) to content (log-entry.md section 4). */
export const commitmentOf = (salt: string, content: Uint8Array): string =>
  createHmac('sha256', Buffer.from(salt, 'hex')).update('lantai/content-commitment/v1\n').update(sha256(content)).digest('hex');

/** The text of a receipt out of its parts; `extra` is written as it is given. */
export function receiptOf(parts: { extra: string; index: number | string; path: readonly Uint8Array[]; note: string }): string {
  const hashes = parts.path.map((step) => `${Buffer.from(step).toString('base64')}\n`).join('');
  return `c2sp.org/tlog-proof@v1\nextra ${Buffer.from(parts.extra).toString('base64')}\nindex ${parts.index}\n${hashes}\n${parts.note}`;
}

/** The extra data of a receipt, canonical. */
export const extraOf = (entry: string, salt?: string): string =>
  `{"entry":${JSON.stringify(entry)}${salt === undefined ? '' : `,"salt":"${salt}"`},"v":1}`;

/** A member of a zip; fields of its headers may be set apart from what is right. */
export interface Member {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Written over the fields of both headers, or of one: offset in the common part of 26 bytes from `version needed`. */
  readonly both?: readonly [number, Uint8Array];
  readonly local?: readonly [number, Uint8Array];
  readonly central?: readonly [number, Uint8Array];
}

function commonHeader(member: Member, side: 'local' | 'central'): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(0x21, 8);
  header.writeUInt32LE(crc32(member.bytes), 10);
  header.writeUInt32LE(member.bytes.length, 14);
  header.writeUInt32LE(member.bytes.length, 18);
  header.writeUInt16LE(Buffer.byteLength(member.path), 22);
  for (const change of [member.both, member[side]]) if (change) header.set(change[1], change[0]);
  return header;
}

/** A zip in the form of docs/spec/bundle.md section 2. */
export function zipOf(members: readonly Member[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const path = Buffer.from(member.path);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), commonHeader(member, 'local'), path, member.bytes]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), commonHeader(member, 'central'), tail, path);
    files.push(file);
    offset += file.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listing, end]);
}
