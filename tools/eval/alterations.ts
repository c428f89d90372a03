// npm run eval:alterations -- --data DIR [--data DIR] [--seed 1] [--each 60] [--list] [--keep FOLDER]
// Alters one figure of a date or a number on clean pages (overwritten, scraped and written anew, a stroke added, covered with fluid, struck through) and asks
// @lantai/reading/alteration for hints; then asks for hints on every untouched date, number and name of the same pages. DIR as for eval:defects.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { decodePage } from '@lantai/ocr-onnx';
import { ALTERATION_CODES, type AlterationHint, findAlterations, type PageLie } from '@lantai/reading/alteration';
import { ALTERED_KINDS, altered, type Spot } from './defects/altered.ts';
import { Chance } from './defects/chance.ts';
import { CLEAN, plant } from './defects/kinds.ts';
import { encode, openPicture } from './defects/picture.ts';
import { listSources, type SourcePage } from './defects/source.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    each: { type: 'string', default: '60' },
    list: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
if (!values.data?.length) {
  console.error('usage: npm run eval:alterations -- --data DIR [--data DIR] [--seed 1] [--each 60] [--list] [--keep FOLDER]');
  process.exit(2);
}
/** Dates, identity numbers, names: what key facts rest on. */
const FIELD = /^(\d{4}年\d{1,2}月(\d{1,2}日)?|\d{4}[.-]\d{1,2}([.-]\d{1,2})?|\d{6}|\d{17}[\dX]|[\p{Script=Han}]{2,4})$/u;
const sources = values.data.flatMap((d) => listSources(resolve(d))).filter((s) => s.orientation === 0);
let lookedMs = 0;
let looked = 0;
await scoreAltered();
await scoreUntouched();
console.log(`${(lookedMs / Math.max(1, looked)).toFixed(2)} ms of CPU a field, decoding left out`);

async function scoreAltered(): Promise<void> {
  console.log('| altered | fields | hinted | by code |\n|---|---|---|---|');
  for (const kind of ALTERED_KINDS) {
    const chance = new Chance(Number(values.seed) * 6151 + kind.length);
    const codes = new Map<string, number>();
    let found = 0;
    for (let i = 0; i < Number(values.each); ) {
      const source = chance.pick(sources);
      const fields = source.writing.filter((w) => /\d{4}/.test(w.text) && FIELD.test(w.text));
      if (!fields.length) continue;
      const field = chance.pick(fields);
      const sheet = await openPicture(readFileSync(source.path), chance.pick([200, 200, 300]));
      const characters = spotsOf(source, field, sheet.dpi);
      const figures = characters.filter((c) => /\d/.test(c.text));
      const one = chance.pick(figures);
      const made = await altered(sheet, chance, kind, fieldSpot(characters), one.spot, one.text);
      const bytes = await encode(made, chance.whole(70, 93));
      if (values.keep) keep(`${kind}-${i}`, bytes);
      const hints = await hintsOf(bytes, source, [{ ...field, scale: sheet.dpi / 300 }], chance);
      if (hints.length) found++;
      else if (values.list) console.log(`missed ${kind} ${source.path} ${field.text} at ${one.text}`);
      for (const code of new Set(hints.map((h) => h.code))) codes.set(code, (codes.get(code) ?? 0) + 1);
      i++;
    }
    console.log(`| ${kind} | ${values.each} | ${found} | ${ALTERATION_CODES.map((c) => `${c} ${codes.get(c) ?? 0}`).join(', ')} |`);
  }
}

