import { nodePrimitives } from '@lantai/primitives-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/log/signed-notes.json' with { type: 'json' };
import { createNoteSigner, findBase64, findNoteVerifier, formatBase64, type NoteVerifier, openNote, signNote } from './index.ts';

const p = nodePrimitives;
const keysOf = (texts: readonly string[]) => texts.map((text) => findNoteVerifier(p, text)!);
const publicKeyOf = (verifierKey: string) => findBase64(verifierKey.split('+').slice(2).join('+'))!.slice(1);

describe('base 64', () => {
  it('reads back what it writes, as others write it', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(formatBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(findBase64(formatBase64(bytes))).toEqual(bytes);
      }),
    );
  });
  it('refuses every second spelling', () => {
    for (const text of ['A', 'AA', 'AA=', 'AB==', 'AAB=', 'AA==AA==', 'AAA=A', ' AAAA', 'AAAA\n', 'AA-_', '====', 'A===', '=AAA'])
      expect(findBase64(text)).toBeNull();
  });
});

describe('signed notes', () => {
  for (const { name, keys, note, ...expected } of vectors.notes) {
    it(`of the standards are opened as they ask: ${name}`, () => {
      const opened = openNote(note, keysOf(keys));
      if ('fault' in expected) expect(opened).toEqual({ kind: 'refused', fault: expected.fault });
      else if (opened.kind === 'refused') expect(opened.fault).toBe('none');
      else expect([opened.text, opened.signedBy.map((v) => v.name)]).toEqual([expected.text, expected.signedBy]);
    });
  }

  it('are signed byte for byte as golang.org/x/mod signs them', () => {
    const { name, seedBase64, verifierKey, text, note } = vectors.signing;
    const privateKey = findBase64(seedBase64)!;
    const signer = createNoteSigner(p, { name, algorithm: 'ed25519', privateKey, publicKey: publicKeyOf(verifierKey) });
    expect(signer.verifierKey).toBe(verifierKey);
    expect(signNote(text, [signer])).toBe(note);
  });

  it('are never opened by a mangled key', () => {
    for (const good of vectors.keys.good) {
      expect(findNoteVerifier(p, good)?.name).toBe(good.split('+')[0]);
      for (let i = 0; i < good.length; i++)
        expect(findNoteVerifier(p, good.slice(0, i) + String.fromCharCode(good.charCodeAt(i) + 1) + good.slice(i + 1))).toBeNull();
      for (let i = 1; i < good.length; i++) {
        expect(findNoteVerifier(p, good.slice(i))).toBeNull();
        expect(findNoteVerifier(p, good.slice(0, i))).toBeNull();
      }
    }
    for (const bad of vectors.keys.bad) expect(findNoteVerifier(p, bad)).toBeNull();
  });

  it('are signed under any name without a plus or a blank as Unicode has it, which is not what JavaScript calls one', () => {
    const keys = p.generateSigner('ed25519');
    for (const name of ['log.example/a\ufeffb', 'log.example/\u4e2d', 'log.example/\u200b']) {
      const signer = createNoteSigner(p, { name, algorithm: 'ed25519', ...keys });
      const verifier = findNoteVerifier(p, signer.verifierKey);
      expect(verifier?.name).toBe(name);
      expect(openNote(signNote('text\n', [signer]), [verifier!])).toMatchObject({ kind: 'opened' });
    }
    for (const name of ['a+b', 'a b', 'a\u0085b', 'a\u00a0b', 'a\u2028b', 'a\u3000b', ''])
      expect(() => createNoteSigner(p, { name, algorithm: 'ed25519', ...keys })).toThrow(RangeError);
  });

  it('carry an SM2 line beside the Ed25519 line, and a reader who knows one of them ignores the other', () => {
    const signers = (['ed25519', 'sm2'] as const).map((algorithm) =>
      createNoteSigner(p, { name: 'log.example/a', algorithm, ...p.generateSigner(algorithm) }),
    );
    const note = signNote('hello\n', signers);
    const known = keysOf(signers.map((s) => s.verifierKey));
    const ask = (keys: readonly NoteVerifier[], text = note) => {
      const opened = openNote(text, keys);
      return opened.kind === 'opened' ? [opened.signedBy.map((v) => v.algorithm), opened.ignoredCount] : opened.fault;
    };
    expect(ask(known)).toEqual([['ed25519', 'sm2'], 0]);
    expect(ask([known[0]!])).toEqual([['ed25519'], 1]);
    expect(ask([known[1]!])).toEqual([['sm2'], 1]);
    expect(ask(known, note.replace('hello', 'hallo'))).toBe('signature-wrong');
    const lines = note.split('\n');
    expect(ask([known[1]!], [...lines.slice(0, 3), lines[3]!.replace(/.{4}$/, 'AAA='), ''].join('\n'))).toBe('signature-wrong');
  });

  it('hold for the text signed and fall with any change to text or signature', () => {
    const pair = p.generateSigner('ed25519');
    const signer = createNoteSigner(p, { name: 'log.example/b', algorithm: 'ed25519', ...pair });
    const known = keysOf([signer.verifierKey]);
    const line = fc.string({ unit: 'grapheme' }).map((s) => s.replaceAll(/\p{Cc}|\p{Surrogate}/gu, ''));
    fc.assert(
      fc.property(fc.array(line), fc.nat(), (lines, at) => {
        const text = `${lines.join('\n')}\n`;
        const note = signNote(text, [signer]);
        expect(openNote(note, known)).toMatchObject({ kind: 'opened', text });
        const i = at % note.length;
        const altered = `${note.slice(0, i)}${note[i] === 'x' ? 'y' : 'x'}${note.slice(i + 1)}`;
        expect(openNote(altered, known).kind).toBe('refused');
      }),
      { numRuns: 60 },
    );
    for (const bad of ['no newline', 'tab\t\n', '\u0000\n', '\ud800\n']) expect(() => signNote(bad, [signer])).toThrow('not a text');
    for (const name of ['', 'a b', 'a+b', 'a\u3000b'])
      expect(() => createNoteSigner(p, { name, algorithm: 'ed25519', ...pair })).toThrow('not a key');
    const lone = signNote('\ufffd\n', [signer]).replace('\ufffd', '\ud800');
    expect(openNote(lone, known)).toEqual({ kind: 'refused', fault: 'malformed' });
  });
});
