import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDefectsFollow, compareDefects } from '../standards/index.ts';
import {
  CONTRACTOR_STATIONS,
  drawSample,
  judgeInspection,
  loadDefects,
  returnsFrom,
  STATIONS,
  sampleSize,
  standingAfter,
} from './index.ts';

const DICTIONARY = readFileSync(new URL('../../../../schemes/defects/default.yaml', import.meta.url), 'utf8');

describe('the way of a dossier', () => {
  it('goes through every station once and the inspection twice', () => {
    const way = [];
    for (let at = standingAfter('take_out', 1); at.station !== 'done'; at = standingAfter(at.station, at.pass))
      way.push(`${at.station} ${at.pass}`);
    expect(way).toEqual(STATIONS.slice(1).flatMap((s) => (s === 'check' ? ['check 1', 'check 2'] : [`${s} 1`])));
  });
  it('leads back only to what was done before, and never out of the shelf again', () => {
    expect(returnsFrom('check')).toEqual(['prepare', 'describe', 'scan', 'process']);
    expect(returnsFrom('take_out')).toEqual([]);
    expect(returnsFrom('prepare')).toEqual([]);
  });
  it('gives a contractor neither the catalogue nor the acceptance nor the door', () => {
    for (const own of ['take_out', 'describe', 'link', 'accept', 'back_up', 'restore'] as const)
      expect(CONTRACTOR_STATIONS).not.toContain(own);
  });
});

describe('a sample', () => {
  const pages = Array.from({ length: 100 }, (_, i) => i);
  const seed = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((n) => n.toString(16).padStart(16, '0'));
  it('is the same for the same seed, of the size asked for, without a page twice, in order', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 120 }), (seedHex, count) => {
        const drawn = drawSample(seedHex, pages, count);
        expect(drawn).toEqual(drawSample(seedHex, pages, count));
        expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
        expect(drawn).toHaveLength(Math.min(count, pages.length));
      }),
    );
  });
  it('draws what it drew when this was written, so that records of old hold', () => {
    expect(drawSample('0000000000000000', pages, 5)).toEqual([35, 38, 39, 55, 95]);
    expect(drawSample('0123456789abcdef', pages, 5)).toEqual([12, 65, 92, 98, 99]);
  });
  it('draws every page about as often', () => {
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 4000; n++) for (const at of drawSample(n.toString(16).padStart(16, '0'), pages.slice(0, 10), 3)) counts[at]! += 1;
    // 1,200 are expected; 5 standard deviations of a binomial are 145.
    for (const count of counts) expect(Math.abs(count - 1200)).toBeLessThan(145);
  });
  it('refuses a seed that is none', () => {
    for (const wrong of ['', '0123', 'zz23456789abcdef', '0123456789abcdef00'])
      expect(() => drawSample(wrong, pages, 1)).toThrow('sample/seed');
  });
  it('is rounded up and never nothing', () => {
    expect(sampleSize({ kind: 'full' }, 7)).toBe(7);
    expect(sampleSize({ kind: 'percent', size: 5 }, 7)).toBe(1);
    expect(sampleSize({ kind: 'percent', size: 5 }, 41)).toBe(3);
    expect(sampleSize({ kind: 'pages', size: 10 }, 7)).toBe(7);
    expect(sampleSize({ kind: 'pages', size: 10 }, 0)).toBe(0);
  });
});

describe('an inspection', () => {
  it('passes within the limit and fails beyond it, or by one serious defect', () => {
    const of = (failed: number, serious = 0, judged = 40) => judgeInspection({ pages: 40, judged, failed, serious }, 5);
    expect([of(0), of(2), of(3), of(1, 1)]).toEqual(['pass', 'pass', 'fail', 'fail']);
    expect([of(2, 0, 39), of(3, 0, 10)]).toEqual(['open', 'fail']);
    expect(judgeInspection({ pages: 40, judged: 40, failed: 1, serious: 0 }, 0)).toBe('fail');
  });
});

describe('the defect dictionary', () => {
  it('that comes with the program has every defect of the trade, each with a key of its own', () => {
    const { defects } = loadDefects(DICTIONARY);
    expect(defects.length).toBeGreaterThanOrEqual(21);
    expect(defects.find((d) => d.code === 'missed-face')).toEqual({
      ...{ code: 'missed-face', name: { zh: '漏扫', en: 'Face not scanned' }, key: 'a', severity: 'serious', station: 'scan' },
    });
  });
  it('is refused whole with a key twice, one of the screen, or a station that is none', () => {
    const of = (line: string) => () =>
      loadDefects(
        `id: own\nversion: 2\nname: { zh: 甲, en: A }\nsource: 本馆\ndefects:\n  - { code: aa, zh: 甲, en: A, key: a, severity: minor, station: scan }\n  - ${line}\n`,
      );
    expect(of('{ code: bb, zh: 乙, en: B, key: b, severity: minor, station: scan }')).not.toThrow();
    expect(of('{ code: bb, zh: 乙, en: B, key: a, severity: minor, station: scan }')).toThrow('scheme/invalid');
    expect(of('{ code: aa, zh: 乙, en: B, key: b, severity: minor, station: scan }')).toThrow('scheme/invalid');
    expect(of('{ code: bb, zh: 乙, en: B, key: p, severity: minor, station: scan }')).toThrow('scheme/invalid');
    expect(of('{ code: bb, zh: 乙, en: B, key: b, severity: minor, station: cellar }')).toThrow('scheme/invalid');
  });
});

describe('a defect dictionary of an archive', () => {
  const before = loadDefects(DICTIONARY);
  it('may add and change defects and lose none, for what was found keeps its words', () => {
    const text = DICTIONARY.replace('version: 1', 'version: 2').replace('zh: 漏扫,', 'zh: 漏页,');
    const after = loadDefects(`${text}  - { code: stamp-cut, zh: 骑缝章残缺, en: Seal cut off, key: g, severity: minor, station: scan }\n`);
    expect(checkDefectsFollow(before, after)).toEqual([]);
    expect(compareDefects(before, after).map((d) => [d.code, d.params?.defect])).toEqual([
      ['standard/defect-changed', 'missed-face'],
      ['standard/defect-added', 'stamp-cut'],
    ]);
    const less = { ...after, defects: after.defects.slice(1) };
    expect(checkDefectsFollow(before, less).map((p) => [p.code, p.params])).toEqual([['standard/defect-lost', { defect: 'missed-face' }]]);
    expect(checkDefectsFollow(after, before).map((p) => p.code)).toContain('standard/version-not-higher');
  });
});
