import { type AnchorJudge, type BundleVerdict, verifyBundle } from '@lantai/bundle';
import { nodeBundlePrimitives } from '@lantai/primitives-node';
import { openContainer } from './open-container.ts';

/** What checking a bundle on disk gives: a verdict, or why it could not even be opened. */
export type BundleOutcome =
  | { readonly kind: 'checked'; readonly verdict: BundleVerdict }
  | { readonly kind: 'refused'; readonly code: string; readonly path: string | null };

/**
 * Checks a bundle on disk, zip or folder, offline. Never throws on a bad bundle.
 * @param judgeAnchor judges what outside providers gave; null: their proofs are told as unknown
 * @param logKeys verifier keys believed; empty: the bundle's own, which prove nothing of whose log it is
 * @param timestampRoots certificates of time-stamp authorities that are believed, PEM; null: their stamps stay unknown
 * @throws ArchiveError `file/unreadable` (environment), `anchor/roots-malformed` (caller)
 */
export async function checkBundleAt(
  path: string,
  logKeys: readonly string[],
  onProgress: (doneBytes: number, totalBytes: number) => void = () => undefined,
  judgeAnchor: AnchorJudge | null = null,
): Promise<BundleOutcome> {
  const held = await openContainer(path);
  try {
    if (held.opened.kind === 'refused') return held.opened;
    const { members } = held.opened;
    return {
      kind: 'checked',
      verdict: await verifyBundle(nodeBundlePrimitives, { members, logKeys, onProgress, ...(judgeAnchor ? { judgeAnchor } : {}) }),
    };
  } finally {
    await held.close();
  }
}
