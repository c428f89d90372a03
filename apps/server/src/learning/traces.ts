import type { Proposal, Traits } from '@lantai/proposals';
import { type Ruled, ruledOf } from '@lantai/proposals/learning';
import { utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';

/** What is kept of a proposal for learning: never words, only their keyed hashes. */
export interface Trace {
  readonly features: readonly number[];
  readonly signature: number;
  readonly ruled: Ruled;
  /** First page of the material as it was proposed: one that begins elsewhere in the end is another material. */
  readonly firstPage: string;
}

/** A proposal with what learning will need when a person settles it. */
export interface TracedProposal extends Proposal {
  readonly trace: Trace;
}

/** Label of the key of the hashes, derived from that of the fonds: docs/spec/learning.md, section 2. */
const KEY_LABEL = 'lantai/learning/v1';

/** Hashes words of a fonds' pages to 32 bits under its key: HMAC, with the hash of the archive's suite. */
export function traitHasher({ sealer }: Pick<Archive, 'sealer'>, fondsId: string): (word: string) => number {
  const key = sealer.subkey({ kind: 'fonds', id: fondsId }, KEY_LABEL);
  const hash = sealer.tokenSuite === 'gm' ? 'sm3' : 'sha256';
  return (word) => {
    const digest = sealer.primitives.hmac(hash, key, utf8(word));
    return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
  };
}

/** The trace of a proposal of the rules. */
export function traceOf(hash: (word: string) => number, proposal: Proposal, { traits, signature }: Traits): Trace {
  return {
    features: [...new Set(traits.map(hash))],
    signature: hash(signature),
    ruled: ruledOf(proposal),
    firstPage: proposal.pages[0] ?? '',
  };
}
