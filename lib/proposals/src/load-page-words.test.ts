import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadScheme } from '@lantai/catalogue';
import { describe, expect, it } from 'vitest';
import { loadPageWords } from './load-page-words.ts';
import { formOf } from './page-words.ts';
import { compileProse } from './prose.ts';

const SCHEMES = join(import.meta.dirname, '../../../schemes');
const read = (path: string): string => readFileSync(join(SCHEMES, path), 'utf8');
const fields = read('pages/fields.yaml');
const forms = read('pages/forms.yaml');

describe('the words of pages', () => {
  it('are loaded as they ship, and every sentence compiles', () => {
    const words = loadPageWords({ fields, forms });
    expect(words.fields.size).toBeGreaterThan(30);
    for (const field of words.fields.values())
      for (const prose of field.prose) expect(() => compileProse(prose, field.kind), prose).not.toThrow();
    for (const form of words.forms)
      for (const field of form.fields)
        for (const prose of field.prose ?? []) expect(() => compileProse(prose, 'text'), prose).not.toThrow();
  });

  it('find a form by the wording, by the scheme’s name for it, or by its ending', () => {
    const words = loadPageWords({ fields, forms });
    const codes = (...titles: string[]) => formOf(words, titles).fields.map((f) => f.code);
    expect(codes('竞业限制协议')).toEqual(['name', 'idNumber', 'unit', 'nonCompeteMonths']);
    expect(codes('没有登记的名称', '竞业限制协议')).toEqual(codes('竞业限制协议'));
    expect(codes('青岚纺织公司竞业限制协议')).toEqual(codes('竞业限制协议'));
    // What stands before a title without saying whose form it is makes another form of it.
    expect(codes('岗位工资、薪级工资审批表')).toEqual(expect.arrayContaining([...codes('工资审批表'), 'sex', 'position']));
    expect(codes('工资审批表')).not.toContain('sex');
    expect(formOf(words, ['没有登记的名称'])).toBe(words.defaultForm);
  });

  it.each([
    ['an unknown key', fields.replace('list_heads:', 'list_hedas:'), forms],
    ['a field of no known kind', fields.replace('kind: sex', 'kind: gender'), forms],
    ['a form with a field that is none', fields, forms.replace('fields: [name, sex,', 'fields: [nmae, sex,')],
    ['a title that two forms claim', fields, forms.replace('titles: [保密协议,', 'titles: [竞业限制协议, 保密协议,')],
    ['a sentence without a value', fields.replace('"我叫{value}[,。]"', '"我叫"'), forms],
    ['a sentence that is no expression', fields.replace('"我叫{value}[,。]"', '"我叫({value}"'), forms],
  ])('are refused with %s', (_name, f, g) => {
    expect([f, g]).not.toEqual([fields, forms]);
    expect(() => loadPageWords({ fields: f, forms: g })).toThrow('scheme/invalid');
  });

  it('name no form that every scheme has forgotten', () => {
    const known = ['cadre-2018', 'employee-lifecycle'].flatMap((id) => loadScheme(read(`${id}.yaml`)).classes.flatMap((c) => c.titles));
    const words = loadPageWords({ fields, forms });
    for (const form of words.forms)
      expect(
        known.some(
          (t) =>
            formOf(words, [t.name.replace('{year}', '')]) === form ||
            t.aliases.some((a) => formOf(words, [a.replace('{year}', '')]) === form),
        ),
        form.titles[0],
      ).toBe(true);
  });
});
