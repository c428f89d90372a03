import { PDFiumLibrary } from '@hyzyla/pdfium';
import { findViewNumber, formatViewNumber, numberOfEntry } from '@lantai/marks';
import { PDFDict, PDFDocument, PDFName, type PDFRawStream } from 'pdf-lib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { importFiles } from '../ingest/index.ts';
import { tracePicture } from '../pages/index.ts';
import { REQUEST } from '../testing/approved-consultation.ts';
import { useWeb } from './testing/web-fixture.ts';

const web = useWeb();
const SLOW_MS = 240_000;

let dossierId: string;
let pageIds: string[];
const originals: Buffer[] = [];

/** A page with lines of writing at 150 dpi; the second one lies. */
function makePage(widthPx: number, heightPx: number, seed: number): Promise<Buffer> {
  const lines = Array.from({ length: 26 }, (_, i) => `<rect x="120" y="${140 + i * 38}" width="${400 + ((i * seed) % 480)}" height="9"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}"><rect width="100%" height="100%" fill="#f4f1e8"/>${lines.join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer();
}

beforeAll(async () => {
  originals.push(await makePage(1240, 1754, 97), await makePage(1754, 1240, 61));
  dossierId = await web.addDossier();
  const files = originals.map((bytes, i) => ({ path: `00${i}.jpg`, byteCount: bytes.length, read: async () => bytes }));
  await importFiles(web.archive, await web.desk(), dossierId, files);
  pageIds = (
    await web.database.systemDb.query<{ id: string }>('select id from page where dossier_id = $1 order by arrival', [dossierId])
  ).map((r) => r.id);
});

type Visitor = Awaited<ReturnType<typeof web.enter>>;

/** The bytes of an answer, as a browser gets them. */
async function take(visitor: Visitor, path: string, body: object, headers: Record<string, string> = {}) {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await web.app.inject({
    method: 'POST',
    url: path,
    headers: { cookie, 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  });
  expect([path, answer.statusCode]).toEqual([path, 200]);
  return { bytes: answer.rawPayload, entryId: String(answer.headers['lantai-entry']), kept: answer.headers['cache-control'] };
}

/** The pictures of a PDF page by page, as they stand in it. */
async function picturesOf(pdf: Uint8Array): Promise<{ size: { width: number; height: number }; jpeg: Uint8Array }[]> {
  const document = await PDFDocument.load(pdf);
  return document.getPages().map((page) => {
    const objects = page.node.Resources()!.lookup(PDFName.of('XObject'), PDFDict);
    const [[, reference]] = objects.entries() as [[PDFName, Parameters<typeof document.context.lookup>[0]]];
    return { size: page.getSize(), jpeg: (document.context.lookup(reference) as PDFRawStream).contents };
  });
}

/** A page of a PDF as paper shows it, margins and all, at 144 dots an inch. */
async function renderPage(pdf: Uint8Array, index: number): Promise<Buffer> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(Buffer.from(pdf));
  try {
    const toPng = ({ data, width, height }: { data: Uint8Array; width: number; height: number }) =>
      sharp(data, { raw: { width, height, channels: 4 } })
        .png()
        .toBuffer();
    return Buffer.from((await document.getPage(index).render({ scale: 2, render: toPng })).data);
  } finally {
    document.destroy();
    library.destroy();
  }
}

interface EntryRow {
  id: string;
  kind: string;
  entry: { object?: string; commit?: string; params?: Record<string, string | number> };
}
const entriesOf = (actorId: string, kinds: readonly string[]) =>
  web.database.db.query<EntryRow>(
    `select id, kind, convert_from(bytes, 'UTF8')::jsonb as entry from entry where actor_id = $1 and kind = any($2) order by id`,
    [actorId, kinds],
  );

describe('pages on paper', () => {
  it(
    'bear marks that name their own entry, copy by copy, on paper as the page lies',
    async () => {
      const archivist = await web.enter('archivist', { fondsId: web.fondsId });
      const body = { pageIds, copies: 2, reason: '政审材料附件' };
      const { bytes, entryId, kept } = await take(archivist, `/api/v1/dossiers/${dossierId}/prints`, body, {
        'lantai-purpose': 'political_review',
      });
      expect(kept).toBe('no-store');
      const faces = await picturesOf(bytes);
      expect(faces.map(({ size }) => (size.width > size.height ? 'lies' : 'stands'))).toEqual(['stands', 'lies', 'stands', 'lies']);
      const entries = await entriesOf(archivist.accountId, ['print.made', 'page.printed']);
      expect(entries.map((e) => e.kind)).toEqual(['print.made', 'page.printed', 'page.printed', 'page.printed', 'page.printed']);
      expect(entries[0]).toMatchObject({
        id: entryId,
        entry: { object: dossierId, params: { purpose: 'political_review', pages: 2, copies: 2 } },
      });
      expect(entries.every((e) => e.entry.commit)).toBe(true);
      expect(JSON.stringify(entries)).not.toContain('政审');
      const auditor = await web.desk({ role: 'audit_admin' });
      const nameOf = async (index: number) => {
        const seen = await sharp(await renderPage(bytes, index))
          .jpeg({ quality: 70 })
          .toBuffer();
        const [look] = (await tracePicture(web.archive, auditor, seen)).looks;
        const { params } = entries.find((e) => e.id === look?.entryId)?.entry ?? {};
        return [look?.kind, look?.account?.id, look?.pageId, params?.copy, params?.page, params?.request];
      };
      expect(await nameOf(0)).toEqual(['page.printed', archivist.accountId, pageIds[0], 1, 1, entryId]);
      expect(await nameOf(3)).toEqual(['page.printed', archivist.accountId, pageIds[1], 2, 2, entryId]);
      for (const { jpeg } of faces)
        for (const original of originals) expect(Buffer.from(jpeg).includes(original.subarray(700, 760))).toBe(false);
    },
    SLOW_MS,
  );

  it('say how many faces are too many, and print none then', async () => {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const many = Array.from({ length: 31 }, (_, i) => `${pageIds[0]!.slice(0, -2)}${String(i).padStart(2, '0')}`);
    const refused = await archivist.call('POST', `/api/v1/dossiers/${dossierId}/prints`, { pageIds: many, copies: 2, reason: '核对' });
    expect([refused.status, refused.body.code]).toEqual([422, 'print/too-many']);
    const elsewhere = await web.addDossier();
    const foreign = await archivist.call('POST', `/api/v1/dossiers/${elsewhere}/prints`, { pageIds, reason: '核对' });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'page/not-found']);
    expect((await archivist.call('POST', `/api/v1/dossiers/${dossierId}/prints`, { pageIds, reason: ' ' })).status).toBe(400);
    expect(await web.kindsOf(archivist.accountId)).not.toContain('page.printed');
  });
});

describe('a copy of a page', () => {
  it('is marked at full size, named by its entry, and never the bytes as received', async () => {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const { bytes, entryId } = await take(archivist, `/api/v1/pages/${pageIds[0]}/copies`, { reason: '原件核对' });
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1240, height: 1754 });
    expect(bytes.equals(originals[0]!)).toBe(false);
    const outcome = await tracePicture(web.archive, await web.desk({ role: 'audit_admin' }), bytes);
    expect(outcome.looks).toMatchObject([{ entryId, kind: 'page.copied', pageId: pageIds[0], account: { id: archivist.accountId } }]);
    expect(findViewNumber(outcome.number ?? '')).toBe(numberOfEntry(entryId));
    expect(outcome.number).toBe(formatViewNumber(numberOfEntry(entryId)));
  });
});

describe('a reader with leave to look', () => {
  it('prints and copies only when the consultation says so, and only for its purpose', async () => {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const approver = await web.enter('archivist', { fondsId: web.fondsId });
    const readers = [await web.enter('reader'), await web.enter('reader')];
    const [reader] = readers as [Visitor, Visitor];
    const name = async (rights: string[]) => {
      const made = await archivist.call('POST', '/api/v1/consultations', {
        target: { kind: 'dossier', id: dossierId },
        readers: readers.map((r) => ({ accountId: r.accountId, partyMember: true })),
        rights,
        purposes: ['personnel_decision'],
        fromMs: Date.now() - 60_000,
        untilMs: Date.now() + 3_600_000,
        request: REQUEST,
      });
      expect(made.status).toBe(201);
      expect((await approver.call('POST', `/api/v1/consultations/${made.body.id}/approval`, {})).status).toBe(204);
      for (const r of readers)
        expect((await r.call('POST', `/api/v1/consultations/${made.body.id}/presence`, { notRelated: true })).status).toBe(200);
    };
    const ask = (what: 'view' | 'print' | 'copy', purpose = 'personnel_decision') => {
      const headers = { 'lantai-purpose': purpose };
      if (what === 'view') return reader.call('POST', `/api/v1/pages/${pageIds[0]}/view`, undefined, headers);
      if (what === 'copy') return reader.call('POST', `/api/v1/pages/${pageIds[0]}/copies`, { reason: '任免' }, headers);
      return reader.call('POST', `/api/v1/dossiers/${dossierId}/prints`, { pageIds: [pageIds[0]], reason: '任免' }, headers);
    };
    const statuses = async (purpose?: string) => [
      (await ask('view', purpose)).status,
      (await ask('print', purpose)).status,
      (await ask('copy', purpose)).status,
    ];
    await name(['view']);
    expect(await statuses()).toEqual([200, 404, 404]);
    await name(['view', 'print']);
    expect(await statuses()).toEqual([200, 200, 404]);
    expect(await statuses('talent')).toEqual([404, 404, 404]);
  });

  it('may look at what is secret and take nothing of it', async () => {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const owner = await web.enter('trial_owner');
    const secret = await web.addDossier();
    await web.importPages(secret, ['s.png']);
    const edited = await owner.call('POST', '/api/v1/dossiers/bulk-edits', { dossierIds: [secret], change: { level: 2 } });
    expect(edited.body.changed).toBe(1);
    const page = await web.database.systemDb.one<{ id: string }>('select id from page where dossier_id = $1', [secret]);
    expect((await archivist.call('POST', `/api/v1/pages/${page?.id}/view`)).status).toBe(200);
    const taken = [
      await archivist.call('POST', `/api/v1/dossiers/${secret}/prints`, { pageIds: [page?.id], reason: '核对' }),
      await archivist.call('POST', `/api/v1/pages/${page?.id}/copies`, { reason: '核对' }),
    ];
    expect(taken.map((a) => a.status)).toEqual([404, 404]);
  });
});
