import { nodePrimitives } from '@lantai/primitives-node';
import { utf8 } from '@lantai/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  compareCheckpoints,
  createNoteSigner,
  EMPTY_EDGE,
  findCheckpoint,
  findNoteVerifier,
  formatCheckpoint,
  formatTilePath,
  growEdge,
  HashTile,
  openCheckpoint,
  proveConsistency,
  rootOfEdge,
  signCheckpoint,
  treeHash,
} from './index.ts';

const p = nodePrimitives;
const hash = treeHash(p);
const signerNamed = (name: string) => createNoteSigner(p, { name, algorithm: 'ed25519', ...p.generateSigner('ed25519') });

describe('checkpoints', () => {
  it('parse back, and the example of the specification parses', () => {
    const example = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    expect(findCheckpoint(example)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(formatCheckpoint(findCheckpoint(example)!)).toBe(example);
    expect(findCheckpoint(`${example}an extension\nanother\n`)).toEqual(findCheckpoint(example));
    const origin = fc.stringMatching(/^[a-z0-9./-]{1,40}$/);
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(origin, fc.maxSafeNat(), root, (o, size, r) => {
        const checkpoint = { origin: o, size, root: r };
        expect(findCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  it('do not parse when a line is malformed', () => {
    const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
    const bad = [
      `\n1\n${root}\n`,
      `o\n01\n${root}\n`,
      `o\n-1\n${root}\n`,
      `o\n1.0\n${root}\n`,
      `o\n9007199254740993\n${root}\n`,
      `o\n1\n${root.slice(1)}\n`,
      `o\n1\n${root}`,
      `o\n1\n${root}\n\n`,
      `o\n1\n${root}\n\nx\n`,
      `o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n`,
      `o\n1\n`,
      '',
    ];
    for (const text of bad) expect(findCheckpoint(text)).toBeNull();
  });

  it('open only under a key named as their origin', () => {
    const [own, other] = [signerNamed('log.example/a'), signerNamed('log.example/b')];
    const checkpoint: Checkpoint = { origin: 'log.example/a', size: 0, root: hash() };
    const keys = [own, other].map((s) => findNoteVerifier(p, s.verifierKey)!);
    const opened = openCheckpoint(signCheckpoint(checkpoint, [own, other]), keys);
    expect(opened).toMatchObject({ kind: 'opened', checkpoint });
    expect(opened.kind === 'opened' && opened.signedBy).toEqual([keys[0]]);
    expect(openCheckpoint(signCheckpoint(checkpoint, [other]), keys)).toEqual({ kind: 'refused', fault: 'foreign' });
    expect(openCheckpoint(signCheckpoint(checkpoint, [own]), [keys[1]!])).toEqual({ kind: 'refused', fault: 'unsigned' });
  });

  it('that a reader meets one after another are told apart: same, extended, earlier, forked, unproved', async () => {
    const tiles = new Map<string, Uint8Array>();
    const checkpoints: Checkpoint[] = [{ origin: 'o', size: 0, root: hash() }];
    for (let edge = EMPTY_EDGE; edge.size < 40; ) {
      const grown = growEdge(hash, edge, [utf8(`entry ${edge.size}`)]);
      for (const { tile, bytes } of grown.tiles) tiles.set(formatTilePath(tile), bytes);
      edge = grown.edge;
      checkpoints.push({ origin: 'o', size: edge.size, root: rootOfEdge(hash, edge) });
    }
    const prove = (from: number, to: number) =>
      proveConsistency(hash, async (list) => list.map((t) => new HashTile(hash, tiles.get(formatTilePath(t))!)), from, to);
    const [c0, c7, c40] = [checkpoints[0]!, checkpoints[7]!, checkpoints[40]!];
    expect(compareCheckpoints(hash, c7, c40, await prove(7, 40))).toBe('extended');
    expect(compareCheckpoints(hash, c0, c7, [])).toBe('extended');
    expect(compareCheckpoints(hash, c7, c7, [])).toBe('same');
    expect(compareCheckpoints(hash, c7, c7, [c7.root])).toBe('unproved');
    expect(compareCheckpoints(hash, c40, c7, await prove(7, 40))).toBe('earlier');
    expect(compareCheckpoints(hash, c7, { ...c7, root: c40.root }, [])).toBe('fork');
    expect(compareCheckpoints(hash, c7, { ...c40, origin: 'other' }, await prove(7, 40))).toBe('fork');
    expect(compareCheckpoints(hash, c7, c40, [])).toBe('unproved');
    expect(compareCheckpoints(hash, c7, { ...c40, root: c7.root }, await prove(7, 40))).toBe('unproved');
  });
});
