import { concatBytes, equalBytes, findHex, formatHex, utf8 } from '@lantai/values';
import { findBase64, formatBase64 } from './base64.ts';
import type { LogPrimitives, SignatureAlgorithm, SigningPrimitives } from './primitives.ts';

/**
 * Text signed by one or more keys, a line each; a reader heeds the lines of the keys it knows and ignores the others, so a line of a
 * new algorithm never breaks an old reader. Source: C2SP signed-note.
 */

/** A key that a reader knows. */
export interface NoteVerifier {
  readonly name: string;
  /** Four bytes. Name and id together name the key. */
  readonly keyId: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

/** A key that signs. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** What others need to verify with this key: `name+id+base64(type and public key)`. */
  readonly verifierKey: string;
  sign(text: Uint8Array): Uint8Array;
}

/** What opening a note gives: its text and who signed it, or why it must not be read. */
export type OpenedNote =
  | { readonly kind: 'opened'; readonly text: string; readonly signedBy: readonly NoteVerifier[]; readonly ignoredCount: number }
  | { readonly kind: 'refused'; readonly fault: NoteFault };
/** `malformed`: not a note. `signature-wrong`: a line of a known key does not hold. `unsigned`: no line of a known key. */
export type NoteFault = 'malformed' | 'signature-wrong' | 'unsigned';

/** Longest note that is read, in UTF-16 units. */
const NOTE_LIMIT = 1_000_000;
/** Most signature lines that are read; the standard asks for at least 16. */
const LINE_LIMIT = 64;

/** Bytes before the public key in a key id and a verifier key. SM2 has no byte of its own in the standard: 0xff and a longer name. */
const TYPE_BYTES: Readonly<Record<SignatureAlgorithm, Uint8Array>> = {
  ed25519: Uint8Array.of(0x01),
  sm2: concatBytes(Uint8Array.of(0xff), utf8('lantai/sm2-sm3/v1\n')),
};
/** Public keys: 32 bytes for Ed25519 (RFC 8032), an uncompressed point (0x04, x, y) for SM2 (GB/T 32918). */
const KEY_BYTES: Readonly<Record<SignatureAlgorithm, number>> = { ed25519: 32, sm2: 65 };

const KEY_NAME = /^[^\p{White_Space}+]+$/u;
const SIGNATURE_LINE = /^\u2014 (\P{White_Space}+) (\P{White_Space}+)$/u;

/** Four bytes that name a key beside its name: SHA-256(name, newline, type, public key), cut. Source: C2SP signed-note. */
export function noteKeyId(p: Pick<LogPrimitives, 'hash'>, name: string, algorithm: SignatureAlgorithm, publicKey: Uint8Array): Uint8Array {
  return p.hash('sha256', utf8(`${name}\n`), TYPE_BYTES[algorithm], publicKey).slice(0, 4);
}

/** A verifier key as text: `example.com/log+1a2b3c4d+AQ…`. `name` holds neither space nor plus. */
export function formatVerifierKey(
  p: Pick<LogPrimitives, 'hash'>,
  key: { name: string; algorithm: SignatureAlgorithm; publicKey: Uint8Array },
): string {
  const id = formatHex(noteKeyId(p, key.name, key.algorithm, key.publicKey));
  return `${key.name}+${id}+${formatBase64(concatBytes(TYPE_BYTES[key.algorithm], key.publicKey))}`;
}

/** The key that a verifier key names; null when the text is malformed, its id is not its own, or its algorithm is not known here. */
export function findNoteVerifier(p: LogPrimitives, verifierKey: string): NoteVerifier | null {
  const m = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(verifierKey);
  if (!m || !KEY_NAME.test(m[1]!)) return null;
  const name = m[1]!;
  const material = findBase64(m[3]!);
  if (!material) return null;
  for (const algorithm of ['ed25519', 'sm2'] as const) {
    const type = TYPE_BYTES[algorithm];
    if (material.length !== type.length + KEY_BYTES[algorithm] || !equalBytes(material.subarray(0, type.length), type)) continue;
    const publicKey = material.slice(type.length);
    const keyId = noteKeyId(p, name, algorithm, publicKey);
    if (!equalBytes(keyId, findHex(m[2]!)!)) return null;
    return { name, keyId, algorithm, verify: (text, signature) => p.verify(algorithm, publicKey, text, signature) };
  }
  return null;
}

/** A signer for notes. `privateKey` as the primitives' `sign` wants it. `name`: neither space nor plus; for a log, its origin. */
export function createNoteSigner(
  p: SigningPrimitives,
  key: { name: string; algorithm: SignatureAlgorithm; privateKey: Uint8Array; publicKey: Uint8Array },
): NoteSigner {
  if (!KEY_NAME.test(key.name) || key.publicKey.length !== KEY_BYTES[key.algorithm]) throw new RangeError('not a key for notes');
  return {
    name: key.name,
    keyId: noteKeyId(p, key.name, key.algorithm, key.publicKey),
    verifierKey: formatVerifierKey(p, key),
    sign: (text) => p.sign(key.algorithm, key.privateKey, text),
  };
}

/** The signed note of a text that ends in a newline; one signature line for each signer, in their order. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!isNoteText(text)) throw new RangeError('not a text for notes');
  const bytes = utf8(text);
  const lines = signers.map((s) => `\u2014 ${s.name} ${formatBase64(concatBytes(s.keyId, s.sign(bytes)))}\n`);
  return `${text}\n${lines.join('')}`;
}

/**
 * Opens a note. INVARIANT: text comes out only when a known key signed it and no known key's line is wrong.
 * Never throws on a bad note.
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const refused = (fault: NoteFault) => ({ kind: 'refused', fault }) as const;
  const split = note.lastIndexOf('\n\n');
  if (note.length > NOTE_LIMIT || split < 0 || !isNoteText(note)) return refused('malformed');
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > LINE_LIMIT) return refused('malformed');
  const bytes = utf8(text);
  const signedBy: NoteVerifier[] = [];
  let ignoredCount = 0;
  for (const line of lines) {
    const m = SIGNATURE_LINE.exec(line);
    const signature = m && findBase64(m[2]!);
    if (!m || !signature || signature.length < 5 || !KEY_NAME.test(m[1]!)) return refused('malformed');
    const known = verifiers.find((v) => v.name === m[1] && equalBytes(v.keyId, signature.subarray(0, 4)));
    if (!known) ignoredCount++;
    else if (!known.verify(bytes, signature.slice(4))) return refused('signature-wrong');
    else if (!signedBy.includes(known)) signedBy.push(known);
  }
  return signedBy.length ? { kind: 'opened', text, signedBy, ignoredCount } : refused('unsigned');
}

/** Ends in a newline, holds no other control character below U+0020, and is well-formed Unicode, so that its UTF-8 has one reading. */
function isNoteText(text: string): boolean {
  if (!text.endsWith('\n') || /\p{Surrogate}/u.test(text)) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 && text[i] !== '\n') return false;
  return true;
}
