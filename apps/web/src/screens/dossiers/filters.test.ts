import { describe, expect, it } from 'vitest';
import { countFilters, splitFilters } from './filters.ts';

describe('filters of the dossier list', () => {
  it('keeps names, numbers and tags out of what the address shows', () => {
    const { clear, text } = splitFilters({
      name: '龙婷',
      idNumber: '11010519491231002X',
      tag: '退休预审',
      state: ['open'],
      code: 'Z109',
      sort: 'code',
    });
    expect(clear).toEqual({ state: 'open', code: 'Z109', sort: 'code' });
    expect(text).toEqual({ name: '龙婷', idNumber: '11010519491231002X', tag: '退休预审' });
    expect(JSON.stringify(clear)).not.toMatch(/龙婷|11010519491231002X|退休/);
  });
  it('leaves empty text out and does not count the order as a filter', () => {
    expect(splitFilters({ name: '', state: 'filed' })).toEqual({ clear: { state: 'filed' }, text: {} });
    expect(countFilters({ sort: 'code' }, {})).toBe(0);
    expect(countFilters({ state: 'open', code: 'Z' }, { name: '龙' })).toBe(3);
  });
});
