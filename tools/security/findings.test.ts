import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge, placeOf, readAnswers, type ScanFinding } from './findings.ts';
import { readSqlmap } from './sqlmap.ts';
import { getTargets, postTargets } from './targets.ts';
import { readTestssl } from './testssl.ts';
import { missedOf, readWapiti } from './wapiti.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const page = (...rows: string[]) => ['| tool | finding | place | judgement | why |', '|---|---|---|---|---|', ...rows].join('\n');
const finding = (tool: string, code: string, place: string): ScanFinding => ({ tool, code, place, detail: '' });

describe('what the scanners find', () => {
  it('is open until the page answers it, and an answer to nothing is stale', () => {
    const known = readAnswers(page('| wapiti | `Headers` | `GET /` | no fault | why |', '| testssl | `cert` | `*` | of the run | why |'));
    const found = [
      finding('wapiti', 'Headers', 'GET /'),
      finding('wapiti', 'Headers', 'GET /x'),
      finding('sqlmap', 'injectable', 'search'),
    ];
    expect(judge(found, known, ['wapiti', 'sqlmap'])).toEqual({ open: found.slice(1), answered: [found[0]], stale: [] });
    expect(judge(found, known, ['wapiti', 'testssl']).stale).toEqual([{ tool: 'testssl', code: 'cert', place: '*' }]);
  });
  it('is not answered by a row that cannot be read: that is an error', () => {
    for (const row of [
      '| wapiti | Headers | `GET /` | no fault | why |',
      '| wapiti | `Headers` | `GET /` | no fault | |',
      '| wapiti | `a` | `b` |',
    ])
      expect(() => readAnswers(page(row))).toThrow(row);
    expect(() => readAnswers('# nothing')).toThrow('no table');
  });
  it('has an answer on the committed page for each of its rows', () => {
    expect(readAnswers(readFileSync(join(ROOT, 'docs', 'guide', 'security-scan.md'), 'utf8')).length).toBeGreaterThan(0);
  });
  it('is written down without the ids and tokens of one run', () => {
    expect(placeOf('/iiif/woBqqtSJJi_InHYvX3u60qDhXTRbSf-R/info.json?a=01a202d3-8b7e-7000-aad3-638eb64bbc20')).toBe(
      '/iiif/{token}/info.json?a={id}',
    );
  });
});

describe('the words of the scanners', () => {
  const END = '[ERROR] all tested parameters do not appear to be injectable.';
  it('sqlmap: a parameter that takes statements, a statement that broke, a run that was held off or cut short', () => {
    expect(readSqlmap('search', END, true)).toEqual([]);
    const injectable = `sqlmap identified the following injection point(s)\nParameter: code (GET)\n    Type: boolean-based blind\n    Title: AND\n`;
    expect(readSqlmap('control', injectable, true)).toMatchObject([
      { code: 'injectable', place: 'control code (GET)', detail: 'boolean-based blind' },
    ]);
    expect(readSqlmap('search', `${END}\n500 (Internal Server Error) - 3 times, 400 (Bad Request) - 2 times`, true)).toMatchObject([
      { code: 'server-error' },
    ]);
    expect(readSqlmap('search', `${END}\n429 (Too Many Requests) - 9 times`, true)).toMatchObject([{ code: 'not-tried' }]);
    expect(readSqlmap('search', END, false)).toMatchObject([{ code: 'not-tried' }]);
    expect(readSqlmap('search', 'connection refused', true)).toMatchObject([{ code: 'not-tried' }]);
  });
  it('wapiti: every kind of fault, and a crawl that never came to the API', () => {
    const line = { method: 'GET', path: '/', info: 'not set', parameter: '' };
    const report = {
      vulnerabilities: { Headers: [line] },
      anomalies: { 'Internal Server Error': [{ ...line, path: '/a', parameter: 'q' }] },
    };
    expect(readWapiti(report).map(({ code, place }) => [code, place])).toEqual([
      ['Headers', 'GET /'],
      ['Internal Server Error', 'GET /a q'],
    ]);
    expect(missedOf('[*] Wapiti found 25 URLs and forms during the scan', 30)).toEqual([]);
    for (const output of ['[*] Wapiti found 1 URLs and forms during the scan', ''])
      expect(missedOf(output, 30)).toMatchObject([{ tool: 'wapiti', code: 'not-tried' }]);
  });
  it('testssl: whatever is not in order, and a server that was not reached', () => {
    const fine = Array.from({ length: 60 }, (_, i) => ({ id: `t${i}`, severity: 'OK', finding: '' }));
    expect(readTestssl([...fine, { id: 'LUCKY13', severity: 'LOW', finding: 'CBC' }])).toMatchObject([
      { code: 'LUCKY13', detail: 'LOW: CBC' },
    ]);
    expect(readTestssl(fine.slice(0, 3))).toMatchObject([{ code: 'not-tried' }]);
  });
});

describe('what is tried', () => {
  const document = JSON.parse(readFileSync(join(ROOT, 'contract', 'openapi.json'), 'utf8'));
  const id = '01a202d3-8b7e-7000-aad3-638eb64bbc20';
  const known = new Map([
    ...['dossierId', 'accountId', 'fondsId', 'pageId', 'entryId'].map((name) => [name, id] as const),
    ['code', 'P1'],
    ['cursor', 'x'],
  ]);
  it('is every place in addresses and queries that the document names, marked, and a cursor alone', () => {
    const targets = getTargets(document, known, '*');
    const of = (operation: string) => targets.filter((t) => t.operation === operation).map((t) => t.address);
    expect(of('getDossier')).toEqual([`/api/v1/dossiers/${id}*`]);
    expect(of('listDossiers')).toEqual([`/api/v1/dossiers?code=P1*&fondsId=${id}*`, '/api/v1/dossiers?cursor=x*']);
    expect(of('getImage')).toEqual([]);
  });
  it('is a sample of bodies, each an operation of the document', () => {
    expect(postTargets(document, known, '*').find((t) => t.operation === 'search')?.body).toContain('"query":"简历*"');
    expect(() => postTargets({ paths: {} }, known, '*')).toThrow('no operation');
  });
});
