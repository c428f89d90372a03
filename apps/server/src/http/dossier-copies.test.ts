import { receiveFile } from '@lantai/documents';
import { collect, tools } from '@lantai/documents/testing';
import { idNumberCheck } from '@lantai/values';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CopyInput, copyDossier } from '../copies/index.ts';
import { deskTx } from '../desk/index.ts';
import { importFiles } from '../ingest/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { PageImages, tracePicture } from '../pages/index.ts';
import { useWeb } from './testing/web-fixture.ts';

const web = useWeb();
const SLOW_MS = 240_000;
const ID = '11010119491231002'.replace(/$/, idNumberCheck('11010119491231002'));
const ID_MASKED = `1****************${ID[17]}`;
/** Words of each page as they arrive; the rare ones lie beyond the first plane. */
const LINES = [
  ['干部履历表', '姓名 𠮷田𪚥'],
  [`身份证号 ${ID}`],
  ['学历证书', '阿卜杜热合曼·买买提'],
  ['任免审批表'],
  ['散页 甲'],
  ['散页 乙'],
];

type Visitor = Awaited<ReturnType<typeof web.enter>>;
let dossierId: string;
let pageIds: string[];
let materialIds: Record<string, string>;
let archivist: Visitor;
const originals: Buffer[] = [];

