import { nodePrimitives as p } from '@lantai/primitives-node';
import { describe, expect, it } from 'vitest';
import { createNoteSigner, isKeyChangeRight, type KeyChange, makeKeyChange } from './index.ts';

const ORIGIN = 'log.example/a';
const signer = (algorithm: 'ed25519' | 'sm2', name = ORIGIN) => createNoteSigner(p, { name, algorithm, ...p.generateSigner(algorithm) });

describe('a change of a log’s keys', () => {
  const [old, next, sm2] = [signer('ed25519'), signer('ed25519'), signer('sm2')];
  const change = makeKeyChange(ORIGIN, old, next, sm2);

  it('is right when the old and the new key signed it, for this log', () => {
    expect(isKeyChangeRight(p, ORIGIN, old.verifierKey, change)).toBe(true);
  });

  it('is wrong for another believed key, another log, other keys named, or a signature missing or exchanged', () => {
    const [stranger, elsewhere] = [signer('ed25519'), signer('ed25519', 'log.example/b')];
    expect(isKeyChangeRight(p, ORIGIN, stranger.verifierKey, change)).toBe(false);
    expect(isKeyChangeRight(p, 'log.example/b', old.verifierKey, change)).toBe(false);
    expect(isKeyChangeRight(p, ORIGIN, 'no key', change)).toBe(false);
    const wrong: Partial<KeyChange>[] = [
      { to: stranger.verifierKey },
      { to: elsewhere.verifierKey },
      { toSm2: signer('sm2').verifierKey },
      { from: '00000000' },
      { oldSignature: '' },
      { newSignature: change.oldSignature },
      { oldSignature: change.newSignature, newSignature: change.oldSignature },
    ];
    for (const part of wrong) expect(isKeyChangeRight(p, ORIGIN, old.verifierKey, { ...change, ...part })).toBe(false);
    // Who holds only the new key cannot take the log over.
    expect(isKeyChangeRight(p, ORIGIN, old.verifierKey, makeKeyChange(ORIGIN, stranger, next, sm2))).toBe(false);
  });
});
