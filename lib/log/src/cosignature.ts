import { concatBytes, equalBytes, findHex, formatHex, utf8 } from '@lantai/values';
import { findBase64, formatBase64 } from './base64.ts';
import type { LogPrimitives, SigningPrimitives } from './primitives.ts';

/**
 * What a witness adds to a checkpoint: that it saw this one at this time, and that it continues every one it cosigned before. A line of a
 * signed note, which readers who do not know the witness pass over. Source: C2SP tlog-cosignature, `cosignature/v1` (Ed25519).
 */

/** Bytes of the type before a witness's public key. */
const TYPE = Uint8Array.of(0x04);
const KEY_BYTES = 32;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
const NAME = /^[^\p{White_Space}+]+$/u;

/** A witness that a reader believes. */
export interface Witness {
  readonly name: string;
  /** Four bytes: SHA-256(name, newline, type, public key), cut. */
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** A witness that cosigns. */
export interface Cosigner extends Witness {
  /** `name+id+base64(type and public key)`. */
  readonly verifierKey: string;
  /** The note with this witness's line at its end. @param atSeconds since 1970 UTC, above 0. Sign nothing that was not proved to continue the last. */
  cosign(note: string, atSeconds: number): string;
}

/** What the lines of known witnesses on a note say. */
export interface Cosignatures {
  readonly seenBy: readonly { readonly name: string; readonly atSeconds: number }[];
  /** Names of known witnesses whose line does not hold: the note must not be believed. */
  readonly wrong: readonly string[];
}

const keyIdOf = (p: Pick<LogPrimitives, 'hash'>, name: string, publicKey: Uint8Array) =>
  p.hash('sha256', utf8(`${name}\n`), TYPE, publicKey).slice(0, 4);

/** The text of a note, its newline included, without the blank line and the signatures. */
const textOf = (note: string) => note.slice(0, note.lastIndexOf('\n\n') + 1);

/** What a witness signs: the time and the checkpoint. */
const messageOf = (note: string, atSeconds: number) => utf8(`cosignature/v1\ntime ${atSeconds}\n${textOf(note)}`);

/** A witness's key for cosigning. `name`: neither space nor plus. @throws RangeError */
export function createCosigner(p: SigningPrimitives, key: { name: string; privateKey: Uint8Array; publicKey: Uint8Array }): Cosigner {
  const { name, publicKey } = key;
  if (!NAME.test(name) || publicKey.length !== KEY_BYTES) throw new RangeError('not a key for cosigning');
  const keyId = keyIdOf(p, name, publicKey);
  return {
    name,
    keyId,
    publicKey,
    verifierKey: `${name}+${formatHex(keyId)}+${formatBase64(concatBytes(TYPE, publicKey))}`,
    cosign: (note, atSeconds) => {
      if (!Number.isSafeInteger(atSeconds) || atSeconds < 1 || !note.endsWith('\n') || !note.includes('\n\n'))
        throw new RangeError('not a note to cosign');
      const time = new Uint8Array(TIME_BYTES);
      new DataView(time.buffer).setBigUint64(0, BigInt(atSeconds));
      const signature = p.sign('ed25519', key.privateKey, messageOf(note, atSeconds));
      return `${note}\u2014 ${name} ${formatBase64(concatBytes(keyId, time, signature))}\n`;
    },
  };
}

/** The witness that a verifier key names; null when it is malformed, its id is not its own, or it is no witness's. */
export function findWitness(p: Pick<LogPrimitives, 'hash'>, verifierKey: string): Witness | null {
  const m = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(verifierKey);
  const material = m && findBase64(m[3]!);
  if (!m || !NAME.test(m[1]!) || material?.length !== 1 + KEY_BYTES || material[0] !== TYPE[0]) return null;
  const witness = { name: m[1]!, keyId: findHex(m[2]!)!, publicKey: material.slice(1) };
  return equalBytes(keyIdOf(p, witness.name, witness.publicKey), witness.keyId) ? witness : null;
}

/** The cosignatures of known witnesses on a note that was opened before (`openCheckpoint`); each witness counts once, by its latest time. */
export function findCosignatures(p: LogPrimitives, note: string, witnesses: readonly Witness[]): Cosignatures {
  const seenBy = new Map<string, number>();
  const wrong = new Set<string>();
  for (const line of note.slice(note.lastIndexOf('\n\n') + 2).split('\n')) {
    const m = /^\u2014 (\P{White_Space}+) (\P{White_Space}+)$/u.exec(line);
    const bytes = m && findBase64(m[2]!);
    const witness = bytes && witnesses.find((w) => w.name === m[1] && equalBytes(w.keyId, bytes.subarray(0, 4)));
    if (!witness) continue;
    const atSeconds = findTime(bytes);
    const signature = bytes.slice(4 + TIME_BYTES);
    const holds = atSeconds !== null && p.verify('ed25519', witness.publicKey, messageOf(note, atSeconds), signature);
    if (!holds) wrong.add(witness.name);
    else seenBy.set(witness.name, Math.max(atSeconds, seenBy.get(witness.name) ?? 0));
  }
  return { seenBy: [...seenBy].map(([name, atSeconds]) => ({ name, atSeconds })), wrong: [...wrong] };
}

function findTime(bytes: Uint8Array): number | null {
  if (bytes.length !== 4 + TIME_BYTES + SIGNATURE_BYTES) return null;
  const seconds = new DataView(bytes.buffer, bytes.byteOffset + 4, TIME_BYTES).getBigUint64(0);
  return seconds > 0n && seconds <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seconds) : null;
}
