import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  findConsistencyFault,
  findInclusionFault,
  findSubtreeConsistencyFault,
  findSubtreeInclusionFault,
  type ProofFault,
} from './index.ts';

const FOLDER = resolve(import.meta.dirname, '../../../../shared/vectors/merkle-testdata');
const present = existsSync(FOLDER);

const hash = (...parts: Uint8Array[]) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest();
const bytes = (base64: unknown) => new Uint8Array(Buffer.from(String(base64 ?? ''), 'base64'));

interface Probe {
  readonly path: string;
  readonly counts: Record<string, bigint>;
  readonly root: Uint8Array;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly proof: Uint8Array[];
  readonly wantErr: boolean;
}

/** JSON.parse would round numbers beyond 2^53, so the counts are taken from the text as bigints. */
function readProbe(path: string): Probe {
  const text = readFileSync(path, 'utf8');
  const fields = JSON.parse(text);
  const counts: Record<string, bigint> = {};
  for (const [, name, digits] of text.matchAll(/"(leafIdx|treeSize|size1|size2|start|end|size)":\s*(\d+)/g))
    counts[name!] = BigInt(digits!);
  const proof = (fields.proof ?? []).map(bytes);
  const { root, root1, root2, leafHash } = fields;
  return {
    path,
    counts,
    root: bytes(root),
    root1: bytes(root1),
    root2: bytes(root2),
    leafHash: bytes(leafHash),
    proof,
    wantErr: fields.wantErr,
  };
}

function readProbes(kind: string): Probe[] {
  return readdirSync(join(FOLDER, kind), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => readProbe(join(FOLDER, kind, name)));
}

const CHECKS: Record<string, { count: number; check: (p: Probe) => ProofFault | null }> = {
  inclusion: {
    count: 98,
    check: ({ counts, ...p }) => findInclusionFault(hash, { ...p, position: counts.leafIdx!, size: counts.treeSize! }),
  },
  consistency: {
    count: 98,
    check: ({ counts, root1, root2, proof }) =>
      findConsistencyFault(hash, { fromSize: counts.size1!, toSize: counts.size2!, fromRoot: root1, toRoot: root2, proof }),
  },
  subtreeinclusion: {
    count: 204,
    check: ({ counts, ...p }) =>
      findSubtreeInclusionFault(hash, { ...p, position: counts.leafIdx!, start: counts.start!, end: counts.end! }),
  },
  subtreeconsistency: {
    count: 118,
    check: ({ counts, root1, root2, proof }) =>
      findSubtreeConsistencyFault(hash, {
        start: counts.start!,
        end: counts.end!,
        size: counts.size!,
        subtreeRoot: root1,
        root: root2,
        proof,
      }),
  },
};

describe.skipIf(!present)('the 518 proofs of transparency-dev/merkle (SKIPPED when ../shared/vectors/merkle-testdata is absent)', () => {
  for (const [kind, { count, check }] of Object.entries(CHECKS)) {
    it(`accepts each good and refuses each bad ${kind} proof`, () => {
      const probes = readProbes(kind);
      expect(probes.length).toBe(count);
      const wrong = probes.filter((probe) => (check(probe) !== null) !== probe.wantErr).map((probe) => probe.path);
      expect(wrong).toEqual([]);
    });
  }
});
