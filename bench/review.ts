/**
 * Keystrokes and time of reviewing a dossier of about 100 pages at the desk, by keyboard alone, through the real server and a real browser:
 *
 *   node --import tsx bench/review.ts [--pages 100] [--data DIR,DIR] [--errors 1]
 *
 * Dossiers of one scheme are joined into one person's (their truth.json, their scans); nothing is recognised: readings are made of the truth as
 * `npm run eval:simulate` makes them, characters misread `--errors` times the rates measured. The product lays its proposals by itself. Then, as an
 * archivist would: `e` confirms all that is sure and goes on to what is not; each left material is confirmed by Enter as proposed, or typed from the
 * truth first where class, title or date differ from it. A person's reading and thinking take no time here: seconds are the machine's, from the
 * key of an act to the desk's new state (the page's own image is not waited for). A character typed is one key, whatever an input method takes for
 * it, and so is a chord. Signing in and opening the dossier are not counted.
 *
 * Measured on 105 pages of six dossiers (2 cores, load 7.3): 79 materials, 58 sure at once, 21 left, of them 2 corrected; 52 keys in all,
 * 0.66 a material, against at least 19.6 typed (12.2 with titles taken from the list); machine time 14.6 s: `e` 1.7 s, a confirming key 0.6 s.
 * Pages of six people under one name are harder than one person's and readings made of a truth are easier than a worn page's: no forecast of either.
 *
 * Beside it a lower bound of an archivist without proposals: the keys to type class, title and date of each material at the same desk.
 * Build first: `node tools/build.mjs`. Exits 1 when a material stays unconfirmed.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadScheme } from '@lantai/catalogue';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../test/browser.ts';
import { joinDossiers, layDossier, readView, type TrueMaterial } from './review-dossier.ts';
import { countTypedKeys, Keyboard } from './review-keys.ts';
import { median, ROOT, type ServedArchive, serveNewArchive } from './served-archive.ts';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '100' },
    data: { type: 'string', default: `${join(ROOT, '../shared/samples/dossiers')},${join(ROOT, '../shared/samples/dossiers2')}` },
    errors: { type: 'string', default: '1' },
  },
});
const SCHEME = 'cadre-2018';
/** Whose dossier `makeDossier` makes. */
const SUBJECT = '卞量';
/** How long a key may take to have an effect on a busy machine, before it counts as having none. */
const PATIENCE_MS = 60_000;

type View = Awaited<ReturnType<typeof readView>>;
type Shown = View['materials'][number];
const FACTS = ['classCode', 'title', 'date'] as const;

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const log = (what: string, figure: string | number) => console.log(`${what.padEnd(52)} ${figure}`);

/** The truth of a material as the desk shows it, by its pages; null when no true material has just these. */
function pairTruth(view: View, truth: readonly TrueMaterial[]): (material: Shown) => TrueMaterial | null {
  const fileOf = new Map(view.pages.map((page) => [page.id, page.fileName]));
  const keyOf = (files: readonly string[]) => [...files].sort().join(' ');
  const byPages = new Map(truth.map((t) => [keyOf(t.pages), t]));
  return (material) => byPages.get(keyOf(material.pageIds.map((id) => fileOf.get(id) ?? ''))) ?? null;
}

const differing = (material: Shown, truth: TrueMaterial | null) =>
  truth ? FACTS.filter((fact) => (material[fact] ?? null) !== (truth[fact] ?? null)) : [];

async function openDeskPage(archive: ServedArchive, page: Page, dossierId: string): Promise<void> {
  page.setDefaultTimeout(120_000);
  await page.goto('/');
  await page.locator('input[autocomplete=username]').fill(archive.account.name);
  await page.locator('input[autocomplete=current-password]').fill(archive.account.password);
  await page.keyboard.press('Enter');
  await page.locator('.rail').waitFor();
  await page.goto(`/dossiers/${dossierId}`);
  await page.locator('.class-tree .tree-row.material').first().waitFor();
}

/** Types what differs from the truth into the form in hand. */
async function correct(keys: Keyboard, truth: TrueMaterial, wrong: readonly (typeof FACTS)[number][]): Promise<void> {
  for (const fact of wrong) {
    await keys.reach(fact);
    if (fact === 'date') await keys.typeDate(truth.date);
    else if (fact === 'title') {
      await keys.press('Control+A');
      await keys.type(truth.title);
      // The list of titles, open while one is typed, takes Enter and the first Tab for itself: on to the date, where Enter confirms.
      await keys.reach('date');
    } else {
      await keys.type(scheme.classes.find((c) => c.code === truth.classCode)?.display ?? truth.classCode);
      await keys.press('Enter');
    }
  }
}

