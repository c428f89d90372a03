import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkQualityFollows,
  checkSchemeFollows,
  compareSchemes,
  compareStandards,
  editQualityText,
  loadQualityStandard,
  loadScheme,
} from '../index.ts';

const file = (path: string) => readFileSync(new URL(`../../../../schemes/${path}`, import.meta.url), 'utf8');
const schemeText = file('cadre-2018.yaml');
const scheme = loadScheme(schemeText);
const schemes = [scheme, loadScheme(file('flow-2021.yaml'))];
const standardText = file('quality/cadre-100.yaml');
const standard = loadQualityStandard(standardText);
const next = { ...scheme, version: scheme.version + 1 };
const codes = (findings: readonly { code: string }[]) => findings.map((f) => f.code);

describe('a version of a scheme that follows another', () => {
  it('may say more of every class, and what it says is told', () => {
    const [first, ...rest] = next.classes;
    const [title, ...titles] = first!.titles;
    const richer = {
      ...next,
      classes: [
        { ...first!, titles: [{ ...title!, key: !title!.key }, ...titles, { ...title!, name: '本馆补充登记表', aliases: [] }] },
        ...rest,
      ],
    };
    expect(checkSchemeFollows(scheme, richer)).toEqual([]);
    expect(compareSchemes(scheme, richer)).toEqual([
      { code: 'standard/title-changed', severity: 'info', params: { class: first!.code, title: title!.name } },
      { code: 'standard/title-added', severity: 'info', params: { class: first!.code, title: '本馆补充登记表' } },
    ]);
    expect(codes(compareSchemes(richer, next))).toEqual(['standard/title-changed', 'standard/title-removed']);
  });

  it('keeps every class that may hold materials, the kind of subject and a higher number', () => {
    const gone = next.classes.find((c) => c.holdsMaterials)!;
    const without = { ...scheme, subject: 'unit' as const, classes: scheme.classes.filter((c) => c !== gone) };
    expect(codes(checkSchemeFollows(scheme, without))).toEqual([
      'standard/version-not-higher',
      'standard/subject-changed',
      'standard/class-lost',
    ]);
    const emptied = { ...next, classes: next.classes.map((c) => (c === gone ? { ...c, holdsMaterials: false, titles: [] } : c)) };
    expect(codes(checkSchemeFollows(scheme, emptied))).toEqual(['standard/class-holds-none']);
  });

  it('that says the same has no difference', () => {
    expect(compareSchemes(scheme, next)).toEqual([]);
    expect(compareStandards(standard, { ...standard, version: 9 })).toEqual([]);
  });
});

describe('a quality standard changed item by item', () => {
  it('keeps every other word and remark of its text', () => {
    const text = editQualityText(standardText, 2, '本单位2026年审定', [
      { code: '2', points: '2', zh: '新任职干部档案一个月内报送' },
      { code: '3', lost: ['4', null], veto: true },
      { code: '4', removed: true },
    ]);
    const edited = loadQualityStandard(text);
    expect([edited.version, edited.source, edited.items.length]).toEqual([2, '本单位2026年审定', standard.items.length - 1]);
    expect(compareStandards(standard, edited)).toEqual([
      { code: 'standard/part-changed', severity: 'info', params: { part: 'source' } },
      { code: 'standard/points-changed', severity: 'info', params: { item: '2', before: 3, after: 2 } },
      { code: 'standard/item-changed', severity: 'info', params: { item: '2' } },
      { code: 'standard/item-changed', severity: 'info', params: { item: '3' } },
      { code: 'standard/item-removed', severity: 'info', params: { item: '4' } },
    ]);
    expect(edited.items.find((i) => i.code === '3')?.checks.map((c) => ('lost' in c ? c.lost : null))).toEqual([4, 3]);
    for (const remark of standardText.match(/^#.*$/gm) ?? []) expect(text).toContain(remark);
    expect(checkQualityFollows(standard, edited, schemes)).toEqual([]);
  });

  it('and changed back says what it said', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(standard.items.length - 1), points: fc.integer({ min: 1, max: 100 }) }), { maxLength: 5 }),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((s) => s.trim() === s && s !== ''),
        (changes, words) => {
          const edits = changes.map(({ at, points }) => ({ code: standard.items[at]!.code, points: String(points), zh: words }));
          const back = standard.items.map((i) => ({ code: i.code, points: String(i.points), zh: i.text.zh, en: i.text.en }));
          const edited = editQualityText(standardText, 2, null, edits);
          expect(loadQualityStandard(edited).items.filter((i) => i.text.zh === words).length).toBe(new Set(edits.map((e) => e.code)).size);
          expect(loadQualityStandard(editQualityText(edited, standard.version, null, back))).toEqual(standard);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('names only titles, conditions, classes and schemes that there are', () => {
    const wrong = standardText
      .replace('any: [干部任免审批表], when: [leader]', 'any: [没有的表], when: [nobody]')
      .replace('schemes: [cadre-2018, flow-2021]', 'schemes: [cadre-2018, flow-2021, gone-1]')
      .replace('version: 1', 'version: 2');
    expect(codes(checkQualityFollows(standard, loadQualityStandard(wrong), schemes))).toEqual([
      'standard/unknown-scheme',
      'standard/unknown-title',
      'standard/unknown-condition',
    ]);
    expect(codes(checkQualityFollows(standard, standard, schemes))).toEqual(['standard/version-not-higher']);
  });
});
