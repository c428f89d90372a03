import { type Checkpoint, type Entry, findBase64, findEntry, findInclusionFault, hashLeaf, openCheckpoint, treeHash } from '@lantai/log';
import { webPrimitives } from '@lantai/primitives-web';
import type { Schemas } from '../api/client.ts';
import { usableVerifiers } from './watch-log.ts';

const hash = treeHash(webPrimitives);

/** One thing looked at, in the order looked at. */
export interface EntryCheck {
  readonly name: 'bytes' | 'agrees' | 'checkpoint' | 'inclusion';
  readonly passed: boolean;
}

/** What checking an entry in the browser gave. */
export interface EntryVerdict {
  readonly holds: boolean;
  readonly checks: readonly EntryCheck[];
  readonly entry: Entry | null;
  readonly checkpoint: Checkpoint | null;
  readonly leafHash: Uint8Array | null;
}

/** True when what the screen shows is what the bytes say. */
function agrees(entry: Entry | null, shown: Schemas['LogEntry']): boolean {
  if (!entry) return false;
  const sameParams = JSON.stringify(sorted(entry.params ?? {})) === JSON.stringify(sorted(shown.params));
  const sameObject = (entry.object ?? null) === null || shown.objectId === null || entry.object!.endsWith(shown.objectId);
  const sameDossier = (entry.dossier ?? null) === (shown.dossier?.id ?? null) || shown.dossier === null;
  return entry.id === shown.id && entry.kind === shown.kind && entry.atMs === shown.atMs && sameParams && sameObject && sameDossier;
}

const sorted = (params: Readonly<Record<string, string | number>>) => Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * Checks, here and by nobody's word, that an entry stands in the log: its bytes are a line of the log, they say what the screen shows, the
 * checkpoint is signed by a believed key, and the entry is under its root. Null while the entry waits to be placed.
 * @param believedKeys the verifier keys this browser first met
 */
export function checkEntry(proof: Schemas['EntryProof'], believedKeys: readonly string[]): EntryVerdict | null {
  const { position } = proof.entry;
  if (position === null || proof.checkpoint === null || proof.inclusion === null) return null;
  const bytes = findBase64(proof.bytes);
  const entry = bytes && findEntry(bytes);
  const opened = openCheckpoint(proof.checkpoint, usableVerifiers(believedKeys));
  const checkpoint = opened.kind === 'opened' ? opened.checkpoint : null;
  const path = proof.inclusion.map(findBase64);
  const leafHash = bytes && hashLeaf(hash, bytes);
  const isIncluded =
    leafHash !== null &&
    checkpoint !== null &&
    !path.includes(null) &&
    findInclusionFault(hash, { position, size: checkpoint.size, leafHash, proof: path as Uint8Array[], root: checkpoint.root }) === null;
  const checks: EntryCheck[] = [
    { name: 'bytes', passed: entry !== null },
    { name: 'agrees', passed: agrees(entry, proof.entry) },
    { name: 'checkpoint', passed: checkpoint !== null },
    { name: 'inclusion', passed: isIncluded },
  ];
  return { holds: checks.every((check) => check.passed), checks, entry, checkpoint, leafHash };
}
