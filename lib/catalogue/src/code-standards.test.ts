import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CODE_STANDARDS,
  findCodeParts,
  formatCode,
  getCodeForm,
  loadScheme,
  materialTemplate,
  numberPartOf,
  parseCode,
  schemeCodes,
  seriesOf,
} from './index.ts';

const folder = new URL('../../../schemes/', import.meta.url);
const schemes = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => loadScheme(readFileSync(new URL(name, folder), 'utf8')));
const forms = schemes.flatMap((scheme) =>
  CODE_STANDARDS.map((standard) => ({ scheme, standard, form: getCodeForm(scheme.codes.standards[standard]!) })),
);

const parts = fc.record(
  {
    fonds: fc.stringMatching(/^[A-Z]\d{3}$/),
    year: fc.integer({ min: 1949, max: 2099 }).map(String),
    retention: fc.constantFrom('Y', 'D10', 'D30', 'D100'),
    office: fc.stringMatching(/^[A-Z0-9办公室人事处]{1,8}$/),
    number: fc.integer({ min: 1, max: 99_999_999 }),
  },
  { requiredKeys: ['fonds', 'year', 'retention', 'number'] },
);

describe('codes by DA/T 13 and DA/T 22', () => {
  it('are known to every scheme, and told from one another', () => {
    expect(schemes.length).toBeGreaterThanOrEqual(5);
    expect(forms.every(({ form }) => form.pattern instanceof RegExp)).toBe(true);
    for (const { scheme, standard, form } of forms) {
      const known = { fonds: 'Z109', year: '2026', ...scheme.codes.parts, office: 'RSC' };
      const code = seriesOf(form, known).of(7);
      // The first form that reads it is its own: no code means two things.
      expect(findCodeParts(schemeCodes(scheme.codes).dossier, code)?.form.template).toBe(scheme.codes.standards[standard]);
    }
  });

  it('read back as they were written, in every scheme and form', () => {
    fc.assert(
      fc.property(fc.constantFrom(...forms), parts, ({ scheme, standard, form }, { number, ...drawn }) => {
        // DA/T 22 names the office always.
        const known = standard === 'da-t-22' ? { office: 'BGS', ...drawn } : drawn;
        const series = seriesOf(form, known);
        const code = series.of(number);
        const read = parseCode(form, code);
        expect(read).toEqual({ ...known, [numberPartOf(form)]: read[numberPartOf(form)] });
        expect(Number(read[numberPartOf(form)])).toBe(number);
        expect(formatCode(form, read)).toBe(code);
        expect(code).toBe(`${series.before}${read[numberPartOf(form)]}${series.after}`);
        const material = getCodeForm(materialTemplate(scheme.codes.material, form.template));
        const classCode = scheme.classes.find((c) => c.holdsMaterials)!.code;
        const inside = formatCode(material, { ...read, class: classCode, seq: '3' });
        expect(parseCode(material, inside)).toMatchObject({ ...read, class: classCode });
      }),
    );
  });

  it('want what they are made of: an office for DA/T 22, a number for the archive to give', () => {
    const form = getCodeForm(schemes[0]!.codes.standards['da-t-22']!);
    expect(() => seriesOf(form, { fonds: 'Z109', year: '2026', retention: 'Y' })).toThrow('code/part-missing');
    expect(() => seriesOf(form, { fonds: 'Z109', year: '2026', retention: 'Y', office: '人事处（一）' })).toThrow('code/part-malformed');
    expect(() => numberPartOf(getCodeForm('{fonds}-WS'))).toThrow('code/template');
  });
});
