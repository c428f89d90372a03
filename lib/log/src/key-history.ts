import { formatHex } from '@lantai/values';
import { findBase64, formatBase64 } from './base64.ts';
import { type Entry, findEntry } from './entry.ts';
import { isKeyChangeRight, type KeyChange } from './key-change.ts';
import type { LogPrimitives } from './primitives.ts';
import { findNoteVerifier } from './signed-note.ts';

/** Kind of the entry that announces other keys of the log. */
export const KEY_CHANGE_KIND = 'log-key.rotated';

/** An entry that announces other keys, and where it stands in the log. */
export interface LoggedKeyChange {
  readonly position: number;
  readonly entryBytes: Uint8Array;
}

/** More changes than a log has in a thousand years. */
const CHANGES_MAX = 1000;

/** The file `key-changes` of a published log: a line for each change, its position and the bytes of its entry in base 64. */
export const formatKeyChanges = (changes: readonly LoggedKeyChange[]): string =>
  changes.map(({ position, entryBytes }) => `${position} ${formatBase64(entryBytes)}\n`).join('');

/** Undoes {@link formatKeyChanges}; null when it is not of that form, or the positions do not grow. */
export function findKeyChanges(text: string): LoggedKeyChange[] | null {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length > CHANGES_MAX) return null;
  const changes: LoggedKeyChange[] = [];
  for (const line of lines) {
    const m = /^(0|[1-9]\d{0,14}) ([A-Za-z0-9+/=]+)$/.exec(line);
    const entryBytes = m && findBase64(m[2]!);
    const position = Number(m?.[1]);
    if (!entryBytes || position <= (changes.at(-1)?.position ?? -1)) return null;
    changes.push({ position, entryBytes });
  }
  return changes;
}

/**
 * Whose signatures count. `present`: the verifier keys that hold in a tree of that size. `former`: those believed before that no longer sign.
 * `followed`: the changes that led there, which whoever watches the log must find in it.
 */
export type KeyHistory =
  | {
      readonly kind: 'known';
      readonly present: readonly string[];
      readonly former: readonly string[];
      readonly followed: readonly LoggedKeyChange[];
    }
  | { readonly kind: 'refused'; readonly position: number };

/**
 * Follows the changes of a log's keys from those that are believed. A change counts from the checkpoint on that holds it; whoever held the old
 * key has signed the new one, and a change that claims to come from a believed key and does not is refused. Never throws.
 * @param believed verifier keys, of one or more generations
 * @param size entries of the checkpoint in hand: changes behind it do not count yet
 */
export function followKeyChanges(
  p: LogPrimitives,
  origin: string,
  believed: readonly string[],
  { changes, size }: { readonly changes: readonly LoggedKeyChange[]; readonly size: number },
): KeyHistory {
  let present = believed;
  const followed: LoggedKeyChange[] = [];
  for (const logged of changes) {
    if (logged.position >= size) break;
    const change = changeOf(findEntry(logged.entryBytes));
    if (!change) return { kind: 'refused', position: logged.position };
    const from = [...present, ...believed].find((key) => keyIdOf(p, key) === change.from);
    // A change from before the keys that are believed: they stand behind it.
    if (from === undefined) continue;
    if (!isKeyChangeRight(p, origin, from, change)) return { kind: 'refused', position: logged.position };
    followed.push(logged);
    present = [change.to, change.toSm2];
  }
  return { kind: 'known', present, former: believed.filter((key) => !present.includes(key)), followed };
}

const keyIdOf = (p: LogPrimitives, key: string): string | null => {
  const verifier = findNoteVerifier(p, key);
  return verifier && formatHex(verifier.keyId);
};

function changeOf(entry: Entry | null): KeyChange | null {
  if (entry?.kind !== KEY_CHANGE_KIND) return null;
  const { from, to, toSm2, oldSignature, newSignature } = entry.params ?? {};
  const fields = { from, to, toSm2, oldSignature, newSignature };
  return Object.values(fields).every((value) => typeof value === 'string') ? (fields as unknown as KeyChange) : null;
}
