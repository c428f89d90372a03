import { concatBytes, utf8 } from '@lantai/values';
import { findBase64, formatBase64 } from './base64.ts';
import type { LogPrimitives } from './primitives.ts';
import { findNoteVerifier, type NoteSigner } from './signed-note.ts';

/** Parameters of the entry `log-key.rotated`: from the checkpoint that holds it on, the log may sign by other keys. */
export interface KeyChange {
  /** Id of the Ed25519 key of before, eight hexadecimal digits. */
  readonly from: string;
  /** The verifier keys of after. */
  readonly to: string;
  readonly toSm2: string;
  /** Signatures over {@link keyChangeText}, base64: by the Ed25519 key of before, and by the one of after. */
  readonly oldSignature: string;
  readonly newSignature: string;
}

/** What both keys sign. */
export const keyChangeText = (origin: string, change: Pick<KeyChange, 'from' | 'to' | 'toSm2'>): Uint8Array =>
  utf8(`lantai/log-key-change/v1\n${origin}\n${change.from}\n${change.to}\n${change.toSm2}\n`);

const idOf = (signer: NoteSigner): string => [...signer.keyId].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A change of a log's keys, signed by the old and by the new one. */
export function makeKeyChange(origin: string, old: NoteSigner, next: NoteSigner, nextSm2: NoteSigner): KeyChange {
  const change = { from: idOf(old), to: next.verifierKey, toSm2: nextSm2.verifierKey };
  const text = keyChangeText(origin, change);
  return { ...change, oldSignature: formatBase64(old.sign(text)), newSignature: formatBase64(next.sign(text)) };
}

/** Whether a change was made by the holder of a key that is believed, and its new key's holder too. Never throws. */
export function isKeyChangeRight(p: LogPrimitives, origin: string, believedKey: string, change: KeyChange): boolean {
  const text = keyChangeText(origin, change);
  const [old, next] = [believedKey, change.to].map((key) => findNoteVerifier(p, key));
  const [oldSignature, newSignature] = [change.oldSignature, change.newSignature].map((s) => findBase64(s) ?? concatBytes());
  if (!old || !next || old.name !== origin || next.name !== origin) return false;
  const isSame = [...old.keyId].map((byte) => byte.toString(16).padStart(2, '0')).join('') === change.from;
  return isSame && old.verify(text, oldSignature!) && next.verify(text, newSignature!);
}
