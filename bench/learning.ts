/**
 * Retraining on 10,000 corrections, in the thread that the job uses: time from asking to the answer, and processor time of this process. Traits are
 * those that `propose` finds on made pages of every title of a scheme; each example loses some, as misread pages do, and has some of its own, as
 * names do. Every one was corrected: this archive files each form under a name and a class of its own.
 *
 *   node tools/build.mjs && node --import tsx bench/learning.ts --corrections 10000
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadScheme } from '@lantai/catalogue';
import { loadPageWords, type PageReading, prepare, propose } from '@lantai/proposals';
import { type Example, ruledOf } from '@lantai/proposals/learning';
import { train } from '../apps/server/src/learning/train.ts';

const { values } = parseArgs({ options: { corrections: { type: 'string', default: '10000' } } });
const COUNT = Number(values.corrections);
const ROOT = resolve(import.meta.dirname, '..');
const text = (name: string) => readFileSync(join(ROOT, 'schemes', name), 'utf8');
const scheme = loadScheme(text('cadre-2018.yaml'));
const words = loadPageWords({ fields: text('pages/fields.yaml'), forms: text('pages/forms.yaml') });
const knowledge = prepare(scheme, words);
const labels = [...words.fields.values()].flatMap((f) => f.labels.slice(0, 2));

let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const hash = (word: string): number => {
  let h = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(word)) h = Math.imul(h ^ unit, 0x01000193);
  return h >>> 0;
};

/** A page with this title and two columns of labels of its own choice. */
function page(title: string, at: number): PageReading {
  const line = (words: string, x: number, y: number, h = 60) => ({
    text: words,
    box: [x, y, words.length * h, h] as [number, number, number, number],
    confidence01: 0.99,
  });
  const own = Array.from({ length: 16 }, (_, i) => labels[(at * 7 + i * 11) % labels.length]!);
  return {
    pageId: String(at),
    widthPx: 2480,
    heightPx: 3508,
    skewDegrees: 0,
    findings: [],
    lines: [
      line(title, 1240 - title.length * 45, 280, 90),
      ...own.map((label, i) => line(label, 300 + (i % 2) * 1100, 500 + (i >> 1) * 200)),
    ],
  };
}

const titles = scheme.classes.flatMap((c) => c.titles.map((t) => t.name.replace('{year}', '2015')));
const kinds = titles.map((title, at) => {
  const { proposals, traits } = propose([page(title, at)], knowledge);
  const [proposal, of] = [proposals[0]!, traits[0]!];
  const ruled = ruledOf(proposal);
  const stood = { classCode: scheme.classes[at % scheme.classes.length]!.code, title: `本库${ruled.title ?? title}` };
  return { features: of.traits.map(hash), signature: hash(of.signature), ruled, stood };
});
const examples = Array.from({ length: COUNT }, (_, n): Example => {
  const kind = kinds[Math.floor(random() * kinds.length)]!;
  const read = kind.features.filter(() => random() > 0.1);
  const names = Array.from({ length: 12 }, () => Math.floor(random() * 2 ** 32));
  return { ...kind, features: [...read, ...names], dossier: Math.floor(n / 20), atMs: n };
});

const startMs = performance.now();
const before = process.cpuUsage();
const answer = await train({ programFolder: join(ROOT, 'dist') }, { examples, recent: [], before: null });
const cpu = process.cpuUsage(before);
process.stdout.write(
  `${JSON.stringify(
    {
      corrections: COUNT,
      kinds: kinds.length,
      traits: Math.round(examples.reduce((sum, e) => sum + e.features.length, 0) / COUNT),
      seconds: (performance.now() - startMs) / 1000,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      modelBytes: answer.model?.length ?? 0,
      ...answer.evaluation,
    },
    null,
    2,
  )}\n`,
);