/** Confirms what is left, one material after another. Rows of the form where Enter alone did not confirm, each with how often. */
async function reviewLeft(keys: Keyboard, view: View, truthOf: (material: Shown) => TrueMaterial | null): Promise<Map<string, number>> {
  const stubborn = new Map<string, number>();
  const byPage = new Map(view.materials.flatMap((m) => m.pageIds.map((id) => [id, m] as const)));
  let seen = await keys.see();
  let passed = 0;
  while (seen.open > 0) {
    const material = byPage.get(seen.pageId ?? view.pages[0]?.id ?? '');
    // A page that lies in no material (blank, fed twice) is passed by: the next place that waits.
    if (!material) {
      if (passed++ > view.pages.length) throw new Error('the next uncertain place is never in a material');
      await keys.press('n');
      seen = await keys.see();
      continue;
    }
    const truth = truthOf(material);
    const wrong = differing(material, truth);
    if (truth) await correct(keys, truth, wrong);
    const row = (await keys.see()).row;
    // Enter in a list of choices opens the list; Escape leaves the form, where Enter confirms.
    if (row === 'classCode') {
      stubborn.set(row, (stubborn.get(row) ?? 0) + 1);
      await keys.press('Escape');
    }
    const next = await keys.settle('Enter', seen, PATIENCE_MS);
    if (!next) throw new Error(`Enter confirmed nothing, the cursor in ${row ?? 'no field'}`);
    seen = next;
  }
  return stubborn;
}

const joined = joinDossiers(
  values.data.split(',').map((folder) => resolve(folder)),
  { pages: Number(values.pages), scheme: SCHEME, name: SUBJECT },
);
const scheme = loadScheme(readFileSync(join(ROOT, 'schemes', `${SCHEME}.yaml`), 'utf8'));
const archive = await serveNewArchive();
try {
  const { dossierId, proposingMs } = await layDossier(archive, joined, Number(values.errors));
  const proposed = await readView(archive, dossierId);
  const truthOf = pairTruth(proposed, joined.materials);
  const loadBefore = loadavg()[0] ?? 0;
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ baseURL: archive.web.url, viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
    const page = await context.newPage();
    await openDeskPage(archive, page, dossierId);
    const keys = new Keyboard(page);
    const before = await keys.see();
    const started = performance.now();
    const afterSure = await keys.settle('e', before, PATIENCE_MS);
    const sureMs = keys.actsMs.shift() ?? 0;
    const left = afterSure?.open ?? before.open;
    const sureWrong = (await readView(archive, dossierId)).materials.filter(
      (m) => m.state === 'confirmed' && differing(m, truthOf(m)).length,
    );
    const stubborn = await reviewLeft(keys, proposed, truthOf);
    const wallMs = performance.now() - started;
    const reviewed = await readView(archive, dossierId);
    const right = reviewed.materials.filter((m) => truthOf(m) && differing(m, truthOf(m)).length === 0).length;
    const typed = joined.materials.map((m) => countTypedKeys(scheme, m));
    const count = reviewed.materials.length;
    console.log(
      JSON.stringify({
        dossiers: joined.of,
        errors: Number(values.errors),
        cores: availableParallelism(),
        load: [loadBefore, loadavg()[0] ?? 0].map((l) => Number(l.toFixed(1))),
        node: process.version,
      }),
    );
    log('pages, of them in no material', `${reviewed.pages.length}, ${reviewed.pages.filter((p) => p.materialId === null).length}`);
    log('materials proposed, in truth', `${count}, ${joined.materials.length}`);
    log('proposals laid by themselves in', `${(proposingMs / 1000).toFixed(1)} s`);
    const differ = proposed.materials.filter((m) => differing(m, truthOf(m)).length > 0).length;
    log('of other pages than in truth', proposed.materials.filter((m) => !truthOf(m)).length);
    log('class, title or date other than in truth, as proposed', differ);
    log('sure at once (one key)', count - left);
    log('… of them other than in truth', sureWrong.length);
    log('left for a person', left);
    log('keystrokes in all, per material', `${keys.count}, ${(keys.count / count).toFixed(2)}`);
    log(
      'without proposals at least, per material',
      `${sum(typed.map((t) => t.whole))}, ${(sum(typed.map((t) => t.whole)) / typed.length).toFixed(2)}`,
    );
    log(
      '… titles taken from the list, per material',
      `${sum(typed.map((t) => t.offered))}, ${(sum(typed.map((t) => t.offered)) / typed.length).toFixed(2)}`,
    );
    log('machine time in all acts', `${((sureMs + sum(keys.actsMs)) / 1000).toFixed(1)} s`);
    log('… the key that confirms all that is sure', `${sureMs.toFixed(0)} ms`);
    log(
      '… a confirming key',
      keys.actsMs.length
        ? `${median(keys.actsMs).toFixed(0)} ms (worst ${Math.max(...keys.actsMs).toFixed(0)} of ${keys.actsMs.length})`
        : 'none',
    );
    log('wall time, the driver with it', `${(wallMs / 1000).toFixed(1)} s`);
    log('equal the truth at the end (class, title, date)', `${right} of ${joined.materials.length}`);
    for (const [row, times] of stubborn) log(`Enter alone did not confirm in ${row}`, times);
    const open = reviewed.materials.filter((m) => m.state !== 'confirmed').length;
    if (open) {
      log('UNCONFIRMED', open);
      process.exitCode = 1;
    }
  } finally {
    await browser.close();
  }
} finally {
  await archive.close();
}
