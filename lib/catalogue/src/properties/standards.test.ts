import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  itemsAt,
  loadActivities,
  loadMetadataStandard,
  loadPropertyStandard,
  PROPERTY_CHECKS,
  PROPERTY_MOMENTS,
  verdictOf,
} from './index.ts';

const SCHEMES = join(import.meta.dirname, '..', '..', '..', '..', 'schemes');
const PROPERTIES = readFileSync(join(SCHEMES, 'properties', 'da-t-70.yaml'), 'utf8');

describe('the items of the four-property check', () => {
  it('are read, each check of the program used, at each moment items of all four properties', () => {
    const standard = loadPropertyStandard(PROPERTIES);
    expect(new Set(standard.items.map((i) => i.check))).toEqual(new Set(PROPERTY_CHECKS));
    for (const moment of PROPERTY_MOMENTS) expect(new Set(itemsAt(standard, moment).map(({ item }) => item.property)).size).toBe(4);
    expect(itemsAt(standard, 'filing').map((i) => i.printed)).toContain('GD-1-1');
    expect(itemsAt(standard, 'handover').map((i) => i.printed)).toContain('YJ-2-6');
    // What a package is checked for is no matter of keeping.
    expect(itemsAt(standard, 'keeping').map((i) => i.printed)).not.toContain('BC-1-12');
  });

  it.each([
    ['an item twice', (t: string) => t.replace('code: "1-2"', 'code: "1-1"')],
    ['an unknown check', (t: string) => t.replace('check: length', 'check: lenght')],
    ['an item under another property', (t: string) => t.replace('property: authenticity', 'property: security')],
    ['a moment missing', (t: string) => t.replace(/^.*code: keeping.*$/m, '')],
    ['two moments of one prefix', (t: string) => t.replace('prefix: YJ', 'prefix: GD')],
  ])('are refused with %s', (_, spoil) => {
    expect(() => loadPropertyStandard(spoil(PROPERTIES))).toThrow(/scheme\/invalid/);
  });
});

describe('the elements of a description', () => {
  const files = readdirSync(join(SCHEMES, 'metadata'));
  const read = (name: string) => readFileSync(join(SCHEMES, 'metadata', name), 'utf8');

  it('are read', () => {
    const standards = files.map((name) => loadMetadataStandard(read(name)));
    expect(standards.map((s) => s.id).sort()).toEqual(['da-t-18', 'da-t-46']);
    for (const { elements } of standards) expect(elements.length).toBeGreaterThan(30);
  });

  it.each([
    ['a source that nothing gives', (t: string) => t.replace('[dossier.code]', '[dossier.shelf]')],
    [
      'something obligatory that comes from nowhere',
      (t: string) =>
        t.replace('zh: 缩微号, en: Microform number, obligation: optional', 'zh: 缩微号, en: Microform number, obligation: mandatory'),
    ],
    ['an element twice', (t: string) => t.replace('code: language', 'code: title')],
  ])('are refused with %s', (_, spoil) => {
    expect(() => loadMetadataStandard(spoil(read('da-t-18.yaml')))).toThrow(/scheme\/invalid/);
  });
});

describe('the verdict', () => {
  const one = (result: 'pass' | 'fail' | 'warn' | 'manual' | 'skipped', over = {}) => ({
    result,
    blocking: true,
    answered: false,
    ...over,
  });
  it('is passed only when every blocking item ran or was answered', () => {
    expect(verdictOf([one('pass'), one('warn')])).toBe('passed');
    expect(verdictOf([one('pass'), one('manual')])).toBe('open');
    expect(verdictOf([one('pass'), one('skipped')])).toBe('open');
    expect(verdictOf([one('pass'), one('skipped', { answered: true })])).toBe('passed');
    expect(verdictOf([one('pass'), one('skipped', { blocking: false })])).toBe('passed');
    expect(verdictOf([one('manual'), one('fail')])).toBe('failed');
    expect(verdictOf([])).toBe('open');
  });
});

describe('the business activities', () => {
  const text = readFileSync(join(SCHEMES, 'process', 'activities.yaml'), 'utf8');
  it('are read, each kind of entry in one of them', () => {
    const { activities } = loadActivities(text);
    expect(activities.length).toBeGreaterThan(8);
    const kinds = activities.flatMap((a) => a.kinds);
    expect(new Set(kinds).size).toBe(kinds.length);
    // Who looked is for auditors: no look is an activity.
    for (const kind of kinds) expect(kind).not.toMatch(/^(dossier|desk|page|thumbnails|key-facts|properties)\.(opened|viewed)$|\.listed$/);
  });
  it('are refused when a kind of entry is in two of them', () => {
    expect(() => loadActivities(text.replace('kinds: [dossier.created]', 'kinds: [dossier.moved]'))).toThrow(/scheme\/invalid/);
  });
});
