/**
 * What the entry of a look costs: a look at a page and its first tile, on pages of real scans, in turns with the entry appended and without it, in one run:
 *
 *   node --import tsx bench/look.ts [--pages 40] [--data DIR] [--rounds 60]
 *
 * The switch stands here alone: a desk whose transaction does everything but append, and names an entry of before. The sequencer runs as in a server,
 * so that ordering, hashing and signing what was appended is in the CPU. Bar of issue 3: ≤ 15 % of the time of a page view. Linux only (/proc).
 * Build first: `node tools/build.mjs`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Desk, type DeskTx, importFiles, openDesk, PageImages, redeemView, viewPage } from '@lantai/server';
import { median, pageFiles, ROOT, readScans, serveNewArchive } from './served-archive.ts';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '40' },
    data: { type: 'string', default: join(ROOT, 'samples') },
    rounds: { type: 'string', default: '60' },
  },
});
const [PAGES, ROUNDS] = [Number(values.pages), Number(values.rounds)];
/** Rounds before the measured ones. */
const WARMING = 6;
/** Looks in a row, as of a few people at work: they share the rounds of the log. */
const BLOCK = 10;
const BAR = 0.15;

const scans = readScans(values.data);

/** User and system CPU so far, in ms, of this process and of all that it started: decoders and PostgreSQL with its children. */
function cpuMs(): number {
  const processes = new Map<number, { parent: number; ms: number }>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      // Fields 4, 14 and 15 of proc(5): parent, user and system time in hundredths of a second.
      processes.set(Number(pid), { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * 10 });
    } catch {
      // Ended since it was listed.
    }
  const isOurs = (pid: number): boolean => pid === process.pid || (processes.has(pid) && isOurs(processes.get(pid)!.parent));
  return [...processes].reduce((sum, [pid, { ms }]) => sum + (isOurs(pid) ? ms : 0), 0);
}

/** A desk that appends nothing and says that it did: what a look would cost in a program without a log. */
function withoutAppending(desk: Desk, entryId: string): Desk {
  const mute = (tx: DeskTx): DeskTx => ({ ...tx, log: async () => entryId, logMany: async (acts) => acts.map(() => entryId) });
  return {
    ...desk,
    tx: (work) => desk.tx((tx) => work(mute(tx))),
    act: (action, work) => desk.act(action, (tx, scope) => work(mute(tx), scope)),
  };
}

const { web, owner: actor, desk, makeDossier, close } = await serveNewArchive();
try {
  const { archive } = web;
  const dossierId = await makeDossier('B1');
  const files = pageFiles(scans, PAGES, (page) => `${String(page).padStart(3, '0')}.jpg`);
  const { pages } = await importFiles(archive, desk, dossierId, files);
  if (pages !== PAGES) throw new Error(`received ${pages} of ${PAGES}`);
  const pageIds = await desk.sql.query<{ id: string }>('select id from page where dossier_id = $1 order by arrival', [dossierId]);

  /** A look and its first tile, the whole page small, as the viewer asks for it. A new cache of images knows no page: it is decoded. */
  async function look(images: PageImages, pageId: string, entryId: string | null): Promise<{ lookMs: number; wholeMs: number }> {
    const start = performance.now();
    const opened = await openDesk(archive, actor, 'archive_work');
    const view = await viewPage(archive, entryId === null ? opened : withoutAppending(opened, entryId), pageId, null);
    const lookMs = performance.now() - start;
    const at = await redeemView(archive, view.token, actor, null);
    const [w, h] = [view.widthPx, view.heightPx].map((px) => Math.min(px, 2048)) as [number, number];
    const request = {
      region: `0,0,${w},${h}`,
      size: `${Math.ceil(w / 4)},${Math.ceil(h / 4)}`,
      rotation: '0',
      qualityFormat: 'default.jpg',
    };
    await images.tile({ ...at.page!, dossierId }, request, { entryId: at.entryId, name: 'bench', utcOffsetMinutes: at.utcOffsetMinutes });
    return { lookMs, wholeMs: performance.now() - start };
  }

  console.log(
    JSON.stringify({
      pages: PAGES,
      rounds: ROUNDS,
      cores: availableParallelism(),
      load: Number((loadavg()[0] ?? 0).toFixed(1)),
      node: process.version,
    }),
  );
  // Each look names an entry of its own, appended or of before: its marks are drawn anew either way.
  const standing: string[] = [];
  for (let n = 0; n < 2 * (ROUNDS + WARMING); n++) standing.push((await viewPage(archive, desk, pageIds[0]!.id, null)).entryId);
  const kept = new PageImages(archive);
  for (const [what, imagesOf] of [
    ['a page already decoded', () => kept],
    ['a page to be decoded', () => new PageImages(archive)],
  ] as const) {
    const taken = {
      without: { look: [] as number[], whole: [] as number[], cpu: 0 },
      with: { look: [] as number[], whole: [] as number[], cpu: 0 },
    };
    const lookAt = (n: number, side: 'with' | 'without') =>
      look(imagesOf(), pageIds[n % (what === 'a page already decoded' ? 4 : PAGES)]!.id, side === 'with' ? null : standing.pop()!);
    for (let n = 0; n < WARMING; n++) await lookAt(n, n % 2 ? 'with' : 'without');
    for (let block = 0; block < ROUNDS / BLOCK; block++)
      for (const side of block % 2 ? (['with', 'without'] as const) : (['without', 'with'] as const)) {
        const before = cpuMs();
        for (let n = 0; n < BLOCK; n++) {
          const { lookMs, wholeMs } = await lookAt(block * BLOCK + n, side);
          taken[side].look.push(lookMs);
          taken[side].whole.push(wholeMs);
        }
        // The log orders what was appended: both sides wait for it, and only one has made it work.
        await archive.db.query('select pg_sleep(0.6)');
        taken[side].cpu += cpuMs() - before;
      }
    const [a, b] = [taken.without, taken.with];
    const row = (name: string, x: number, y: number) =>
      console.log(`  ${name.padEnd(22)} ${x.toFixed(1).padStart(8)} ${y.toFixed(1).padStart(8)}   + ${(100 * (y / x - 1)).toFixed(0)} %`);
    console.log(`${what}: ms without, with the entry`);
    row('the look alone', median(a.look), median(b.look));
    row('look and first tile', median(a.whole), median(b.whole));
    row('CPU, log included', a.cpu / ROUNDS, b.cpu / ROUNDS);
    console.log(`  ${median(b.whole) / median(a.whole) <= 1 + BAR ? 'reached' : 'MISSED '} ≤ ${100 * BAR} % of the page view`);
  }
} finally {
  await close();
}
