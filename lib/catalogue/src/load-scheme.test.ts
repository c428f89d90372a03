import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCode, indexTitles, listTitles, loadScheme, parseCode, readScheme, schemeCodes, suggestTitle } from './index.ts';

const schemeText = (id: string) => readFileSync(new URL(`../../../schemes/${id}.yaml`, import.meta.url), 'utf8');
const cadreText = schemeText('cadre-2018');
const cadre = loadScheme(cadreText);
const employee = loadScheme(schemeText('employee-lifecycle'));

const SMALL = `id: small
version: 1
name: { zh: 小, en: small }
subject: person
source: test
ordering: date
codes: { dossier: "{fonds}-RS-{volume:3}", material: "{dossier}-{class}-{seq:3}" }
sheet: { heading: { zh: 目录, en: Catalogue }, columns: [number, title], blank_rows: 0 }
conditions:
  member: { zh: 党员, en: Member }
classes:
  - code: "1"
    display: 一
    name: { zh: 一类, en: First }
    titles:
      - { name: 表, need: conditional, when: member }
`;

const problemsOf = (text: string) => {
  const outcome = readScheme(text);
  return 'problems' in outcome ? outcome.problems.map((p) => `${p.params.line} ${p.code}`) : [];
};

describe('scheme', () => {
  it.each([
    ['flow-2021', '委托存档协议', '10'],
    ['flow-2021', '离职证明', '9-2'],
    ['labour-contract', '仲裁裁决书', '7'],
    ['labour-contract', '工资表', '4'],
    ['labour-contract', '竞业禁止协议', '3'],
    ['social-insurance', '缴费基数申报表', '2'],
    ['social-insurance', '认定工伤决定书', '6'],
    ['social-insurance', '职工退休审批表', '3'],
    ['social-insurance-item', '职工退休审批表', '3-1'],
  ])('%s files %s in class %s', (id, title, classCode) => {
    expect(suggestTitle(indexTitles(loadScheme(schemeText(id))), title)?.title.classCode).toBe(classCode);
  });

  it('arranges social insurance by item as by volume: categories with the same titles and periods, parted by step of business', () => {
    const [byVolume, byItem] = ['social-insurance', 'social-insurance-item'].map((id) => loadScheme(schemeText(id)));
    const steps = byItem!.classes.filter((c) => c.parent !== null);
    expect(byItem!.classes.filter((c) => c.parent === null).map((c) => [c.code, c.name])).toEqual(
      byVolume!.classes.map((c) => [c.code, c.name]),
    );
    const categoryOf = (code: string) => steps.find((c) => c.code === code)!.parent!;
    const said = (scheme: typeof cadre, category: (code: string) => string) =>
      listTitles(scheme)
        .map((t) => ({ ...t, classCode: category(t.classCode) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(said(byItem!, categoryOf)).toEqual(said(byVolume!, (code) => code));
    expect(steps.every((c) => c.titles.length > 0 && c.words.length > 0)).toBe(true);
  });

  it('gives an item a code of its own that reads back to year, step of business and number', () => {
    const { dossier, material } = schemeCodes(loadScheme(schemeText('social-insurance-item')).codes);
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 2999 }),
        fc.integer({ min: 1, max: 99_999 }),
        fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 6 })),
        fc.integer({ min: 1, max: 999_999 }),
        (year, volume, [category, step], seq) => {
          const parts = { fonds: 'Z109', year: String(year), volume: String(volume), class: `${category}-${step}`, seq: String(seq) };
          const code = formatCode(material[0]!, parts);
          expect(code.startsWith(`${formatCode(dossier[0]!, parts)}-${category}-${step}-`)).toBe(true);
          const back = parseCode(material[0]!, code);
          expect([back.year, back.class, Number(back.volume), Number(back.seq)]).toEqual([parts.year, parts.class, volume, seq]);
        },
      ),
    );
    // A category alone is no step of business, but a code without number is none at all.
    expect(() => parseCode(material[0]!, 'Z109-SB·2024-0001-6-2')).toThrow('code/malformed');
  });

  it('takes words of a class that holds materials, and of none above', () => {
    expect(cadre.classes.find((c) => c.code === '4-1')?.words).toContain('学籍');
    expect(problemsOf(SMALL.replace('    titles:', '    words: [表, 表]\n    titles:'))).toEqual(['15 scheme/twice']);
    const parent = SMALL.replace(
      '    titles:',
      '    words: [表]\n    classes:\n      - code: "1-1"\n        display: 一-1\n        name: { zh: 一, en: One }\n        titles:',
    ).replace('      - { name', '          - { name');
    expect(problemsOf(parent)).toEqual(['15 scheme/parent-holds-titles']);
    expect(problemsOf(SMALL.replace('    titles:', '    words: [表]\n    titles:'))).toEqual([]);
  });

  it('loads the ten classes with their subclasses, older names and older codes', () => {
    expect(cadre.classes.map((c) => c.code)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '4-1',
      '4-2',
      '4-3',
      '4-4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '9-1',
      '9-2',
      '9-3',
      '9-4',
      '10',
    ]);
    expect(cadre.classes.filter((c) => !c.holdsMaterials).map((c) => c.code)).toEqual(['4', '9']);
    const education = cadre.classes.find((c) => c.code === '4-1');
    expect(education).toMatchObject({ parent: '4', display: '四-1', legacyCodes: ['41'], legacyNames: ['学历学位材料'] });
    expect(listTitles(cadre).filter((t) => t.key).length).toBeGreaterThan(50);
    expect(employee.classes.map((c) => c.code)).toEqual(['ON', 'IN', 'MV', 'OFF']);
  });

  it('reads a small scheme, defaults included', () => {
    const scheme = loadScheme(SMALL);
    expect(scheme.classes[0]?.titles[0]).toEqual({
      classCode: '1',
      name: '表',
      aliases: [],
      key: false,
      need: 'conditional',
      when: 'member',
      oneOf: null,
      yearlyFrom: null,
      extent: null,
      retention: null,
    });
  });

  it.each([
    ['an unknown key', SMALL.replace('subject: person', 'subject: person\ncolour: red'), '5 scheme/unknown-key'],
    ['a missing key', SMALL.replace('source: test\n', ''), '1 scheme/missing-key'],
    ['a word that is no choice', SMALL.replace('ordering: date', 'ordering: size'), '6 scheme/not-a-choice'],
    ['a class code twice', `${SMALL}  - code: "1"\n    display: 二\n    name: { zh: 二, en: Second }\n`, '17 scheme/code-twice'],
    [
      'a title of two classes',
      `${SMALL}  - code: "2"\n    display: 二\n    name: { zh: 二, en: S }\n    titles:\n      - { name: 《表》 }\n`,
      '21 scheme/title-twice',
    ],
    ['a condition nobody defined', SMALL.replace('when: member', 'when: guest'), '16 scheme/unknown-condition'],
    ['a need without its condition', SMALL.replace(', when: member', ''), '16 scheme/condition-and-need'],
    ['a code template that cannot be read back', SMALL.replace('{fonds}-RS-{volume:3}', '{fonds}{volume:3}'), '7 scheme/code-template'],
    ['a material code without the class', SMALL.replace('{dossier}-{class}-{seq:3}', '{dossier}-{seq:3}'), '7 scheme/code-template'],
    ['a column twice', SMALL.replace('[number, title]', '[title, title]'), '8 scheme/columns'],
    ['a number out of range', SMALL.replace('blank_rows: 0', 'blank_rows: 99'), '8 scheme/out-of-range'],
    ['text where a list belongs', SMALL.replace('[number, title]', 'title'), '8 scheme/not-a-list'],
    ['an anchor and alias', SMALL.replace('zh: 小, en: small', 'zh: &a 小, en: *a'), '3 scheme/not-text'],
    ['a key given twice', SMALL.replace('version: 1', 'version: 1\nversion: 2'), '3 scheme/yaml'],
    ['no mapping at all', '- a\n- b\n', '1 scheme/not-a-mapping'],
    ['broken YAML', SMALL.replace('[number, title]', '[number, title'), '8 scheme/yaml'],
  ])('refuses %s and says on which line', (_what, text, problem) => {
    expect(text).not.toBe(SMALL);
    expect(problemsOf(text)).toContain(problem);
    expect(() => loadScheme(text)).toThrow('scheme/invalid');
  });

  it('reports every problem of a file in one reading, in the order of the file', () => {
    const text = SMALL.replace('version: 1', 'version: one')
      .replace('ordering: date', 'ordering: size')
      .replace('display: 一', 'shown: 一');
    expect(problemsOf(text)).toEqual(['2 scheme/malformed', '6 scheme/not-a-choice', '12 scheme/missing-key', '13 scheme/unknown-key']);
  });

  it('answers any text with a scheme or with problems, never with a crash', () => {
    fc.assert(
      fc.property(fc.nat(cadreText.length), fc.nat(40), fc.string({ maxLength: 10 }), (at, cut, added) => {
        const outcome = readScheme(cadreText.slice(0, at) + added + cadreText.slice(at + cut));
        expect('scheme' in outcome || outcome.problems.length > 0).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(problemsOf('x'.repeat(1_000_001))).toEqual(['1 scheme/too-long']);
  });
});

describe('what a scheme asks of scans', () => {
  const asking = (inspection: string) => SMALL.replace('conditions:', `inspection: ${inspection}\nconditions:`);

  it('is read with its numbers, and is empty where the scheme is silent', () => {
    expect(loadScheme(SMALL).inspection).toEqual({});
    expect(cadre.inspection).toMatchObject({ resolutionDpi: 300, colour: 'colour' });
    expect(loadScheme(asking('{ blank_ink: 0.001, cut_marks: 5, sizes: [A3] }')).inspection).toEqual({
      blankInk01: 0.001,
      cutMarks: 5,
      sizes: ['A3'],
    });
  });

  it.each([
    ['{ resolution_dpi: 30 }', 'scheme/out-of-range'],
    ['{ resolution_dpi: many }', 'scheme/malformed'],
    ['{ colour: sepia }', 'scheme/not-a-choice'],
    ['{ sizes: [B5] }', 'scheme/not-a-choice'],
    ['{ sizes: [A4, A4] }', 'scheme/twice'],
    ['{ sharpness: 1 }', 'scheme/unknown-key'],
    ['high', 'scheme/not-a-mapping'],
  ])('is refused as %s', (inspection, code) => {
    expect(problemsOf(asking(inspection))).toEqual([`9 ${code}`]);
  });
});

describe('titles', () => {
  const index = indexTitles(cadre);
  it('finds a title through spaces, quotes, brackets, width and Chinese years', () => {
    for (const [typed, name, year] of [
      ['自　传', '自传', null],
      ['《干部履历表》', '干部履历表', null],
      ['干部履历表(1999版)', '干部履历表', null],
      ['解除/终止劳动合同证明书', '解除（终止）劳动合同证明书', null],
      ['2008年度考核登记表', '{year}年度考核登记表', 2008],
      ['二〇〇八年度考核登记表', '{year}年度考核登记表', 2008],
      ['年度考核登记表', '{year}年度考核登记表', null],
      ['关于给予王某同志行政警告处分的决定', '行政处分决定', null],
    ] as const)
      expect(suggestTitle(index, typed)).toMatchObject({ title: { name }, year });
  });
  it('does not guess: other headings, empty and endless ones have no title', () => {
    for (const typed of ['', '关于召开会议的通知', '履', '自传自传', 'x'.repeat(5000), '2008', '__proto__', 'constructor'])
      expect(suggestTitle(index, typed)).toBeNull();
  });
  it('folds characters further when asked, on both sides', () => {
    const simplify = (text: string) => text.replaceAll('幹', '干').replaceAll('歷', '历');
    expect(suggestTitle(index, '幹部履歷表')).toBeNull();
    expect(suggestTitle(indexTitles(cadre, simplify), '幹部履歷表')?.title.name).toBe('干部履历表');
  });
  it('finds each of its own names and aliases back in its own class', () => {
    for (const scheme of [cadre, employee]) {
      const own = indexTitles(scheme);
      for (const title of listTitles(scheme))
        for (const wording of [title.name, ...title.aliases])
          expect(suggestTitle(own, wording.replace('{year}', '1999').replaceAll('{any}', '某某'))?.title.name, wording).toBe(title.name);
    }
  });

  const samples = ['dossiers', 'dossiers2'].map((d) => new URL(`../../../../shared/samples/${d}/truth.json`, import.meta.url));
  it.skipIf(!samples.every((s) => existsSync(s)))(
    'classes the true titles of shared/samples as they are classed there (skipped when absent)',
    () => {
      type Truth = { dossiers: { scheme: string; materials: { classCode: string; title: string }[] }[] };
      for (const sample of samples)
        for (const dossier of (JSON.parse(readFileSync(sample, 'utf8')) as Truth).dossiers) {
          const own = indexTitles(dossier.scheme === cadre.id ? cadre : employee);
          for (const m of dossier.materials) expect(suggestTitle(own, m.title)?.title.classCode, m.title).toBe(m.classCode);
        }
    },
  );
});
