import { nodePrimitives } from '@lantai/primitives-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createCosigner,
  createNoteSigner,
  findCosignatures,
  findNoteVerifier,
  findWitness,
  openCheckpoint,
  signCheckpoint,
  treeHash,
} from './index.ts';

const p = nodePrimitives;
const makeWitness = (name: string) => createCosigner(p, { name, ...p.generateSigner('ed25519') });
const log = createNoteSigner(p, { name: 'log.example/a', algorithm: 'ed25519', ...p.generateSigner('ed25519') });
const note = signCheckpoint({ origin: log.name, size: 0, root: treeHash(p)() }, [log]);
const known = [findNoteVerifier(p, log.verifierKey)!];

describe('cosignatures of witnesses', () => {
  it('of two witnesses stand on one checkpoint, which readers who know neither open as before', () => {
    const [a, b] = [makeWitness('witness.example/a'), makeWitness('witness.example/b')];
    const cosigned = b.cosign(a.cosign(note, 1_763_769_600), 1_763_769_700);
    const believed = [a, b].map((w) => findWitness(p, w.verifierKey)!);
    expect(findCosignatures(p, cosigned, believed)).toEqual({
      seenBy: [
        { name: a.name, atSeconds: 1_763_769_600 },
        { name: b.name, atSeconds: 1_763_769_700 },
      ],
      wrong: [],
    });
    expect(findCosignatures(p, cosigned, [believed[1]!]).seenBy.map((s) => s.name)).toEqual([b.name]);
    expect(findCosignatures(p, note, believed)).toEqual({ seenBy: [], wrong: [] });
    expect(openCheckpoint(cosigned, known)).toMatchObject({ kind: 'opened', signedBy: [{ name: log.name }] });
  });

  it('do not hold for another checkpoint, another time or another witness', () => {
    const witness = makeWitness('witness.example/a');
    const twin = makeWitness('witness.example/a');
    const line = witness.cosign(note, 1_763_769_600).slice(note.length);
    const other = signCheckpoint({ origin: log.name, size: 1, root: treeHash(p)() }, [log]);
    expect(findCosignatures(p, other + line, [witness])).toEqual({ seenBy: [], wrong: [witness.name] });
    expect(findCosignatures(p, note + line, [twin])).toEqual({ seenBy: [], wrong: [] });
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 75 }), fc.nat(7), (at, bit) => {
        const bytes = Buffer.from(line.trimEnd().split(' ')[2]!, 'base64');
        bytes[at]! ^= 1 << bit;
        const altered = `\u2014 ${witness.name} ${bytes.toString('base64')}\n`;
        expect(findCosignatures(p, note + altered, [witness])).toEqual({ seenBy: [], wrong: [witness.name] });
      }),
      { numRuns: 60 },
    );
  });

  it('are never the log’s own signature, even under its name, and the log’s is never a witness’s', () => {
    const namesake = createCosigner(p, { name: log.name, ...p.generateSigner('ed25519') });
    const unsigned = namesake.cosign(`${note.slice(0, note.lastIndexOf('\n\n'))}\n\n`, 1);
    expect(openCheckpoint(unsigned, known)).toEqual({ kind: 'refused', fault: 'unsigned' });
    expect(findNoteVerifier(p, namesake.verifierKey)).toBeNull();
    expect(findWitness(p, log.verifierKey)).toBeNull();
  });

  it('refuse mangled keys, times that are none and texts that are no note', () => {
    const witness = makeWitness('witness.example/a');
    for (let i = 0; i < witness.verifierKey.length; i++) {
      const mangled = `${witness.verifierKey.slice(0, i)}~${witness.verifierKey.slice(i + 1)}`;
      expect(findWitness(p, mangled)).toBeNull();
    }
    for (const atSeconds of [0, -1, 1.5, Number.NaN]) expect(() => witness.cosign(note, atSeconds)).toThrow('not a note');
    expect(() => witness.cosign('text', 1)).toThrow('not a note');
    expect(() => createCosigner(p, { name: 'a b', ...p.generateSigner('ed25519') })).toThrow('not a key');
  });
});
