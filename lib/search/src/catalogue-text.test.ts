import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressToken,
  bm25,
  type CatalogueField,
  catalogueNeeds,
  type IndexCipher,
  matchCatalogue,
  matchesPinyin,
  parseQuery,
  pinyinForms,
  planSearch,
  type TokenFrequencies,
  tokensOfCatalogue,
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

const cipher = testCipher();

const find = (text: string, fields: readonly CatalogueField[]) => {
  const query = parseQuery(text)!;
  const tokens = new Set(tokensOfCatalogue(cipher, fields));
  const { all, anyOf } = catalogueNeeds(cipher, query);
  const candidate = all.every((t) => tokens.has(t)) && anyOf.every((group) => group.some((t) => tokens.has(t)));
  if (!candidate && !tokens.has(addressToken(cipher, query))) return null;
  return matchCatalogue(fields, query);
};
const person = (name: string): CatalogueField[] => [
  { field: 'name', kind: 'name', value: name },
  { field: 'idNumber', kind: 'id_number', value: '110105491231002' },
  { field: 'phone', kind: 'phone', value: '138-0013-8000' },
  { field: 'address', kind: 'address', value: '白鹭市松江路 12 号' },
];

describe('finding people', () => {
  it('finds a name by characters, one alone too, and not by others', () => {
    for (const text of ['欧阳明', '欧阳', '明', '歐陽明', '阳明']) expect(find(text, person('欧阳明')), text).toEqual(['name']);
    for (const text of ['欧明', '王', '欧阳明月']) expect(find(text, person('欧阳明')), text).toBeNull();
    expect(find('阿卜杜拉买买提', person('阿卜杜拉·买买提'))).toEqual(['name']);
    expect(find('阿卜杜拉•买买提', person('阿卜杜拉·买买提'))).toEqual(['name']);
  });
  it('finds a name by pinyin, its beginnings, initials, and surname with initials', () => {
    for (const text of ['zhangweiming', 'zhangwei', 'ZHANGW', 'zwm', 'zw', 'weiming', 'ming', 'zhangwm', 'zhang weiming', "zhang'wei'ming"])
      expect(find(text, person('张伟明')), text).toEqual(['name']);
    for (const text of ['zhangming', 'wz', 'zhangweimin g', 'lizwm', 'z']) expect(find(text, person('张伟明')), text).toBeNull();
  });
  it('reads surnames as surnames and knows other readings and spellings', () => {
    for (const [name, ...typed] of [
      ['单雄信', 'shanxiongxin', 'sxx'],
      ['曾国藩', 'zengguofan', 'zgf'],
      ['仇英', 'qiuying'],
      ['尉迟恭', 'yuchigong', 'ycg'],
      ['吕布', 'lvbu', 'lubu', 'lyubu', 'lübu'],
      ['任重', 'renzhong', 'renchong'],
    ] as const)
      for (const text of typed) expect(find(text, person(name)), `${name} ${text}`).toEqual(['name']);
    expect(find('danxiong', person('张伟'))).toBeNull();
  });
  it('finds ID number, phone and address by the whole value only', () => {
    expect(find('11010519491231002X', person('王伟'))).toEqual(['idNumber']);
    expect(find('110105491231002', person('王伟'))).toEqual(['idNumber']);
    expect(find('13800138000', person('王伟'))).toEqual(['phone']);
    expect(find('白鹭市松江路12号', person('王伟'))).toEqual(['address']);
    expect(find('白鹭市 松江路 12号', person('王伟'))).toEqual(['address']);
    for (const text of ['19491231', '8000', '松江路', '白鹭市', '440524188001010014']) expect(find(text, person('王伟')), text).toBeNull();
  });
  it('finds terms in different fields of one line', () => {
    const material: CatalogueField[] = [
      { field: 'subject', kind: 'name', value: '王伟' },
      { field: 'title', kind: 'text', value: '高等学校毕业生登记表' },
      { field: 'code', kind: 'text', value: 'A001-4-1-003' },
    ];
    expect(find('王伟 登记表', material)).toEqual(['subject', 'title']);
    expect(find('wangwei 毕业', material)).toEqual(['subject', 'title']);
    expect(find('表', material)).toEqual(['title']);
    expect(find('4-1-003', material)).toEqual(['code']);
    expect(find('王伟 审批表', material)).toBeNull();
  });
  it('finds by tokens whatever the check on the text accepts', () => {
    const names = fc.string({ unit: fc.constantFrom(...'王张单曾吕明伟芳·'.split('')), minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(names, names, fc.nat(), (name, other, pick) => {
        const forms = [...pinyinForms(name)];
        const texts = [forms[pick % (forms.length || 1)] ?? name, name, name.slice(0, 1)].filter((t) => parseQuery(t));
        for (const text of texts) {
          for (const candidate of [name, other]) {
            const truth = matchCatalogue(person(candidate), parseQuery(text)!);
            expect(find(text, person(candidate))).toEqual(truth);
          }
          expect(find(text, person(name))).not.toBeNull();
        }
      }),
    );
  });
  it('keeps the number of pinyin forms small for names of many readings', () => {
    expect(pinyinForms('重重重重重重').size).toBeLessThan(600);
    expect(matchesPinyin('X', 'x')).toBe(false);
    expect(pinyinForms('').size).toBe(0);
  });
});

describe('planning', () => {
  const shares = new Map([
    [1, 0.3],
    [2, 0.2],
    [3, 0.0001],
  ]);
  const frequencies: TokenFrequencies = { lineCount: 1_000_000, rareShare: 0.0005, share01: (t) => shares.get(t) ?? 0.0005 };
  it('reads the index when one list is short and walks when all are long, the rarest first', () => {
    expect(planSearch({ all: [1, 2], anyOf: [] }, frequencies)).toMatchObject({ shape: 'walk', all: [2, 1], shareMax01: 0.2 });
    expect(planSearch({ all: [1, 3], anyOf: [] }, frequencies)).toMatchObject({ shape: 'index', all: [3, 1] });
    expect(planSearch({ all: [1], anyOf: [[1, 2], [3]] }, frequencies)).toMatchObject({ shape: 'index', anyOf: [[3], [1, 2]] });
    expect(planSearch({ all: [1], anyOf: [[2, 3]] }, frequencies).shape).toBe('walk');
    expect(planSearch({ all: [1, 2], anyOf: [] }, { ...frequencies, lineCount: 300 }).shape).toBe('index');
  });
  it('seeks the two rarest of what is written first, and never what only says where a line is filed', () => {
    expect(planSearch({ all: [1, 2, 3, 4], anyOf: [], written: [1, 2, 3] }, frequencies).sought).toEqual([3, 2]);
    expect(planSearch({ all: [1, 2], anyOf: [] }, frequencies).sought).toEqual([]);
  });
  it('asks an index for the six rarest, and for nothing that most lines hold unless there is nothing else', () => {
    const inIndex = (all: number[], anyOf: number[][] = []) => planSearch({ all, anyOf }, wide).inIndex;
    const wide: TokenFrequencies = { ...frequencies, share01: (t) => (t >= 100 ? 0.9 : (shares.get(t) ?? 0.0005)) };
    expect(inIndex([1, 2, 3, 100], [[100, 101]])).toEqual({ all: 3, anyOf: 0 });
    expect(inIndex([3, 4, 5, 6, 7, 8, 9, 10], [[2]])).toEqual({ all: 6, anyOf: 1 });
    expect([inIndex([100, 101]), inIndex([], [[100]])]).toEqual([
      { all: 1, anyOf: 0 },
      { all: 0, anyOf: 1 },
    ]);
  });
  it('scores rarer and more frequent terms higher, longer texts lower', () => {
    const one = bm25([{ count: 1, share01: 0.01 }], 300, 300);
    expect(bm25([{ count: 3, share01: 0.01 }], 300, 300)).toBeGreaterThan(one);
    expect(bm25([{ count: 1, share01: 0.5 }], 300, 300)).toBeLessThan(one);
    expect(bm25([{ count: 1, share01: 0.01 }], 900, 300)).toBeLessThan(one);
  });
});
