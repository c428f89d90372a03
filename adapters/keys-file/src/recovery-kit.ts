import { assert } from '@lantai/values';
import { formatLines, type LinesFault, parseLines } from './symbol-lines.ts';

const KEY_LENGTH = 32;

/** Four lines of four groups of four symbols that hold a root key, to be printed. Whoever has them has the archive. Source: docs/spec/key-store.md section 7. */
export function formatRecoveryKit(rootKey: Uint8Array): string[] {
  assert(rootKey.length === KEY_LENGTH, 'a root key has 32 bytes');
  return formatLines(rootKey);
}

/** What a typed recovery kit turned out to be. Lines and symbols are counted from 1; spaces and dashes do not count. */
export type RecoveryKitReading = { readonly kind: 'key'; readonly key: Uint8Array } | LinesFault;

/** Reads a recovery kit as a person typed it: any case, O for 0, I and L for 1, spaces and dashes anywhere, lines or one row of 64 symbols. */
export function parseRecoveryKit(text: string): RecoveryKitReading {
  const read = parseLines(text, KEY_LENGTH);
  return read.kind === 'bytes' ? { kind: 'key', key: read.bytes } : read;
}
