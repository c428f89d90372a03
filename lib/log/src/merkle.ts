/**
 * The hashing of a Merkle tree. Source: RFC 6962 section 2.1 (unchanged in RFC 9162 section 2.1.1).
 * Nothing here knows where entries or hashes are kept.
 */

/** One digest over the parts laid end to end; 32 bytes. SHA-256 for every log that follows C2SP tlog-tiles. */
export type HashFunction = (...parts: Uint8Array[]) => Uint8Array;

/** Length of a tree hash in bytes. */
export const HASH_BYTES = 32;

const LEAF = 0;
const NODE = 1;

/** Root of the tree without entries: the digest of nothing. */
export const emptyRoot = (hash: HashFunction): Uint8Array => hash();

/** Hash of an entry's bytes as a leaf. The leading 0x00 keeps a leaf from ever passing for a node. */
export function hashLeaf(hash: HashFunction, entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input[0] = LEAF;
  input.set(entry, 1);
  return hash(input);
}

/** Hash of two neighbouring subtrees as their parent. */
export function hashNode(hash: HashFunction, left: Uint8Array, right: Uint8Array): Uint8Array {
  // One part, not three: a one-shot digest of short input is several times faster than a streamed one.
  const input = new Uint8Array(1 + left.length + right.length);
  input[0] = NODE;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return hash(input);
}

/** The largest power of two smaller than `count` (`count` >= 2): where RFC 6962 splits a tree of that many leaves. */
export function splitPoint(count: number): number {
  let k = 1;
  while (k * 2 < count) k *= 2;
  return k;
}

/** A perfect subtree: at `level` (leaves are level 0), the `index`-th from the left; it spans 2^level leaves. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/**
 * The perfect subtrees that make up the leaves `start` to `end` (exclusive), left to right, largest first.
 * `start` must be a multiple of the smallest power of two >= the number of leaves, as in every range a proof names.
 */
export function subtreesOf(start: number, end: number): Subtree[] {
  const out: Subtree[] = [];
  for (let at = start; at < end; ) {
    let level = 0;
    let span = 1;
    while (span * 2 <= end - at) {
      span *= 2;
      level++;
    }
    out.push({ level, index: at / span });
    at += span;
  }
  return out;
}

/** Hash over neighbouring perfect subtrees, as {@link subtreesOf} lists them. At least one. */
export function joinSubtrees(hash: HashFunction, hashes: readonly Uint8Array[]): Uint8Array {
  return hashes.reduceRight((right, left) => hashNode(hash, left, right));
}
