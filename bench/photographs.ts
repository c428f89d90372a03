// Sheets found on made photographs, with exact corners; and how much worse a photograph laid flat is read than the page itself.
//   node --import tsx bench/photographs.ts [--count 180] [--seed 1] [--long 2000] [--kinds plain,cut] [--save FOLDER] [--read 0]
// A page counts as found when each corner lies within a hundredth of the picture's diagonal of the true one. Seeds from 1000 on are held out: nothing
// was tuned on them. `--read N` lays N photographs of 4,000 px flat and reads them as well as the pages that they show.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Rgb } from '@lantai/reading';
import { type Corners, distance, findSheet, type SheetSearch, SURE_01 } from '@lantai/reading/photo';
import sharp from 'sharp';
import { readPairs } from './photographs/read-pairs.ts';
import { KINDS, type Kind, photograph } from './photographs/scene.ts';
import { listScans, makeChance } from './trace/leak.ts';

const { values: args } = parseArgs({
  options: {
    count: { type: 'string', default: '180' },
    seed: { type: 'string', default: '1' },
    long: { type: 'string', default: '2000' },
    kinds: { type: 'string', default: KINDS.join(',') },
    save: { type: 'string' },
    read: { type: 'string', default: '0' },
    verbose: { type: 'boolean' },
  },
});
const ROOT = join(import.meta.dirname, '..');
const seed = Number(args.seed);
const pages = listScans(ROOT, ['samples', '../shared/samples/dossiers', '../shared/samples/dossiers2']).map((s) => s.file);
const kinds = args.kinds.split(',') as Kind[];
const NEAR_01 = 0.01;

const decode = async (from: string | Uint8Array): Promise<Rgb> => {
  const { data, info } = await sharp(from)
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
};

/** What a camera and its file do to the light that came in. */
async function expose({ data, width, height }: Rgb, chance: () => number): Promise<Uint8Array> {
  const scale = Math.max(width, height) / 2000;
  const grain = 1 + chance() * 4;
  for (let i = 0; i < data.length; i++) data[i] = Math.max(0, Math.min(255, data[i]! + grain * (chance() + chance() + chance() - 1.5)));
  const soft = sharp(data, { raw: { width, height, channels: 3 } }).blur(Math.max(0.35, (0.35 + chance() * 0.8) * scale));
  return soft.jpeg({ quality: 60 + Math.floor(chance() * 33) }).toBuffer();
}

interface Trial {
  readonly kind: Kind;
  readonly isRight: boolean;
  readonly search: SheetSearch;
  readonly worst01: number;
}

/** The corners in whichever of their four orders fits best: which one is first the finder says by the picture, the truth by the page. */
function worstOf(found: Corners, truth: Corners, diagonal: number): number {
  const worst = [0, 1, 2, 3].map((by) => Math.max(...found.map((p, i) => distance(p, truth[(i + by) % 4]!))));
  return Math.min(...worst) / diagonal;
}

function judge(kind: Kind, search: SheetSearch, truth: readonly Corners[], diagonal: number): Trial {
  const worst01 = search.kind === 'found' && truth[0] ? worstOf(search.corners, truth[0], diagonal) : 1;
  // A sheet over the edge must be told so or left to a person; two must be told; of none nothing sure may be said.
  const isUnsure = search.kind !== 'found' || search.confidence01 < SURE_01;
  const isRight =
    kind === 'cut'
      ? isUnsure || search.sidesCut > 0
      : kind === 'two' || kind === 'none'
        ? isUnsure
        : search.kind === 'found' && worst01 <= NEAR_01;
  return { kind, isRight, search, worst01 };
}

async function runCorners(): Promise<void> {
  const trials: Trial[] = [];
  let cpuMs = 0;
  if (args.save) mkdirSync(args.save, { recursive: true });
  for (let i = 0; i < Number(args.count); i++) {
    const chance = makeChance(seed * 100_000 + i);
    const kind = kinds[i % kinds.length]!;
    const page = await decode(pages[Math.floor(chance() * pages.length)]!);
    const made = photograph(page, kind, chance, Number(args.long));
    const jpeg = await expose(made.image, chance);
    const image = await decode(jpeg);
    const began = process.cpuUsage();
    const search = findSheet(image);
    const used = process.cpuUsage(began);
    cpuMs += (used.user + used.system) / 1000;
    const trial = judge(kind, search, made.sheets, Math.hypot(image.width, image.height));
    trials.push(trial);
    if (args.verbose)
      console.log(
        `${i} ${kind} ${search.kind} ${search.kind === 'found' ? search.confidence01.toFixed(2) : ''} ${trial.worst01.toFixed(4)} ${trial.isRight ? '' : 'WRONG'}`,
      );
    if (args.save && !trial.isRight) await save(jpeg, i, trial, made.sheets);
  }
  for (const kind of kinds) {
    const own = trials.filter((t) => t.kind === kind);
    console.log(`${kind.padEnd(8)} right ${own.filter((t) => t.isRight).length} of ${own.length}`);
  }
  const one = trials.filter((t) => !['cut', 'two', 'none'].includes(t.kind));
  const sure = trials.filter((t) => t.search.kind === 'found' && t.search.confidence01 >= SURE_01 && t.search.sidesCut === 0);
  const sureRight = sure.filter((t) => t.worst01 <= NEAR_01).length;
  console.log(`one whole sheet: found within 1 % of the diagonal ${share(one.filter((t) => t.isRight).length, one.length)}`);
  console.log(
    `sure (${SURE_01}): ${share(sure.filter((t) => one.includes(t)).length, one.length)} of one whole sheet; right of all that was said to be sure ${share(sureRight, sure.length)}`,
  );
  console.log(`CPU ${(cpuMs / trials.length).toFixed(0)} ms a photograph of ${args.long} px`);
}

const share = (n: number, of: number) => `${((100 * n) / Math.max(1, of)).toFixed(1)} % (${n} of ${of})`;

async function save(jpeg: Uint8Array, i: number, { kind, search, worst01 }: Trial, truth: readonly Corners[]): Promise<void> {
  const drawn = (corners: Corners, colour: string) =>
    `<polygon points="${corners.map((p) => `${p.x},${p.y}`).join(' ')}" fill="none" stroke="${colour}" stroke-width="6"/>`;
  const { width, height } = await sharp(jpeg).metadata();
  const found = search.kind === 'found' ? [search.corners] : search.kind === 'several' ? search.sheets : [];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${truth.map((c) => drawn(c, 'lime'))}${found.map((c) => drawn(c, 'red'))}</svg>`;
  const said = search.kind === 'found' ? `${search.confidence01.toFixed(2)}-${worst01.toFixed(3)}` : search.kind;
  const picture = await sharp(jpeg)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 70 })
    .toBuffer();
  writeFileSync(
    join(args.save!, `${String(i).padStart(3, '0')}-${kind}-${said}.jpg`),
    await sharp(picture).resize({ width: 480 }).jpeg().toBuffer(),
  );
}

if (Number(args.read) > 0) await readPairs(ROOT, pages, seed, Number(args.read), decode, expose);
else await runCorners();
