import { createHash } from 'node:crypto';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { utf8 } from '@lantai/values';
import { splitSecret } from '@lantai/vault';
import { SimulatedDisk } from '@lantai/vault/memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRootFile, formatRootFile, lockRootKey, type RootFile, type StretchPassphrase, unlockRootKey } from './root-file.ts';
import { createRootKey, readRootFile, readRootKey, replaceRootFile } from './root-key.ts';
import { formatShare, parseShare, SHARE_LINE_COUNT, shareWords, splitShareTexts } from './share-text.ts';

/** A quick stand-in for Argon2id, which is not a matter of this package and is tried where it is handed in. */
const stretch: StretchPassphrase = async (passphrase, salt, cost) =>
  createHash('sha256')
    .update(utf8(`${passphrase}\n${cost.memoryKib}\n${cost.passes}\n`))
    .update(salt)
    .digest();
const key = p.random(32);
const PASSPHRASE = '三月的雨落在兰台阁上';
const { shares, set } = splitSecret(p, key, { needed: 3, count: 5 });

const forms = async (): Promise<RootFile[]> => [
  { form: 'plain', key },
  await lockRootKey(p, key, PASSPHRASE, stretch),
  { form: 'shares', name: '0123abcd', set },
];

describe('the file of a root key', () => {
  it('says the same in each of its forms after it was read, and nothing once any character is altered', async () => {
    for (const file of await forms()) {
      const text = formatRootFile(p, file);
      const read = findRootFile(p, text);
      expect(read?.form).toBe(file.form);
      expect(formatRootFile(p, read!)).toBe(text);
      for (let at = 0; at < text.length - 1; at++) {
        const altered = `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
        expect(findRootFile(p, altered), `${file.form} ${at}`).toBe(null);
      }
      for (let end = 0; end < text.length - 1; end++) expect(findRootFile(p, text.slice(0, end))).toBe(null);
    }
  });

  it('gives the key for its passphrase, however it was typed, and for no other', async () => {
    const file = (await lockRootKey(p, key, 'Café au lait, two', stretch)) as Extract<RootFile, { form: 'passphrase' }>;
    expect(formatRootFile(p, file)).not.toContain(Buffer.from(key).toString('hex'));
    expect(await unlockRootKey(p, file, 'Café au lait, two\n', stretch)).toEqual(key);
    expect(await unlockRootKey(p, file, 'Cafe\u0301 au lait, two', stretch)).toEqual(key);
    for (const wrong of ['', 'Cafe au lait, two', 'Café au lait, two ']) expect(await unlockRootKey(p, file, wrong, stretch)).toBe(null);
  });

  it('is refused when it asks for too little or too much work', async () => {
    const file = (await lockRootKey(p, key, PASSPHRASE, stretch)) as Extract<RootFile, { form: 'passphrase' }>;
    for (const cost of [
      { memoryKib: 1024, passes: 4 },
      { memoryKib: 262_144, passes: 0 },
      { memoryKib: 99_999_999, passes: 4 },
      { memoryKib: 262_144, passes: 999 },
    ]) {
      expect(findRootFile(p, formatRootFile(p, { ...file, cost }))).toBe(null);
    }
  });

  it('takes another form whole or not at all, wherever the power is cut, and always gives the key', async () => {
    const locked = await lockRootKey(p, key, PASSPHRASE, stretch);
    for (let steps = 0, isCut = true; isCut; steps++) {
      const disk = new SimulatedDisk();
      await createRootKey('/secret/root.key', p, { fs: disk, key });
      disk.powerCutAfter(steps);
      isCut = await replaceRootFile('/secret/root.key', p, locked, disk).then(
        () => false,
        () => true,
      );
      const after = disk.restart();
      const file = await readRootFile('/secret/root.key', p, after);
      const found =
        file.form === 'passphrase' ? await unlockRootKey(p, file, PASSPHRASE, stretch) : file.form === 'plain' ? file.key : null;
      expect(found, `after ${steps} steps`).toEqual(key);
      if (!isCut) {
        expect(file.form).toBe('passphrase');
        await expect(readRootKey('/secret/root.key', p, after)).rejects.toMatchObject({ code: 'key/root-protected', fault: 'caller' });
      }
      // What a cut left beside it is in nobody's way.
      await replaceRootFile('/secret/root.key', p, { form: 'plain', key }, after);
      expect(await readRootKey('/secret/root.key', p, after)).toEqual(key);
    }
  });
});

describe('a share on paper', () => {
  it('is five lines that give it back, and any one wrong symbol is found with its place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), fc.nat(4), fc.nat(15), fc.nat(30), (number, line, symbol, by) => {
        const share = shares[number]!;
        const lines = formatShare(share);
        expect(lines).toHaveLength(SHARE_LINE_COUNT);
        expect(parseShare(lines.join('\n').toLowerCase())).toEqual({ kind: 'share', share });
        const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
        const plain = lines[line]!.replaceAll(' ', '');
        const right = plain[symbol]!;
        const wrong = alphabet[(alphabet.indexOf(right) + 1 + by) % 32]!;
        const typed = lines.with(line, `${plain.slice(0, symbol)}${wrong}${plain.slice(symbol + 1)}`).join('\n');
        if (wrong !== right)
          expect(parseShare(typed)).toEqual({ kind: 'wrong-symbol', line: line + 1, symbol: symbol + 1, expected: right });
      }),
      { numRuns: 60 },
    );
    expect(parseShare(formatShare(shares[0]!).slice(1).join('\n'))).toMatchObject({ kind: 'wrong-length' });
  });

  it('has four words of its own in both languages, and several are told apart in one text', () => {
    const words = shares.map((share) => shareWords(p, share, 'zh').join(''));
    expect(new Set(words).size).toBe(shares.length);
    for (const share of shares) for (const language of ['zh', 'en'] as const) expect(shareWords(p, share, language)).toHaveLength(4);
    const text = shares.map((share) => `# 第 ${share.number} 份\r\n${formatShare(share).join('\r\n')}\r\n`).join('\r\n');
    const read = splitShareTexts(text).map(parseShare);
    expect(read).toEqual(shares.map((share) => ({ kind: 'share', share })));
  });
});
