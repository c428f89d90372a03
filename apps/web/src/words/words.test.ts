import { describe, expect, it } from 'vitest';
import { sayBytes, sayPartialDate } from './dates.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

const english: Record<string, string | undefined> = en;
const holes = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].filter((name) => name !== 'count').sort();

describe('the words of the page', () => {
  it('are all there in English, once or once for one and once for many', () => {
    const missing = Object.keys(zh).filter(
      (key) => english[key] === undefined && (english[`${key}_one`] === undefined || english[`${key}_other`] === undefined),
    );
    expect(missing).toEqual([]);
  });
  it('name no key in English that Chinese has not', () => {
    expect(Object.keys(en).filter((key) => !(key in zh) && !(key.replace(/_(one|other)$/, '') in zh))).toEqual([]);
  });
  it('have the same places to fill in both languages', () => {
    for (const [key, text] of Object.entries(zh))
      for (const other of [english[key], english[`${key}_other`]])
        if (other !== undefined) expect({ key, holes: holes(other) }).toEqual({ key, holes: holes(text) });
  });
  it('hold no Chinese in English', () => {
    for (const text of Object.values(en)) expect(text).not.toMatch(/\p{Script=Han}/u);
  });
});

describe('dates and sizes in words', () => {
  it('say only what is known of a date', () => {
    expect(sayPartialDate('2012-03-09', 'zh')).toBe('2012年3月9日');
    expect(sayPartialDate('2012-03', 'zh')).toBe('2012年3月');
    expect(sayPartialDate('2012', 'en')).toBe('2012');
    expect(sayPartialDate('2012-03-09', 'en')).toBe('9 Mar 2012');
  });
  it('say bytes by thousands', () => {
    expect([0, 999, 1000, 123_456, 5_000_000].map(sayBytes)).toEqual(['0 B', '999 B', '1.0 kB', '123 kB', '5.0 MB']);
  });
});
