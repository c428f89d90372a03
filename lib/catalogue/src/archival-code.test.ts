import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkCodeSeries,
  compileCode,
  findCodeParts,
  formatCode,
  getCodeForm,
  isStandardFondsCode,
  loadScheme,
  normaliseCode,
  parseCode,
  schemeCodes,
} from './index.ts';

const schemeText = (id: string) => readFileSync(new URL(`../../../schemes/${id}.yaml`, import.meta.url), 'utf8');
const cadre = loadScheme(schemeText('cadre-2018'));

const codes = schemeCodes(cadre.codes);
const dossierForm = codes.dossier[0]!;
const materialForm = codes.material[0]!;
const byOffice22 = getCodeForm('{fonds}-WS·{year}-{retention}-{office}-{item:4}');
const byOffice13 = getCodeForm('{fonds}-WS·{year}·{retention}[·{office}]-{item:3}');

const classCodes = cadre.classes.map((c) => c.code);
const dossierParts = fc.record({
  fonds: fc.stringMatching(/^[A-Z]\d{3}$/),
  category: fc.constantFrom('GB', 'LD', 'QY'),
  volume: fc.integer({ min: 1, max: 99_999_999 }).map((n) => String(n).padStart(6, '0')),
});

describe('archival codes', () => {
  it('reads the examples of both standards and takes them apart', () => {
    expect(parseCode(byOffice22, 'Z109-WS·2011-Y-BGS-0001')).toEqual({
      fonds: 'Z109',
      year: '2011',
      retention: 'Y',
      office: 'BGS',
      item: '0001',
    });
    expect(parseCode(getCodeForm('{fonds}-WS·{year}·{retention}·{office}-{item:4}'), 'Z109-WS·2011·Y·办公室-0001').office).toBe('办公室');
    expect(parseCode(byOffice13, 'A439-WS·2015·D30·003-005')).toEqual({
      fonds: 'A439',
      year: '2015',
      retention: 'D30',
      office: '003',
      item: '005',
    });
    expect(parseCode(byOffice13, 'Z008-WS·2019·Y-037')).toEqual({ fonds: 'Z008', year: '2019', retention: 'Y', item: '037' });
    expect(parseCode(getCodeForm('{fonds}-RS-{volume:3}-{item:3}'), 'A002-RS-001-002')).toEqual({
      fonds: 'A002',
      volume: '001',
      item: '002',
    });
    expect(
      parseCode(getCodeForm('{fonds}-ZY·{group}·{kind}·{year}·{retention}-{volume:3}-{item:3}'), 'J019-ZY·JC·CC·2019·D30-001-001').kind,
    ).toBe('CC');
  });

  it('writes back what it read, and reads back what it wrote', () => {
    fc.assert(
      fc.property(dossierParts, fc.constantFrom(...classCodes), fc.integer({ min: 1, max: 99_999 }), (dossier, classCode, n) => {
        const code = formatCode(dossierForm, dossier);
        expect(parseCode(dossierForm, code)).toEqual(dossier);
        const parts = { ...dossier, class: classCode, seq: String(n).padStart(3, '0') };
        const material = formatCode(materialForm, parts);
        expect(material).toBe(`${code}-${classCode}-${parts.seq}`);
        expect(parseCode(materialForm, material)).toEqual(parts);
        expect(formatCode(materialForm, parseCode(materialForm, material))).toBe(material);
      }),
    );
    fc.assert(
      fc.property(fc.option(fc.stringMatching(/^[A-Z0-9办公室人事处]{1,8}$/), { nil: undefined }), (office) => {
        const parts = { fonds: 'Z109', year: '2011', retention: 'D10', item: '0012'.slice(1), ...(office === undefined ? {} : { office }) };
        expect(parseCode(byOffice13, formatCode(byOffice13, parts))).toEqual(parts);
      }),
    );
  });

  it('gives two sets of parts two codes', () => {
    fc.assert(
      fc.property(dossierParts, dossierParts, fc.constantFrom(...classCodes), fc.constantFrom(...classCodes), (a, b, ca, cb) => {
        const left = { ...a, class: ca, seq: '001' };
        const right = { ...b, class: cb, seq: '001' };
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(formatCode(materialForm, left) === formatCode(materialForm, right)).toBe(same);
      }),
    );
  });

  it('takes separators as people type them and gives those of the standard', () => {
    for (const typed of [
      'z109-rs.gb-000012',
      'Z109—RS•GB—000012',
      'Ｚ１０９－ＲＳ・ＧＢ－０００012',
      ' Z109 - RS·GB - 000012 ',
      'Z109_RS‧GB–000012',
    ])
      expect(normaliseCode(typed)).toBe('Z109-RS·GB-000012');
    expect(parseCode(dossierForm, 'z109-rs.gb-000012')).toEqual({ fonds: 'Z109', category: 'GB', volume: '000012' });
  });

  it('accepts the older form beside the written one', () => {
    expect(findCodeParts(codes.dossier, 'A002-RS-001')?.form.template).toBe('{fonds}-RS-{volume:3}');
    expect(findCodeParts(codes.material, 'A002-RS-001-4-1-007')?.parts).toEqual({ fonds: 'A002', volume: '001', class: '4-1', seq: '007' });
  });

  it('refuses what is no code: too few digits, zeros to no purpose, number nought, other text, endless text', () => {
    for (const typed of [
      'Z109-RS·GB-12',
      'Z109-RS·GB-0000012',
      'Z109-RS·GB-000000',
      'Z109-RS-GB-000001',
      '',
      "Z109'; drop table",
      'Z'.repeat(500),
    ])
      expect(() => parseCode(dossierForm, typed)).toThrow('code/malformed');
    expect(() => formatCode(dossierForm, { fonds: 'Z109', category: 'GB' })).toThrow('code/part-missing');
    expect(() => formatCode(dossierForm, { fonds: 'Z109', category: 'g-b', volume: '1' })).toThrow('code/part-malformed');
    expect(formatCode(dossierForm, { fonds: 'Z109', category: 'GB', volume: '12' })).toBe('Z109-RS·GB-000012');
    expect(formatCode(dossierForm, { fonds: 'Z109', category: 'GB', volume: '1234567' })).toBe('Z109-RS·GB-1234567');
  });

  it('refuses templates that cannot be told apart again', () => {
    for (const [template, problem] of [
      ['{fonds}{volume:3}', 'adjacent'],
      ['{fonds}[-]{volume:3}', 'adjacent'],
      ['{fonds}-{fonds}', 'twice'],
      ['RS', 'empty'],
      ['{fonds', 'syntax'],
      ['{fonds}-[RS', 'syntax'],
      ['{fonds}-rs', 'syntax'],
      ['{fonds}[-{a}][-{b}]', 'syntax'],
    ] as const)
      expect(compileCode(template).problem, template).toBe(problem);
    expect(() => getCodeForm('{a}{b}')).toThrow('code/template');
  });

  it('finds codes given twice and gaps, each series by itself', () => {
    const list = ['000001', '000002', '000002', '000005'].map((v) => `Z109-RS·GB-${v}`);
    expect(checkCodeSeries(dossierForm, [...list, 'Z109-RS·QY-000001', 'nonsense'], 'volume')).toEqual([
      { code: 'code/malformed', severity: 'error', params: { count: 1 } },
      { code: 'code/duplicate', severity: 'error', params: { series: 'Z109 GB *', number: 2, times: 2 } },
      { code: 'code/gap', severity: 'warning', params: { series: 'Z109 GB *', first: 3, last: 4 } },
    ]);
    expect(checkCodeSeries(dossierForm, ['Z109-RS·GB-000002', 'Z109-RS·GB-000001'], 'volume')).toEqual([]);
  });

  it('tells a fonds number of the standard form from another', () => {
    expect(isStandardFondsCode('Z109')).toBe(true);
    expect(isStandardFondsCode('109')).toBe(false);
  });
});