/** A small page with lines of its own. */
function makePage(seed: number): Promise<Buffer> {
  const lines = Array.from({ length: 20 }, (_, i) => `<rect x="60" y="${70 + i * 38}" width="${200 + ((i * seed) % 240)}" height="9"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="620" height="877"><rect width="100%" height="100%" fill="#f4f1e8"/>${lines.join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer();
}

async function addReadings(): Promise<void> {
  const place = await web.database.systemDb.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
    'select fonds_id, unit_id, category, level from dossier where id = $1',
    [dossierId],
  );
  const { fonds_id: fondsId, unit_id: unitId, category, level } = place!;
  for (const [i, words] of LINES.entries()) {
    const lines = words.map((text, k) => ({
      text,
      box: [60, 60 + 60 * k, 24 * [...text].length, 24] as const,
      confidence01: 0.9,
      source: 'normal' as const,
    }));
    const size = { widthPx: 620, heightPx: 877, orientation: 0, skewDegrees: 0 } as const;
    await web.archive.db
      .system('test')
      .tx((raw) =>
        storeReading(
          deskTx(raw, web.archive, null, 'archive_work'),
          web.archive,
          { pageId: pageIds[i]!, dossierId, place: { fondsId, unitId, category, level } },
          { engine: 'test', version: '1', pageDigest: '', ...size, lines },
        ),
      );
  }
}

/** Files the first four pages as three materials, the later class first. */
async function fileMaterials(): Promise<void> {
  const { body } = await archivist.call('GET', `/api/v1/dossiers/${dossierId}/desk`);
  const assemble = (ids: string[], classCode: string, title: string, date?: string) => ({
    type: 'assemble',
    pageIds: ids,
    edit: { classCode, title, ...(date ? { date } : {}) },
  });
  const [a, b, c, d] = pageIds as [string, string, string, string];
  const made = await archivist.call('POST', `/api/v1/dossiers/${dossierId}/operations`, {
    baseVersion: body.version,
    operations: [
      assemble([d], '9-1', '干部任免审批表', '2015-03'),
      assemble([c], '4-1', '毕业证书'),
      assemble([a, b], '1', '干部履历表', '2010-08'),
    ],
  });
  expect(made.body.code).toBeUndefined();
  materialIds = Object.fromEntries(made.body.materials.map((m: { title: string; id: string }) => [m.title, m.id]));
}

beforeAll(async () => {
  for (let i = 0; i < LINES.length; i++) originals.push(await makePage(61 + 18 * i));
  dossierId = await web.addDossier({ name: '欧阳某某' });
  const files = originals.map((bytes, i) => ({ path: `00${i}.jpg`, byteCount: bytes.length, read: async () => bytes }));
  await importFiles(web.archive, await web.desk(), dossierId, files);
  const rows = await web.database.systemDb.query<{ id: string }>('select id from page where dossier_id = $1 order by arrival', [dossierId]);
  pageIds = rows.map((r) => r.id);
  archivist = await web.enter('archivist', { fondsId: web.fondsId });
  await addReadings();
  await fileMaterials();
}, SLOW_MS);

const PATH = () => `/api/v1/dossiers/${dossierId}/copies`;

/** The bytes of an answer, as a browser gets them. */
async function take(visitor: Visitor, body: object) {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const headers = { cookie, 'content-type': 'application/json', 'lantai-purpose': 'verification' };
  const answer = await web.app.inject({ method: 'POST', url: PATH(), headers, payload: JSON.stringify({ reason: '转递核对', ...body }) });
  expect([answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([200, '']);
  return { bytes: answer.rawPayload, headers: answer.headers, entryId: String(answer.headers['lantai-entry']) };
}

const takeIn = (bytes: Uint8Array) => collect(receiveFile(bytes, tools));
const textOf = (page: { hiddenText?: readonly { text: string }[] }) => (page.hiddenText ?? []).map((l) => l.text);

interface EntryRow {
  id: string;
  kind: string;
  entry: { object?: string; commit?: string; params?: Record<string, string | number> };
}
const entriesOf = (actorId: string) =>
  web.database.db.query<EntryRow>(
    `select id, kind, convert_from(bytes, 'UTF8')::jsonb as entry from entry where actor_id = $1 and kind = any($2) order by id`,
    [actorId, ['copy.begun', 'page.copied', 'copy.made', 'sensitive.revealed']],
  );

describe('a copy of a dossier', () => {
  it(
    'holds every page in the order of the catalogue with its words, ID numbers masked, and is entries: begun, each page, made',
    async () => {
      const visitor = await web.enter('archivist', { fondsId: web.fondsId });
      const { bytes, headers, entryId } = await take(visitor, { form: 'pdf-a-1b' });
      expect(headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' });
      expect(String(headers['content-disposition'])).toMatch(/^attachment; filename="[A-Za-z0-9_-]+-copy-[0-9A-Z-]{14}\.pdf"$/);
      const { pages } = await takeIn(bytes);
      expect(pages.map(textOf)).toEqual([
        ['干部履历表', '姓名 𠮷田𪚥'],
        [`身份证号 ${ID_MASKED}`],
        ['学历证书', '阿卜杜热合曼·买买提'],
        ['任免审批表'],
        ['散页 甲'],
        ['散页 乙'],
      ]);
      const entries = await entriesOf(visitor.accountId);
      expect(entries.map((e) => e.kind).sort()).toEqual(['copy.begun', 'copy.made', ...Array(6).fill('page.copied')]);
      const begun = entries.find((e) => e.kind === 'copy.begun');
      expect(begun).toMatchObject({
        id: entryId,
        entry: { object: dossierId, params: { purpose: 'verification', pages: 6, form: 'pdf-a-1b' } },
      });
      const made = entries.find((e) => e.kind === 'copy.made');
      expect(made?.entry).toMatchObject({ object: dossierId, params: { request: entryId, pages: 6 } });
      expect(made?.entry.commit).toBeTruthy();
      expect(JSON.stringify(entries)).not.toMatch(/转递|履历|欧阳/);
      const [look] = (await tracePicture(web.archive, await web.desk({ role: 'audit_admin' }), pages[2]!.bytes)).looks;
      const third = entries.find((e) => e.kind === 'page.copied' && e.entry.params?.page === 3);
      expect(look).toMatchObject({ entryId: third?.id, kind: 'page.copied', pageId: pageIds[2], account: { id: visitor.accountId } });
      for (const original of originals) expect(bytes.includes(original.subarray(700, 760))).toBe(false);
    },
    SLOW_MS,
  );

  it('shows ID numbers in its text only to whoever may reveal them and says so, and the log says so too', async () => {
    const visitor = await web.enter('archivist', { fondsId: web.fondsId });
    const { bytes, entryId } = await take(visitor, { materialIds: [materialIds['干部履历表']], showsSensitive: true });
    expect((await takeIn(bytes)).pages.map(textOf)[1]).toEqual([`身份证号 ${ID}`]);
    const revealed = (await entriesOf(visitor.accountId)).find((e) => e.kind === 'sensitive.revealed');
    expect(revealed?.entry).toMatchObject({ object: dossierId, params: { request: entryId } });
  });

  it('of one material as OFD holds its pages alone, with the same words', async () => {
    const { bytes, headers } = await take(archivist, { form: 'ofd', materialIds: [materialIds['干部履历表']] });
    expect(headers['content-type']).toBe('application/ofd');
    const { outcome, pages } = await takeIn(bytes);
    expect(outcome).toMatchObject({ kind: 'pages', format: 'ofd', pageCount: 2, findings: [] });
    expect(pages.map((p) => textOf(p).join('').replace(/\s/g, ''))).toEqual(['干部履历表姓名𠮷田𪚥', `身份证号${ID_MASKED}`]);
  });
});

describe('who asks in vain', () => {
  it('gets no copy: without the right, of a foreign fonds, of another dossier’s material, without a reason, in a form there is none of', async () => {
    const ask = (visitor: Visitor, body: object) => visitor.call('POST', PATH(), { reason: '核对', ...body });
    const reader = await web.enter('reader');
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: web.rootUnitId });
    expect((await ask(reader, {})).status).toBe(404);
    expect((await ask(clerk, {})).status).toBe(403);
    const elsewhere = await web.addDossier();
    const foreign = await archivist.call('POST', `/api/v1/dossiers/${elsewhere}/copies`, {
      reason: '核对',
      materialIds: [materialIds['毕业证书']],
    });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'page/not-found']);
    expect((await ask(archivist, { reason: ' ' })).status).toBe(400);
    expect((await ask(archivist, { form: 'docx' })).status).toBe(400);
    for (const { accountId } of [reader, clerk]) expect(await web.kindsOf(accountId)).not.toContain('copy.begun');
  });

  it('gets no end of it when the right is gone meanwhile: what came is no document, and no entry says that it was made', async () => {
    const input: CopyInput = {
      dossierId,
      materialIds: null,
      form: 'pdf-a-1b',
      showsSensitive: false,
      reason: '核对',
      name: 'a',
      language: 'zh',
    };
    const desk = await web.desk({ role: 'archivist', fondsId: web.fondsId });
    const made = await copyDossier(web.archive, desk, new PageImages(web.archive), input);
    const got: Uint8Array[] = [];
    const reading = (async () => {
      for await (const bytes of made.bytes()) {
        if (!got.length) await web.database.ownerDb.query('update page set level = 2 where id = $1', [pageIds[5]]);
        got.push(bytes);
      }
    })();
    await expect(reading).rejects.toThrow('page/not-found');
    await web.database.ownerDb.query('update page set level = 1 where id = $1', [pageIds[5]]);
    expect(got.length).toBeGreaterThan(1);
    expect((await takeIn(Buffer.concat(got))).outcome.kind).toBe('refused');
    expect((await entriesOf(desk.actor.accountId)).map((e) => e.kind)).toEqual(['copy.begun', ...Array(4).fill('page.copied')]);
  });
});
