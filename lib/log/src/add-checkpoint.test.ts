import { nodePrimitives as p } from '@lantai/primitives-node';
import { utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createNoteSigner,
  EMPTY_EDGE,
  findAddCheckpoint,
  findNoteVerifier,
  formatAddCheckpoint,
  formatTilePath,
  growEdge,
  HashTile,
  judgeAddCheckpoint,
  proveConsistency,
  rootOfEdge,
  signCheckpoint,
  treeHash,
} from './index.ts';

const hash = treeHash(p);
const signer = createNoteSigner(p, { name: 'log.example/w', algorithm: 'ed25519', ...p.generateSigner('ed25519') });
const stranger = createNoteSigner(p, { name: 'log.example/w', algorithm: 'ed25519', ...p.generateSigner('ed25519') });
const keys = [findNoteVerifier(p, signer.verifierKey)!];

/** A log of 20 entries: the checkpoint at each size, and proofs between them. */
function makeLog(word: string) {
  const tiles = new Map<string, Uint8Array>();
  const roots = [hash()];
  for (let edge = EMPTY_EDGE; edge.size < 20; ) {
    const grown = growEdge(hash, edge, [utf8(`${word} ${edge.size}`)]);
    for (const { tile, bytes } of grown.tiles) tiles.set(formatTilePath(tile), bytes);
    edge = grown.edge;
    roots.push(rootOfEdge(hash, edge));
  }
  return {
    at: (size: number) => ({ origin: signer.name, size, root: roots[size]! }),
    prove: (from: number, to: number) =>
      proveConsistency(hash, async (list) => list.map((t) => new HashTile(hash, tiles.get(formatTilePath(t))!)), from, to),
  };
}
const [log, other] = [makeLog('one'), makeLog('two')];
const noteAt = (size: number, of = log, by = signer) => signCheckpoint(of.at(size), [by]);
const judge = (body: string, memory: ReturnType<typeof log.at> | null = null) =>
  judgeAddCheckpoint(
    hash,
    body,
    (origin) => (origin === signer.name ? keys : null),
    () => memory,
  );

describe('a request to cosign', () => {
  it('parses back', () => {
    const proof = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.maxSafeNat(), proof, (oldSize, hashes) => {
        const asked = { oldSize, proof: hashes, note: noteAt(3) };
        expect(findAddCheckpoint(formatAddCheckpoint(asked))).toEqual(asked);
      }),
    );
  });

  it('is none when its first line, a hash or the blank line is malformed', () => {
    const bad = ['', 'old 1', 'old 01\n\nx', 'old -1\n\nx', 'size 1\n\nx', 'old 1\nAAAA\n\nx', `old 1\n${'A'.repeat(43)}=\n`];
    for (const text of bad) expect(findAddCheckpoint(text), text).toBeNull();
    const long = { oldSize: 1, proof: Array.from({ length: 64 }, () => hash()), note: noteAt(3) };
    expect(findAddCheckpoint(formatAddCheckpoint(long))).toBeNull();
  });

  it('is accepted from the first size on, along each proof, and again at the same size', async () => {
    expect(judge(formatAddCheckpoint({ oldSize: 0, proof: [], note: noteAt(7) }))).toMatchObject({
      kind: 'accepted',
      checkpoint: { size: 7 },
    });
    const body = formatAddCheckpoint({ oldSize: 7, proof: await log.prove(7, 20), note: noteAt(20) });
    expect(judge(body, log.at(7))).toMatchObject({ kind: 'accepted', checkpoint: { size: 20 } });
    expect(judge(formatAddCheckpoint({ oldSize: 20, proof: [], note: noteAt(20) }), log.at(20))).toMatchObject({ kind: 'accepted' });
    const tooMany = formatAddCheckpoint({ oldSize: 20, proof: [hash()], note: noteAt(20) });
    expect(judge(tooMany, log.at(20))).toEqual({ kind: 'refused', status: 422 });
  });

  it('is refused when it contradicts what was cosigned before, however it is put', async () => {
    const forked = formatAddCheckpoint({ oldSize: 7, proof: await other.prove(7, 20), note: noteAt(20, other) });
    expect(judge(forked, log.at(7))).toEqual({ kind: 'refused', status: 422 });
    expect(judge(formatAddCheckpoint({ oldSize: 7, proof: [], note: noteAt(7, other) }), log.at(7))).toMatchObject({ status: 409 });
    expect(judge(formatAddCheckpoint({ oldSize: 7, proof: [], note: noteAt(20) }), log.at(7))).toEqual({ kind: 'refused', status: 422 });
    // A log that was set back asks as if nothing had been.
    for (const oldSize of [0, 3])
      expect(judge(formatAddCheckpoint({ oldSize, proof: [], note: noteAt(5) }), log.at(7))).toEqual({
        kind: 'conflict',
        status: 409,
        knownSize: 7,
      });
  });

  it('is refused of a log that is not known, not signed by it, or not well-formed', () => {
    const asked = (note: string, oldSize = 0) => judge(formatAddCheckpoint({ oldSize, proof: [], note }));
    expect(asked(noteAt(7).replace(signer.name, 'log.example/unknown'))).toEqual({ kind: 'refused', status: 404 });
    expect(asked(noteAt(7, log, stranger))).toEqual({ kind: 'refused', status: 403 });
    expect(asked(noteAt(7).replace('\n7\n', '\n8\n'))).toEqual({ kind: 'refused', status: 403 });
    expect(asked(noteAt(7), 8)).toEqual({ kind: 'refused', status: 400 });
    expect(judge('old 0\n')).toEqual({ kind: 'refused', status: 400 });
  });
});
