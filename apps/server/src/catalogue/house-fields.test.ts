import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPageWords } from '@lantai/proposals';
import { describe, expect, it } from 'vitest';
import { HOUSE_FIELDS } from './house-fields.ts';

describe('the fields of the house', () => {
  it('are all that proposals can fill: what is none of them would be dropped in silence', () => {
    const text = (name: string) => readFileSync(join(import.meta.dirname, '../../../../schemes/pages', name), 'utf8');
    const proposed = [...loadPageWords({ fields: text('fields.yaml'), forms: text('forms.yaml') }).fields.keys()];
    expect(proposed.filter((code) => !HOUSE_FIELDS.some((field) => field.code === code))).toEqual([]);
  });
});
