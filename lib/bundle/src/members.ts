/** One file of a bundle, out of a zip or a folder. */
export interface Member {
  readonly path: string;
  readonly byteCount: number;
  /** Its bytes in pieces of at most {@link PIECE_BYTES}. Throws {@link BundleRefused} when the container does not hold what it announced. */
  read(): AsyncIterable<Uint8Array>;
  /** Whether a reading came to its end and the container's checksum was not of the bytes. Never so for a folder, which has none. */
  isRotten?(): boolean;
}

/** What opening a container gives: its members by path, or why it must not be read. */
export type OpenedContainer =
  | { readonly kind: 'opened'; readonly members: ReadonlyMap<string, Member> }
  | { readonly kind: 'refused'; readonly code: string; readonly path: string | null };

/** Bytes read at once: a verifier's memory does not grow with the bundle. */
export const PIECE_BYTES = 4 * 1024 * 1024;
/** Most members of a bundle; a zip without extensions holds no more. */
export const MEMBERS_MAX = 65_534;

/** A container that is not what the format allows; never leaves this package's own functions. */
export class BundleRefused extends Error {
  override readonly name = 'BundleRefused';
  readonly code: string;
  readonly path: string | null;

  constructor(code: string, path: string | null = null) {
    super(code);
    this.code = code;
    this.path = path;
  }
}

const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$/;
/** Names that Windows gives to devices, with or without an ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
const PARTS_MAX = 8;

/**
 * Whether a path may stand in a bundle: one to eight parts of letters, digits, `_`, `.` and `-`, none beginning or ending in a dot, so it
 * leads nowhere else on any system and has one spelling.
 */
export function isMemberPath(path: string): boolean {
  const parts = path.split('/');
  return parts.length <= PARTS_MAX && parts.every((part) => PART.test(part) && !part.endsWith('.') && !DEVICE.test(part));
}

/** Lays members out by path. Two that differ in case alone are duplicates: they would be one file on many disks. */
export function collectMembers(list: readonly Member[]): OpenedContainer {
  if (list.length > MEMBERS_MAX) return { kind: 'refused', code: 'bundle/too-many', path: null };
  const members = new Map<string, Member>();
  const folded = new Set<string>();
  for (const member of list) {
    if (!isMemberPath(member.path)) return { kind: 'refused', code: 'bundle/path', path: printable(member.path) };
    if (folded.has(member.path.toLowerCase())) return { kind: 'refused', code: 'bundle/duplicate', path: member.path };
    folded.add(member.path.toLowerCase());
    members.set(member.path, member);
  }
  return { kind: 'opened', members };
}

/** A path from outside as it may be shown: no control characters, no marks of direction, not long. */
export const printable = (path: string): string => path.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');

/** All bytes of a member. @throws BundleRefused `bundle/too-large` above `bytesMax` */
export async function readWhole(member: Member, bytesMax: number): Promise<Uint8Array> {
  if (member.byteCount > bytesMax) throw new BundleRefused('bundle/too-large', member.path);
  const out = new Uint8Array(member.byteCount);
  let at = 0;
  for await (const piece of member.read()) {
    if (at + piece.length > out.length) throw new BundleRefused('bundle/size-differs', member.path);
    out.set(piece, at);
    at += piece.length;
  }
  if (at !== out.length) throw new BundleRefused('bundle/size-differs', member.path);
  return out;
}
