// How much worse a photograph laid flat is read than the scan that it shows: every piece of true text is looked for in both readings.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createOcrEngine } from '@lantai/ocr-onnx';
import type { Rgb } from '@lantai/reading';
import { findSheet, layFlat, markCorners, planFlat } from '@lantai/reading/photo';
import sharp from 'sharp';
import { makeChance } from '../trace/leak.ts';
import { type Kind, photograph } from './scene.ts';

/** Kinds on which one whole sheet is seen. */
const WHOLE: readonly Kind[] = ['plain', 'clutter', 'pale', 'shadow', 'turned'];
const LONG_SIDE_PX = 4000;
const QUALITY = 90;

interface Piece {
  readonly text: string;
  readonly hand: boolean;
}

/** The true text of a page by its file. */
function readTruth(pages: readonly string[]): Map<string, readonly Piece[]> {
  const out = new Map<string, readonly Piece[]>();
  for (const folder of new Set(pages.map((p) => dirname(dirname(p))))) {
    const file = join(folder, 'truth.json');
    if (!existsSync(file)) continue;
    const truth = JSON.parse(readFileSync(file, 'utf8')) as { dossiers: { pages: { file: string; nodes: Piece[] }[] }[] };
    for (const dossier of truth.dossiers) for (const page of dossier.pages) out.set(join(folder, page.file), page.nodes);
  }
  return out;
}

/** The least number of characters to change for `text` to stand somewhere in `line`. */
function offBy(text: string, line: string): number {
  let row = new Array<number>(line.length + 1).fill(0);
  for (let i = 1; i <= text.length; i++) {
    const next = [i];
    for (let j = 1; j <= line.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (text[i - 1] === line[j - 1] ? 0 : 1)));
    row = next;
  }
  return Math.min(...row);
}

const bare = (text: string) => text.replace(/\s+/g, '');

/** Reads `count` made photographs, and prints the share of wrong characters of print and handwriting on scan and photograph. */
export async function readPairs(
  root: string,
  pages: readonly string[],
  seed: number,
  count: number,
  decode: (from: string | Uint8Array) => Promise<Rgb>,
  expose: (image: Rgb, chance: () => number) => Promise<Uint8Array>,
): Promise<void> {
  const truth = readTruth(pages);
  const known = pages.filter((p) => truth.has(p));
  if (known.length === 0) throw new Error('../shared/samples is not here: no page with its true text to read');
  const engine = await createOcrEngine({ modelFolder: join(root, 'dist/models') });
  const tally = { scan: { print: [0, 0], hand: [0, 0] }, photo: { print: [0, 0], hand: [0, 0] } } as Record<
    'scan' | 'photo',
    Record<'print' | 'hand', [number, number]>
  >;
  let lost = 0;
  for (let i = 0; i < count; i++) {
    const chance = makeChance(seed * 100_000 + 50_000 + i);
    const file = known[Math.floor(chance() * known.length)]!;
    const scan = await decode(file);
    const made = await expose(photograph(scan, WHOLE[i % WHOLE.length]!, chance, LONG_SIDE_PX).image, chance);
    const seen = await decode(made);
    const search = findSheet(seen);
    if (search.kind !== 'found') {
      lost++;
      continue;
    }
    const flat = layFlat(seen, planFlat(markCorners(search.corners, seen), seen, 'A4'));
    const jpeg = await sharp(flat.data, { raw: { width: flat.width, height: flat.height, channels: 3 } })
      .jpeg({ quality: QUALITY })
      .toBuffer();
    const [asScan, asPhoto] = [await linesOf(engine, readFileSync(file)), await linesOf(engine, jpeg)];
    const wrong = { scan: 0, photo: 0, of: 0 };
    for (const piece of truth.get(file)!) {
      const text = bare(piece.text);
      if (!text) continue;
      for (const [name, lines] of [
        ['scan', asScan],
        ['photo', asPhoto],
      ] as const) {
        const off = Math.min(text.length, ...lines.map((line) => offBy(text, line)));
        const sum = tally[name][piece.hand ? 'hand' : 'print'];
        sum[0] += off;
        sum[1] += text.length;
        wrong[name] += off;
      }
      wrong.of += text.length;
    }
    console.log(
      `${basename(dirname(file))}/${basename(file)}  ${WHOLE[i % WHOLE.length]}  ${flat.width} × ${flat.height}  wrong of ${wrong.of}: scan ${wrong.scan}, photograph ${wrong.photo}`,
    );
  }
  const share = ([n, of]: readonly [number, number]) => `${((100 * n) / Math.max(1, of)).toFixed(2)} %`;
  for (const name of ['scan', 'photo'] as const)
    console.log(`${name.padEnd(6)} print ${share(tally[name].print)}  handwriting ${share(tally[name].hand)}`);
  if (lost) console.log(`no sheet found on ${lost}`);
  await engine.close();
}

async function linesOf(engine: Awaited<ReturnType<typeof createOcrEngine>>, bytes: Uint8Array): Promise<string[]> {
  const { lines } = await engine.read({ bytes });
  // A piece may have been read in two lines: neighbours together count as well.
  const texts = lines.map((l) => bare(l.text));
  return [...texts, ...texts.slice(1).map((t, i) => texts[i]! + t)];
}
