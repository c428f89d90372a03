import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PageReading, Proposal } from '@lantai/proposals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPrivateHost, readAdviserConfig } from '../adviser-config.ts';
import type { Archive } from '../archive/index.ts';
import { getScheme } from '../catalogue/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { type AdvisedDossier, askAbout, takeAdvice } from './index.ts';

const a = useArchive();
let answer: (request: IncomingMessage, body: string, response: ServerResponse) => void = () => undefined;
const asked: { body: string; authorization: string | undefined }[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    asked.push({ body, authorization: request.headers.authorization });
    answer(request, body, response);
  });
});
let url = '';
let folder = '';
let dossierId = '';

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  folder = mkdtempSync('/tmp/lantai-adviser-');
  writeFileSync(join(folder, 'key'), 'sk-local\n', { mode: 0o600 });
  dossierId = await a.addDossier({ name: '贺远山' });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const words = (content: unknown) => JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] });
const says = (content: unknown) => {
  answer = (_, __, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(words(content));
};
const LINES = ['某厂入库人员花名卡', '姓名贺远山', '身份证号码110000197609045319', '联系电话13900001111'];
const page: PageReading = {
  pageId: '',
  widthPx: 100,
  heightPx: 100,
  skewDegrees: 0,
  findings: [],
  lines: LINES.map((text, i) => ({ text, box: [0, i, 1, 1], confidence01: 1 })),
};
const unsure: Proposal = {
  pages: [''],
  grouping: { confidence01: 1, reasons: [] },
  classCode: { value: '10', confidence01: 0.3, page: null, box: null, reason: { code: 'words' } },
  title: null,
  date: null,
  fields: {},
  findings: [],
};

const adviseProposals = async (archive: Archive, dossier: AdvisedDossier, proposals: readonly Proposal[]) =>
  takeAdvice(proposals, await askAbout(archive, dossier, proposals));

async function advise(proposal: Proposal = unsure, change: Record<string, string> = {}): Promise<Proposal> {
  const env = { LANTAI_ADVISER_URL: url, LANTAI_ADVISER_MODEL: 'local', LANTAI_ADVISER_KEY_FILE: join(folder, 'key'), ...change };
  const archive: Archive = { ...a.archive, config: { ...a.archive.config, adviser: readAdviserConfig(env, '/') } };
  const pageId = a.archive.clock.newId();
  const place = { fondsId: a.fondsId, unitId: a.rootUnitId, category: 'cadre', level: 1 };
  const scheme = await getScheme(archive.db.system('test'), archive, 'cadre-2018');
  const dossier = { dossierId, place, scheme, subjectName: '贺远山', pages: [{ ...page, pageId }] };
  const [out] = await adviseProposals(archive, dossier, [{ ...proposal, pages: [pageId] }]);
  return { ...out!, pages: proposal.pages };
}

describe('an adviser inside the network', () => {
  it('is asked with masked words and its key, and what holds is taken, marked and never sure', async () => {
    says('{"classCode":"9-1","title":"入库人员花名卡"}');
    const { classCode, title } = await advise();
    const said = { confidence01: 0.6, page: null, box: null, reason: { code: 'adviser' } };
    expect([classCode, title]).toEqual([
      { value: '9-1', ...said },
      { value: '入库人员花名卡', ...said },
    ]);
    const { body, authorization } = asked.at(-1)!;
    expect(authorization).toBe('Bearer sk-local');
    expect(JSON.parse(body)).toMatchObject({ model: 'local', temperature: 0 });
    for (const secret of ['贺远山', '110000197609045319', '13900001111', '1976']) expect(body).not.toContain(secret);
    expect(body).toContain('入库人员花名卡');
  });

  it('leaves an entry before and after each question, with a commitment and no word', async () => {
    const rows = await a.archive.db
      .system('test')
      .query<{ kind: string; bytes: Uint8Array; salt: Uint8Array | null }>(
        `select kind, bytes, salt from entry where kind like 'adviser.%' order by id`,
      );
    expect(rows.slice(0, 2).map((r) => [r.kind, r.salt !== null])).toEqual([
      ['adviser.asked', true],
      ['adviser.answered', true],
    ]);
    for (const { bytes } of rows) expect(Buffer.from(bytes).toString('utf8')).not.toContain('花名卡');
  });

  it('is not asked about what is sure enough, nor where none is configured', async () => {
    const before = asked.length;
    const sure = { value: '9-1', confidence01: 0.6, page: null, box: null, reason: { code: 'title' } };
    const settled = { ...unsure, classCode: sure, title: { ...sure, value: '工资变动审批表' } };
    expect(await advise(settled)).toEqual(settled);
    const [out] = await adviseProposals(a.archive, {} as never, [unsure]);
    expect([out, asked.length]).toEqual([unsure, before]);
  });

  it('says nothing of a material whose pages are others by now, nor of what is surer by now', async () => {
    says('{"classCode":"9-1","title":"入库人员花名卡"}');
    const [out] = takeAdvice([unsure], new Map([['elsewhere', { classCode: '9-1', title: null }]]));
    expect(out).toEqual(unsure);
    const sure = { value: '10', confidence01: 0.9, page: null, box: null, reason: { code: 'title' } };
    const [kept] = takeAdvice([{ ...unsure, classCode: sure }], new Map([['', { classCode: '9-1', title: null }]]));
    expect(kept?.classCode).toEqual(sure);
  });

  it('changes nothing by a hostile or foolish answer', async () => {
    const hostile: unknown[] = [
      '{"classCode":"99-9","title":"页面上没有的题名"}',
      '{"classCode":{"$gt":""},"title":["x"]}',
      '{"classCode":null,"title":"〇〇〇"}',
      `{"title":"${'花'.repeat(500)}"}`,
      '当然！这一页属于第九类。',
      'null',
      '[]',
      42,
      { classCode: '9-1' },
    ];
    for (const content of hostile) {
      says(content);
      expect(await advise()).toEqual(unsure);
    }
    const raw: ((response: ServerResponse) => void)[] = [
      (r) => r.writeHead(200).end('not json'),
      (r) => r.writeHead(200).end('null'),
      (r) => r.writeHead(200).end('{"choices":7}'),
      (r) => r.writeHead(200).end(words('x'.repeat(100_000))),
      (r) => r.writeHead(500).end(words('{"classCode":"9-1"}')),
      (r) => r.writeHead(401).end(),
      (r) => r.writeHead(307, { location: `${url}/chat/completions` }).end(),
      (r) => r.destroy(),
    ];
    for (const act of raw) {
      const before = asked.length;
      answer = (_, __, response) => act(response);
      expect(await advise()).toEqual(unsure);
      // A redirect, which could lead out of the network, is not followed.
      expect(asked.length).toBe(before + 1);
    }
  });

  it('changes nothing when nobody answers in time', async () => {
    answer = () => undefined;
    expect(await advise(unsure, { LANTAI_ADVISER_SECONDS: '1' })).toEqual(unsure);
    const rows = await a.archive.db
      .system('test')
      .query<{ bytes: Uint8Array }>(`select bytes from entry where kind = 'adviser.answered' order by id desc limit 1`);
    expect(Buffer.from(rows[0]!.bytes).toString('utf8')).toContain('timeout');
  });
});

describe('where an adviser may be', () => {
  const read = (more: Record<string, string>) => readAdviserConfig({ LANTAI_ADVISER_MODEL: 'm', ...more }, '/');

  it('is nowhere unless named, and at private and loopback addresses alone', () => {
    expect(read({})).toBeNull();
    for (const host of ['127.0.0.1', '10.3.4.5', '172.16.0.1', '172.31.9.9', '192.168.1.1', '[::1]', '[fd00::1]', 'localhost'])
      expect(read({ LANTAI_ADVISER_URL: `http://${host}:8000/v1/` })?.url).toBe(`http://${host}:8000/v1`);
    const outside = [
      '8.8.8.8',
      '172.32.0.1',
      '169.254.169.254',
      '[2001:db8::1]',
      '[::ffff:8.8.8.8]',
      'api.example.com',
      '127.0.0.1.example.com',
    ];
    for (const host of outside) expect(() => read({ LANTAI_ADVISER_URL: `https://${host}/v1` })).toThrow('config/adviser-outside');
    for (const text of ['ftp://10.0.0.1', 'not a url', 'http://user:pw@10.0.0.1/'])
      expect(() => read({ LANTAI_ADVISER_URL: text })).toThrow('config/not-an-address');
    expect(isPrivateHost('0.0.0.0')).toBe(false);
  });

  it('is a name only where that very name is allowed', () => {
    const url = 'https://models.archive.lan/v1';
    expect(() => read({ LANTAI_ADVISER_URL: url, LANTAI_ADVISER_HOST: 'other.lan' })).toThrow('config/adviser-outside');
    expect(read({ LANTAI_ADVISER_URL: url, LANTAI_ADVISER_HOST: 'models.archive.lan' })?.url).toBe(url);
  });
});
