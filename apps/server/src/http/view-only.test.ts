import { DEFAULT_POLICY } from '@lantai/policy/document';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { importFiles } from '../ingest/index.ts';
import { activatePolicy, draftPolicy } from '../organisation/index.ts';
import { PASSWORD, useWeb } from './testing/web-fixture.ts';

const web = useWeb();

let original: Buffer;
let dossierId: string;
let pageId: string;

beforeAll(async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="620" height="877"><rect width="620" height="877" fill="#f4f1e8"/><rect x="60" y="90" width="400" height="9"/></svg>`;
  original = await sharp(Buffer.from(svg)).png().toBuffer();
  dossierId = await web.addDossier();
  const file = { path: '001.png', byteCount: original.length, read: async () => original };
  await importFiles(web.archive, await web.desk(), dossierId, [file]);
  const [page] = await web.database.systemDb.query<{ id: string }>('select id from page where dossier_id = $1', [dossierId]);
  pageId = page?.id ?? '';
});

type Visitor = Awaited<ReturnType<typeof web.enter>>;

/** The bytes of an image, as a browser gets them. */
async function bytesOf(visitor: Visitor, url: string): Promise<Buffer> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await web.app.inject({ method: 'GET', url, headers: { cookie } });
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.rawPayload;
}

/** Share of the pixels that are not the original's, in light. */
async function changedShare01(image: Buffer): Promise<number> {
  const gray = (bytes: Buffer) => sharp(bytes).removeAlpha().toColourspace('srgb').grayscale().raw().toBuffer();
  const [seen, kept] = await Promise.all([gray(image), gray(original)]);
  expect(seen.length).toBe(kept.length);
  return seen.reduce((n, v, i) => n + (v === kept[i] ? 0 : 1), 0) / kept.length;
}

describe('who may look and not take along', () => {
  it('gets no image without marks, in any size, quality or format', async () => {
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: web.rootUnitId });
    const view = await clerk.call('POST', `/api/v1/pages/${pageId}/view`, {});
    expect(view.status).toBe(200);
    for (const end of ['default.png', 'default.jpg', 'default.webp', 'color.png', 'gray.png', 'bitonal.png']) {
      const image = await bytesOf(clerk, `${view.body.iiif}/full/max/0/${end}`);
      expect(image.includes(original.subarray(40, 90))).toBe(false);
      expect([end, (await changedShare01(image)) > 0.5]).toEqual([end, true]);
    }
    const other = await clerk.call('POST', `/api/v1/dossiers/${dossierId}/thumbnails`, {});
    const again = await clerk.call('POST', `/api/v1/dossiers/${dossierId}/thumbnails`, {});
    const [one, two] = await Promise.all([other, again].map((t) => bytesOf(clerk, `${t.body.base}/${pageId}.jpg`)));
    expect(two && one?.equals(two)).toBe(false);
  });

  it('gets the same tile from a page that is opened for it as from one that is open', async () => {
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: web.rootUnitId });
    const images = [];
    const scan = await sharp(original).resize(600).png().toBuffer();
    const cold = await web.addDossier();
    await importFiles(web.archive, await web.desk(), cold, [{ path: '1.png', byteCount: scan.length, read: async () => scan }]);
    const [page] = await web.database.systemDb.query<{ id: string }>('select id from page where dossier_id = $1', [cold]);
    const view = await clerk.call('POST', `/api/v1/pages/${page?.id}/view`, {});
    for (let round = 0; round < 2; round++)
      images.push(
        await sharp(await bytesOf(clerk, `${view.body.iiif}/40,60,200,180/max/0/default.png`))
          .raw()
          .toBuffer(),
      );
    const [first, second] = images as [Buffer, Buffer];
    expect(first.length).toBe(200 * 180 * 3);
    expect(first.reduce((sum, v, i) => sum + Math.abs(v - second[i]!), 0) / first.length).toBeLessThan(0.5);
  });

  it('is refused the original, which leaves as received for whoever may download, as an entry', async () => {
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: web.rootUnitId });
    const refused = await clerk.call('POST', `/api/v1/pages/${pageId}/original`, {});
    expect([refused.status, refused.body.code]).toEqual([403, 'desk/not-allowed']);
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    expect((await archivist.call('POST', `/api/v1/pages/${pageId}/original`, {})).status).toBe(200);
    expect(await web.kindsOf(archivist.accountId)).toContain('page.downloaded');
    expect(await web.kindsOf(clerk.accountId)).not.toContain('page.downloaded');
  });

  it('leaves unmarked only for who has just shown the password: the original, a catalogue sheet', async () => {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const takings = [
      () => archivist.call('POST', `/api/v1/pages/${pageId}/original`, {}),
      () => archivist.call('POST', `/api/v1/dossiers/${dossierId}/catalogue-sheets`, { format: 'xlsx' }),
    ];
    web.moveClock(6 * 60_000);
    for (const take of takings) expect((await take()).body).toMatchObject({ status: 403, code: 'session/fresh-needed' });
    expect(await web.kindsOf(archivist.accountId)).not.toEqual(expect.arrayContaining(['page.downloaded']));
    expect((await archivist.call('POST', '/api/v1/session/fresh', { password: PASSWORD })).status).toBeLessThan(300);
    for (const take of takings) expect((await take()).status).toBe(200);
  });

  it('sees, under a policy that opens pages for one purpose, the images of looks for it alone', async () => {
    const keeper = await web.desk({ role: 'security_admin' });
    const looks =
      'actions: [dossier.list, dossier.read, page.view, search, sensitive.reveal, custody.read, receipt.make]\n    organisations: own-subtree';
    const narrow = DEFAULT_POLICY.replace(looks, `${looks}\n    purposes: [verification]`);
    const version = await draftPolicy(keeper, narrow);
    await activatePolicy(keeper, version, 0);
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: web.rootUnitId });
    const look = (purpose: string) => clerk.call('POST', `/api/v1/pages/${pageId}/view`, {}, { 'lantai-purpose': purpose });
    expect((await look('archive_work')).status).toBe(403);
    const view = await look('verification');
    expect(view.status).toBe(200);
    // An image is asked for by the browser alone, which names no purpose: the look has.
    expect((await bytesOf(clerk, `${view.body.iiif}/full/max/0/default.jpg`)).length).toBeGreaterThan(1000);
    await activatePolicy(keeper, 0, version);
    expect((await look('archive_work')).status).toBe(200);
  });
});
