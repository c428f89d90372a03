import { equalBytes } from '@lantai/values';
import { emptyRoot, HASH_BYTES, type HashFunction, hashNode } from './merkle.ts';

/** A number of leaves or a position. Outside vectors reach 2^64, so a bigint is taken as it is. */
export type Count = number | bigint;

/** Why a proof does not hold. */
export type ProofFault =
  | 'position-outside'
  | 'sizes-impossible'
  | 'empty-tree'
  | 'range-invalid'
  | 'hash-length'
  | 'proof-length'
  | 'first-root-differs'
  | 'root-differs';

/**
 * Checks that the leaf stands at `position` in the tree of `size` leaves with this root.
 * @returns null when it does, else why not; never throws.
 * Source: RFC 9162 section 2.1.3.2.
 */
export function findInclusionFault(
  hash: HashFunction,
  claim: { position: Count; size: Count; leafHash: Uint8Array; proof: readonly Uint8Array[]; root: Uint8Array },
): ProofFault | null {
  const position = BigInt(claim.position);
  const size = BigInt(claim.size);
  if (position < 0n || position >= size) return 'position-outside';
  if (claim.leafHash.length !== HASH_BYTES || claim.proof.some((h) => h.length !== HASH_BYTES)) return 'hash-length';
  let fn = position;
  let sn = size - 1n;
  let r = claim.leafHash;
  for (const p of claim.proof) {
    if (sn === 0n) return 'proof-length';
    if (isOdd(fn) || fn === sn) {
      r = hashNode(hash, p, r);
      while (!isOdd(fn) && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      r = hashNode(hash, r, p);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn !== 0n) return 'proof-length';
  return equalBytes(r, claim.root) ? null : 'root-differs';
}

/**
 * Checks that the tree of `toSize` leaves continues the tree of `fromSize` leaves: same leaves, same order, more of them.
 * An empty first tree is an error (`empty-tree`): every tree continues it, so a proof of that says nothing.
 * @returns null when it does, else why not; never throws.
 * Source: RFC 9162 section 2.1.4.2.
 */
export function findConsistencyFault(
  hash: HashFunction,
  claim: { fromSize: Count; toSize: Count; fromRoot: Uint8Array; toRoot: Uint8Array; proof: readonly Uint8Array[] },
): ProofFault | null {
  const from = BigInt(claim.fromSize);
  const to = BigInt(claim.toSize);
  if (from === 0n) return 'empty-tree';
  if (from < 0n || to < from) return 'sizes-impossible';
  return findSubtreeConsistencyFault(hash, {
    start: 0n,
    end: from,
    size: to,
    subtreeRoot: claim.fromRoot,
    root: claim.toRoot,
    proof: claim.proof,
  });
}

/**
 * Checks that a leaf stands at `position` inside the subtree `start` to `end` (exclusive) with this root.
 * Source: draft-ietf-plants-merkle-tree-certs, "Subtree Inclusion Proofs".
 */
export function findSubtreeInclusionFault(
  hash: HashFunction,
  claim: { position: Count; start: Count; end: Count; leafHash: Uint8Array; proof: readonly Uint8Array[]; root: Uint8Array },
): ProofFault | null {
  const start = BigInt(claim.start);
  const end = BigInt(claim.end);
  if (!isSubtree(start, end)) return 'range-invalid';
  return findInclusionFault(hash, { ...claim, position: BigInt(claim.position) - start, size: end - start });
}

/**
 * Checks that the subtree `start` to `end` (exclusive) is part of the tree of `size` leaves. An empty subtree is part of every tree
 * that reaches it.
 * Source: draft-ietf-plants-merkle-tree-certs, "Verifying Subtree Consistency Proofs".
 */
export function findSubtreeConsistencyFault(
  hash: HashFunction,
  claim: { start: Count; end: Count; size: Count; subtreeRoot: Uint8Array; root: Uint8Array; proof: readonly Uint8Array[] },
): ProofFault | null {
  const start = BigInt(claim.start);
  const end = BigInt(claim.end);
  const size = BigInt(claim.size);
  if (end > size) return 'sizes-impossible';
  if (!isSubtree(start, end)) return 'range-invalid';
  if (claim.proof.some((h) => h.length !== HASH_BYTES)) return 'hash-length';
  if (start === end) {
    if (claim.proof.length) return 'proof-length';
    return equalBytes(claim.subtreeRoot, emptyRoot(hash)) ? null : 'first-root-differs';
  }
  let fn = start;
  let sn = end - 1n;
  let tn = size - 1n;
  const shift = () => {
    fn >>= 1n;
    sn >>= 1n;
    tn >>= 1n;
  };
  // Climb to the rightmost perfect subtree of the range: the proof starts there.
  while (fn !== sn && (sn === tn || isOdd(sn))) shift();
  const isWhole = fn === sn;
  const seed = isWhole ? claim.subtreeRoot : claim.proof[0];
  if (!seed) return 'proof-length';
  let fr = seed;
  let sr = seed;
  for (const c of isWhole ? claim.proof : claim.proof.slice(1)) {
    if (tn === 0n) return 'proof-length';
    if (isOdd(sn) || sn === tn) {
      if (fn < sn) fr = hashNode(hash, c, fr);
      sr = hashNode(hash, c, sr);
      while (!isOdd(sn)) shift();
    } else {
      sr = hashNode(hash, sr, c);
    }
    shift();
  }
  if (tn !== 0n) return 'proof-length';
  if (!equalBytes(fr, claim.subtreeRoot)) return 'first-root-differs';
  return equalBytes(sr, claim.root) ? null : 'root-differs';
}

const isOdd = (n: bigint) => (n & 1n) === 1n;

/** A subtree starts at a multiple of the smallest power of two that holds it. */
function isSubtree(start: bigint, end: bigint): boolean {
  if (start < 0n || end < start) return false;
  let ceiling = 1n;
  while (ceiling < end - start) ceiling <<= 1n;
  return start % ceiling === 0n;
}