/** Untouched fields, on pages as they are and on pages pressed, stained, re-lit and shown through. */
async function scoreUntouched(): Promise<void> {
  console.log('| untouched pages | fields | with a hint | by code |\n|---|---|---|---|');
  const totals = { fields: 0, wrong: 0 };
  for (const name of [
    'plain',
    'pressed hard',
    'paper and holes',
    'white by the scanner',
    '200 dpi',
    'shows through',
    'coloured paper',
    'grainy',
    'uneven light',
  ]) {
    const chance = new Chance(Number(values.seed) * 4201 + name.length);
    const codes = new Map<string, number>();
    let [fields, wrong] = [0, 0];
    for (const source of sources.filter((_, i) => name === 'plain' || i % 8 === name.length % 8)) {
      const kind = CLEAN[name];
      const planted = kind && (await plant(name, kind, source, chance));
      if (!planted) continue;
      const decoded = await decodePage(planted.bytes);
      for (const field of source.writing.filter((w) => FIELD.test(w.text))) {
        const hints = look(decoded, source, { ...field, scale: Math.min(decoded.image.width, decoded.image.height) / 2480 }, chance);
        fields++;
        if (!hints.length) continue;
        wrong++;
        if (values.list)
          console.log(`wrong ${name} ${source.path} ${field.text} ${hints.map((h) => `${h.code} ${h.measured}>${h.limit}`).join('; ')}`);
        for (const code of new Set(hints.map((h) => h.code))) codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    }
    totals.fields += fields;
    totals.wrong += wrong;
    console.log(`| ${name} | ${fields} | ${wrong} | ${[...codes].map(([c, n]) => `${c} ${n}`).join(', ')} |`);
  }
  console.log(`| all | ${totals.fields} | ${totals.wrong} (${((100 * totals.wrong) / Math.max(1, totals.fields)).toFixed(2)} %) | |`);
}

interface FieldAt {
  readonly text: string;
  readonly box: readonly [number, number, number, number];
  /** Pixels of the picture per pixel at 300 dpi. */
  readonly scale: number;
}

async function hintsOf(bytes: Uint8Array, source: SourcePage, fields: readonly FieldAt[], chance: Chance): Promise<AlterationHint[]> {
  const decoded = await decodePage(bytes);
  return fields.flatMap((f) => look(decoded, source, f, chance));
}

/** The field's box as a reading would give it: about its centre on the skewed page, a little off. */
function look(
  decoded: Awaited<ReturnType<typeof decodePage>>,
  source: SourcePage,
  { text, box, scale }: FieldAt,
  chance: Chance,
): AlterationHint[] {
  const [cx, cy] = onScan(source, box[0] + box[2] / 2, box[1] + box[3] / 2);
  const [w, h] = [box[2] + chance.between(-4, 10), box[3] * chance.between(0.92, 1.12)];
  const [x, y] = [cx - w / 2 + chance.between(-4, 4), cy - h / 2 + chance.between(-4, 4)];
  const lie: PageLie = { orientation: 0, skewDegrees: source.skewDegrees };
  const from = process.cpuUsage();
  const hints = findAlterations(decoded.image, lie, { box: [x * scale, y * scale, w * scale, h * scale], written: text });
  const used = process.cpuUsage(from);
  lookedMs += (used.user + used.system) / 1000;
  looked++;
  return hints;
}

function onScan(source: SourcePage, x: number, y: number): [number, number] {
  const angle = (source.skewDegrees * Math.PI) / 180;
  const [dx, dy] = [x - 1240, y - 1754];
  return [1240 + dx * Math.cos(angle) - dy * Math.sin(angle), 1754 + dx * Math.sin(angle) + dy * Math.cos(angle)];
}

/** Where each character of a line stands: figures are about half as wide as the others. */
function spotsOf(source: SourcePage, { text, box }: { readonly text: string; readonly box: FieldAt['box'] }, dpi: number) {
  const characters = [...text];
  const widthOf = (c: string) => (/[\dX.-]/.test(c) ? 0.52 : 1);
  const total = characters.reduce((sum, c) => sum + widthOf(c), 0);
  let at = box[0];
  return characters.map((c) => {
    const w = (box[2] * widthOf(c)) / total;
    const [cx, cy] = onScan(source, at + w / 2, box[1] + box[3] / 2);
    at += w;
    const scale = dpi / 300;
    return { text: c, spot: { x: (cx - w / 2) * scale, y: (cy - box[3] / 2) * scale, w: w * scale, h: box[3] * scale } };
  });
}

function fieldSpot(characters: readonly { readonly spot: Spot }[]): Spot {
  const [first, last] = [characters[0]!.spot, characters[characters.length - 1]!.spot];
  return { x: first.x, y: Math.min(first.y, last.y), w: last.x + last.w - first.x, h: first.h };
}

function keep(name: string, bytes: Uint8Array): void {
  mkdirSync(values.keep!, { recursive: true });
  writeFileSync(join(values.keep!, `${name.replaceAll(' ', '-')}.jpg`), bytes);
}
