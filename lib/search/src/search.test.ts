import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldedText,
  foldLines,
  foldText,
  holdsAll,
  holdsAllUnfolded,
  type IndexCipher,
  matchPage,
  pageNeeds,
  parseQuery,
  type Query,
  TAG,
  type TextLine,
  TokenBatch,
  type TokenNeeds,
  tokensOfFacets,
  tokensOfPage,
} from './index.ts';

/** AES-128 over the blocks and SHA-256, as the server binds them; for tests. */
function testCipher(key = '0123456789abcdef'): IndexCipher {
  return {
    encryptBlocks(blocks) {
      const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
      return cipher.update(blocks);
    },
    digest: (bytes) => createHash('sha256').update(bytes).digest(),
  };
}

const WORDS =
  '王伟 张伟 李娜 欧阳锋 人民医院 高级工程师 一九七八年 1978年7月 履历表 干部 档案 任职 同意 中共党员 𠮷野 後勤 ＡＢＣ Office-2 ，。 （三） 编号2003'.split(
    ' ',
  );

/** Texts of the archive's kind: words that touch in every way, with line ends and spaces between. */
const archiveText: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom('', '', '', '\n', ' ', '，')), { minLength: 1, maxLength: 30 })
  .map((parts) => parts.map(([word, gap]) => word + gap).join(''));

const cipher = testCipher();
const ID = '11010519491231002X';

const query = (text: string): Query => {
  const parsed = parseQuery(text);
  if (!parsed) throw new Error('nothing to look for');
  return parsed;
};
const page = (...lines: (string | TextLine)[]) => foldLines(lines.map((l) => (typeof l === 'string' ? { text: l } : l)));
const isCandidate = (tokens: Int32Array, { all, anyOf }: TokenNeeds): boolean => {
  const has = new Set(tokens);
  return all.every((t) => has.has(t)) && anyOf.every((group) => group.some((t) => has.has(t)));
};
/** What a search would show of one page: candidate by its tokens, then checked on its text. */
const find = (text: string, ...lines: (string | TextLine)[]) => {
  const folded = page(...lines);
  return isCandidate(tokensOfPage(cipher, folded), pageNeeds(cipher, query(text)))
    ? (matchPage(folded, query(text))?.certainty ?? null)
    : null;
};
const uncertain = (text: string, at: number, ...chars: string[]): TextLine => ({
  text,
  candidates: [{ at, options: [text[at]!, ...chars].map((char) => ({ char })) }],
});

