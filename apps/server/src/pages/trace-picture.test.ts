import { findViewNumber, formatViewNumber, numberOfEntry } from '@lantai/marks';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Actor, openDesk } from '../desk/index.ts';
import { importFiles } from '../ingest/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { PageImages } from './page-images.ts';
import { traceNumber, tracePicture } from './trace-picture.ts';
import { openThumbnails, viewPage } from './view-page.ts';

const fixture = useArchive();

/** A page with lines of writing, A4 at 150 dpi. */
async function makePage(): Promise<Buffer> {
  const lines = Array.from({ length: 40 }, (_, i) => `<rect x="120" y="${140 + i * 38}" width="${500 + ((i * 97) % 480)}" height="9"/>`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1240" height="1754"><rect width="1240" height="1754" fill="#f4f1e8"/>${lines.join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer();
}

let dossierId: string;
let pageId: string;
let original: Buffer;
let auditor: Actor;
let clerk: Actor;
let images: PageImages;
const deskOf = (actor: Actor) => openDesk(fixture.archive, actor, 'verification');

/** What the clerk sees of the page, whole, as a file saved off a screen. */
async function screenshot(rotation = '0'): Promise<{ entryId: string; jpeg: Buffer }> {
  const look = await viewPage(fixture.archive, await openDesk(fixture.archive, clerk, 'archive_work'), pageId, null);
  const at = { dossierId, pageId, turned: 0 as const, widthPx: look.widthPx, heightPx: look.heightPx };
  const parts = { region: 'full', size: '900,', rotation, qualityFormat: 'default.jpg' };
  const tile = await images.tile(at, parts, { entryId: look.entryId, name: 'clerk', utcOffsetMinutes: 480 });
  return { entryId: look.entryId, jpeg: await sharp(tile.bytes).jpeg({ quality: 60 }).toBuffer() };
}

beforeAll(async () => {
  const { archive } = fixture;
  images = new PageImages(archive);
  auditor = await fixture.addAccount({ role: 'audit_admin' });
  clerk = await fixture.addAccount({ role: 'unit_clerk', unitId: fixture.rootUnitId });
  dossierId = await fixture.addDossier();
  original = await makePage();
  const file = { path: '001.jpg', byteCount: original.length, read: async () => original };
  await importFiles(archive, await fixture.desk(), dossierId, [file]);
  const [page] = await fixture.database.systemDb.query<{ id: string }>('select id from page where dossier_id = $1', [dossierId]);
  pageId = page?.id ?? '';
});

describe('a picture that turns up outside', () => {
  it('names the look: account, time, page and entry', async () => {
    const { entryId, jpeg } = await screenshot();
    const outcome = await tracePicture(fixture.archive, await deskOf(auditor), jpeg);
    expect(outcome.number).toBe(formatViewNumber(numberOfEntry(entryId)));
    expect(outcome.looks).toMatchObject([{ entryId, kind: 'page.viewed', pageId, account: { id: clerk.accountId } }]);
    expect(outcome.looks[0]?.atMs).toBe(outcome.atMs);
  });

  it('is named when it was turned, or cut to a part', async () => {
    const turned = await screenshot('90');
    expect((await tracePicture(fixture.archive, await deskOf(auditor), turned.jpeg)).looks[0]?.entryId).toBe(turned.entryId);
    const { entryId, jpeg } = await screenshot();
    const part = await sharp(jpeg).extract({ left: 113, top: 301, width: 500, height: 700 }).jpeg({ quality: 60 }).toBuffer();
    expect((await tracePicture(fixture.archive, await deskOf(auditor), part)).looks[0]?.entryId).toBe(entryId);
  });

  it('names nobody when it carries no mark, and says so in the log', async () => {
    const outcome = await tracePicture(fixture.archive, await deskOf(auditor), original);
    expect(outcome).toEqual({ number: null, atMs: null, looks: [], entryId: expect.any(String) });
    const rows = await fixture.database.db.query<{ actor_id: string }>("select actor_id from entry where kind = 'picture.traced'");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((r) => r.actor_id === auditor.accountId)).toBe(true);
  });

  it('is traced by nobody who may not read the log, and what is no picture by nobody', async () => {
    await expect(tracePicture(fixture.archive, await deskOf(clerk), original)).rejects.toThrow('desk/not-allowed');
    await expect(traceNumber(fixture.archive, await deskOf(clerk), 1n)).rejects.toThrow('desk/not-allowed');
    await expect(tracePicture(fixture.archive, await deskOf(auditor), Buffer.from('no picture'))).rejects.toThrow('trace/no-picture');
  });
});

describe('a number typed off the visible mark', () => {
  it('names the look at a page or at thumbnails', async () => {
    const desk = await openDesk(fixture.archive, clerk, 'archive_work');
    const look = await openThumbnails(fixture.archive, desk, dossierId, null);
    const typed = formatViewNumber(numberOfEntry(look.entryId)).toLowerCase();
    const outcome = await traceNumber(fixture.archive, await deskOf(auditor), findViewNumber(typed));
    expect(outcome.looks).toMatchObject([{ entryId: look.entryId, kind: 'thumbnails.viewed', pageId: null }]);
  });

  it('names nobody when the log does not hold that look, or the entry is none of a look', async () => {
    const made = await fixture.database.db.query<{ id: string }>(
      "select id from entry where kind not in ('page.viewed', 'thumbnails.viewed')",
    );
    const outcome = await traceNumber(fixture.archive, await deskOf(auditor), numberOfEntry(made[0]?.id ?? ''));
    expect(outcome.number).not.toBeNull();
    expect(outcome.looks).toEqual([]);
  });
});
