import type { AnchorJudge } from '@lantai/bundle';

/**
 * Judges the time-stamps of a bundle by the roots given, offline. An anchor on a chain stays unknown, for only the chain can say.
 * @param roots certificates of authorities that are believed, PEM. The judge throws ArchiveError `anchor/roots-malformed` (caller) when they are none
 */
export function timestampJudge(roots: string): AnchorJudge {
  return async (anchored, proof) => {
    if (proof.kind !== 'rfc3161') return null;
    // The library is large, and most bundles have no stamp.
    const { checkTimestamp } = await import('@lantai/anchors');
    return checkTimestamp(anchored, proof, roots);
  };
}