describe('finding pages', () => {
  it('finds every substring of a folded text, across line ends, and nothing that is none', () => {
    fc.assert(
      fc.property(archiveText, archiveText, fc.nat(), fc.integer({ min: 2, max: 9 }), (text, other, from, length) => {
        const points = [...foldText(text).text];
        fc.pre(points.length >= length);
        const start = from % (points.length - length + 1);
        const asked = query(
          `"${points
            .slice(start, start + length)
            .join('')
            .replaceAll('"', '')}"`,
        );
        for (const candidate of [text, other]) {
          const folded = foldLines(candidate.split('\n').map((line) => ({ text: line })));
          const truth = holdsAll(folded.folded.text, asked);
          const tokens = tokensOfPage(cipher, folded);
          const found = isCandidate(tokens, pageNeeds(cipher, asked)) && matchPage(folded, asked) !== null;
          expect(found).toBe(truth);
        }
        expect(holdsAll(foldText(text).text, asked)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
  it('settles a text without folding it as it would folded', () => {
    const texts = fc.string({ unit: fc.constantFrom('王', '伟', '偉', '王伟', '\n', ' ', '\u0301', '\ufe0f', '1', 'é'), maxLength: 8 });
    fc.assert(
      fc.property(texts, fc.constantFrom('王伟', '伟', '王伟 伟王', '伟1', '王偉'), (text, asked) => {
        expect(holdsAllUnfolded(text, query(asked))).toBe(holdsAll(foldText(text).text, query(asked)));
        expect(foldedText(text)).toBe(foldText(text).text);
      }),
      { numRuns: 2000 },
    );
  });
  it('finds words and names mid-sentence, split by a line end, in 繁体 and full width', () => {
    expect(find('王伟', '证明人：王', '伟，单位')).toBe('exact');
    expect(find('張偉', '同意张伟同志任职')).toBe('exact');
    expect(find('1978', '生於１９７８年')).toBe('exact');
    expect(find('97', '生于1978年')).toBe('exact');
    expect(find('python工程师', 'Python 工程师')).toBe('exact');
    expect(find('𠮷野', '姓名𠮷野家')).toBe('exact');
    expect(find('王伟', '王某伟')).toBeNull();
  });
  it('wants every term, and a phrase in one piece', () => {
    expect(find('王伟 医院', '王伟在医院')).toBe('exact');
    expect(find('王伟　医院', '王伟在学校')).toBeNull();
    expect(find('“王伟 医院”', '王伟在医院')).toBeNull();
    expect(find('「王伟 在」', '王伟在医院')).toBe('exact');
    expect(find('伟 医院', '王伟在医院')).toBe('exact');
    expect(find('娜 医院', '王伟在医院')).toBeNull();
  });
  it('finds an ID or phone number by its whole value and by no part of it', () => {
    expect(find(ID, `证号${ID}，`)).toBe('exact');
    expect(find('110105 19491231 002x', '１１０１０５１９４９１２３１００２Ｘ')).toBe('exact');
    expect(find('110105491231002', `证号${ID}`)).toBe('exact');
    expect(find('13800138000', '电话138-0013-8000')).toBe('exact');
    for (const part of ['19491231', '1101', '002x', '0013', '8000']) expect(find(part, `证号${ID}，电话138-0013-8000`)).toBeNull();
    expect(find('440524188001010014', `证号${ID}`)).toBeNull();
  });
  it('finds a misread ID number as a possible hit: one digit wrong, one lost, a letter for a digit, another candidate', () => {
    for (const [at, wrong] of [
      [0, '7'],
      [9, '8'],
      [17, '4'],
    ] as const) {
      const misread = ID.slice(0, at) + wrong + ID.slice(at + 1);
      expect(find(ID, `证号${misread}。`), misread).toBe('possible');
      expect(find(misread, `证号${misread}。`)).toBe('exact');
    }
    expect(find(ID, `证号${ID.slice(0, 15)}${ID.slice(16)}。`)).toBe('possible');
    expect(find(ID, ...[...ID.slice(2)].map((digit) => digit))).toBe('possible');
    expect(find(ID, `号${ID.slice(6)}。`)).toBe('possible');
    expect(find(ID, `号31${ID.slice(6)}。`)).toBeNull();
    expect(find(ID, `号${ID.slice(7)}。`)).toBeNull();
    expect(find(ID, `证号${ID.replace('0', 'O')}。`)).toBe('possible');
    expect(find(ID, uncertain(`号${ID.slice(0, 6)}某${ID.slice(7)}。`, 7, '1'))).toBe('possible');
  });
  it('does not take one valid ID number for another', () => {
    // Two numbers with right check characters differ in two places at least (ISO 7064).
    expect(find('110105194912310038', `证号${ID}`)).toBeNull();
  });
  it('finds doubtful characters by their other candidates, as possible hits only', () => {
    const line = uncertain('任命王炜为科长', 3, '伟', '玮');
    expect(find('王伟', line)).toBe('possible');
    expect(find('命王玮为', line)).toBe('possible');
    expect(find('王炜', line)).toBe('exact');
    expect(find('王祎', line)).toBeNull();
    expect(find('任命 王伟', line)).toBe('possible');
    expect(find('王伟', { text: '王炜', candidates: [{ at: 1, options: [{ char: '伟' }] }] }, '王伟')).toBe('exact');
    const both: TextLine = { text: '土炜', candidates: [0, 1].map((at) => ({ at, options: [{ char: at ? '伟' : '王' }] })) };
    expect(find('王伟', both)).toBe('possible');
  });
  it('finds every text that doubtful characters allow, whatever stands beside them', () => {
    const chars = fc.constantFrom(...'王玉伟炜12a，'.split(''));
    const lines = fc.array(fc.tuple(chars, fc.array(chars, { maxLength: 2 })), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(
        lines,
        fc.nat(),
        fc.integer({ min: 2, max: 5 }),
        fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
        (places, from, length, picks) => {
          const line: TextLine = {
            text: places.map(([char]) => char).join(''),
            candidates: places.flatMap(([char, others], at) =>
              others.length ? [{ at, options: [char, ...others].map((c) => ({ char: c })) }] : [],
            ),
          };
          const start = from % places.length;
          const wanted = places
            .slice(start, start + length)
            .map(([char, others], i) => [char, ...others][picks[i]! % (others.length + 1)]!);
          fc.pre(wanted.length >= 2);
          expect(find(`"${wanted.join('')}"`, line)).not.toBeNull();
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('queries', () => {
  it('is nothing when nothing is left after folding', () => {
    for (const text of ['', '  ', '\u3000', '""', '“ ”', '\u200b']) expect(parseQuery(text)).toBeNull();
  });
  it('splits at white space, keeps phrases whole, drops repeats', () => {
    expect(query('王伟  "高级 工程师" 王偉 Ｏffice').terms.map((t) => t.text)).toEqual(['王伟', '高级工程师', 'office']);
    expect(query('138 0013 8000 张').terms.map((t) => t.number?.value ?? t.text)).toEqual(['13800138000', '张']);
  });
  it('refuses what is too long and survives any text', () => {
    expect(() => parseQuery('甲'.repeat(121))).toThrow('search/query-too-long');
    expect(() => parseQuery(Array.from({ length: 13 }, (_, i) => `词${i}`).join(' '))).toThrow('search/query-too-long');
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => void expect(() => parseQuery(text)).not.toThrow()));
  });
});

describe('tokens', () => {
  it('are the first four bytes of the encrypted block, as docs/spec/blind-index.md has them', () => {
    const batch = new TokenBatch();
    batch.pair(0x738b, 0x4f1f);
    batch.pair(0x20bb7, 0x91ce);
    batch.single(0x738b);
    batch.value(TAG.idNumber, ID, cipher);
    expect([...batch.tokens(cipher)]).toEqual([-274669609, -517957606, 4543715, 330552748]);
  });
  it('are sorted and stand once each, so that nothing of the order of a text is left', () => {
    const tokens = tokensOfPage(cipher, page('王伟王伟', '王伟'));
    expect([...tokens]).toEqual([...new Set(tokens)].sort((x, y) => x - y));
    // Pairs 王伟 and 伟王; no triple of Han alone is in the index.
    expect(tokens.length).toBe(2);
    // 19, 97, 78, 197, 978.
    expect(tokensOfPage(cipher, page('1978')).length).toBe(5);
    expect(tokensOfPage(cipher, page(''))).toEqual(new Int32Array(0));
  });
  it('differ under another key and between a value as unit and as dossier', () => {
    const place = { unitPath: ['u1'], category: 'c', level: 0, dossierId: 'u1' };
    const here = tokensOfFacets(cipher, place);
    expect(here.length).toBe(4);
    expect(tokensOfFacets(testCipher('fedcba9876543210'), place).some((t) => here.includes(t))).toBe(false);
  });
});
