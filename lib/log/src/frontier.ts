import { emptyRoot, type HashFunction, hashNode, joinSubtrees } from './merkle.ts';

/**
 * Grows a tree one leaf hash at a time and tells its root at any moment, in the memory of a proof. It knows nothing of tiles, so an audit
 * that walks a log with it is a second opinion on what tiles and checkpoints say.
 */
export class Frontier {
  readonly #hash: HashFunction;
  /** Roots of the perfect subtrees so far, largest first; one for each set bit of the size. */
  readonly #peaks: Uint8Array[] = [];
  #size = 0;

  constructor(hash: HashFunction) {
    this.#hash = hash;
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  append(leafHash: Uint8Array): void {
    let peak = leafHash;
    for (let n = this.#size; n % 2 === 1; n = Math.floor(n / 2)) peak = hashNode(this.#hash, this.#peaks.pop()!, peak);
    this.#peaks.push(peak);
    this.#size++;
  }

  root(): Uint8Array {
    return this.#size === 0 ? emptyRoot(this.#hash) : joinSubtrees(this.#hash, this.#peaks);
  }
}
