// npm run eval:propose -- --readings FILE --data DIR --predictions FILE [--schemes FOLDER] [--synonyms TRUTH-OUT [--seed 1]]
// Takes readings that `npm run eval` or the simulator wrote, runs @lantai/proposals over them and writes predictions for score.mjs. Nothing is recognised again.
// --synonyms gives every title of DIR/truth.json that the scheme knows other wordings of one of those, in the readings and in TRUTH-OUT, which score.mjs then takes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judgeKeyFacts, type KeyFactMaterial, loadEvidenceWords, loadScheme } from '@lantai/catalogue';
import { type DossierProposals, loadPageWords, type PageReading, prepare, propose } from '@lantai/proposals';
import { formatPartialDate } from '@lantai/values';
import { conflictsByFact, type PredictedDossier, type PredictedMaterial, type PredictedPage } from './prediction.ts';
import { countSameForm, mulberry, rewordReadings, type TitledMaterial } from './synonyms.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    readings: { type: 'string' },
    data: { type: 'string' },
    predictions: { type: 'string' },
    schemes: { type: 'string', default: join(root, 'schemes') },
    synonyms: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
if (!values.readings || !values.data || !values.predictions) {
  console.error(
    'usage: npm run eval:propose -- --readings FILE --data DIR --predictions FILE [--schemes FOLDER] [--synonyms TRUTH-OUT [--seed 1]]',
  );
  process.exit(2);
}
const folder = resolve(values.schemes);
const words = loadPageWords({ fields: text(folder, 'pages/fields.yaml'), forms: text(folder, 'pages/forms.yaml') });
const evidence = loadEvidenceWords(text(folder, 'pages/key-facts.yaml'));
const { dossiers } = JSON.parse(readFileSync(values.readings, 'utf8')) as { dossiers: PredictedDossier[] };
const schemes = schemesOf(resolve(values.data));
const reworded = values.synonyms ? rewordAll(values.synonyms) : null;
const started = process.cpuUsage();
const out = dossiers.map((d) => predict(d, schemes.get(d.id) ?? 'cadre-2018'));
const used = process.cpuUsage(started);
const pages = dossiers.reduce((n, d) => n + d.pages.length, 0);
mkdirSync(dirname(resolve(values.predictions)), { recursive: true });
writeFileSync(values.predictions, JSON.stringify({ dossiers: out }));
process.stderr.write(`${pages} pages, ${((used.user + used.system) / 1000 / Math.max(1, pages)).toFixed(2)} CPU ms a page\n`);
if (reworded) saySameForms(reworded);

interface TrueDossier {
  readonly id: string;
  readonly scheme: string;
  readonly materials: TitledMaterial[];
}

/** How many titles, whatever their wording, name the form that stands in the truth. */
function saySameForms(truth: readonly TrueDossier[]): void {
  const counts = truth.map((d) => countSameForm(folder, d, out.find((o) => o.id === d.id)?.materials ?? []));
  const [same, of] = [counts.reduce((n, c) => n + c.same, 0), counts.reduce((n, c) => n + c.of, 0)];
  process.stderr.write(`titles that name the same form by the scheme: ${same} of ${of}\n`);
}

/** Other wordings of the titles, in the readings and in a copy of the truth. */
function rewordAll(truthOut: string): TrueDossier[] {
  const truth = JSON.parse(text(resolve(values.data ?? ''), 'truth.json')) as { dossiers: TrueDossier[] };
  const random = mulberry(Number(values.seed));
  let [renamed, all] = [0, 0];
  for (const dossier of truth.dossiers) {
    const pages = dossiers.find((d) => d.id === dossier.id)?.pages;
    if (!pages) continue;
    all += dossier.materials.length;
    renamed += rewordReadings(folder, dossier, pages, random);
  }
  writeFileSync(truthOut, JSON.stringify(truth));
  process.stderr.write(`${renamed} of ${all} titles reworded\n`);
  return truth.dossiers;
}

function text(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}

/** The scheme of each dossier, out of DIR/dossiers.json; where that is missing, out of the scheme a truth.json names, and of nothing else in it. */
function schemesOf(data: string): Map<string, string> {
  const file = [join(data, 'dossiers.json'), join(data, 'truth.json')].find((f) => existsSync(f));
  if (!file) return new Map();
  const list = (JSON.parse(readFileSync(file, 'utf8')) as { dossiers: { id: string; scheme: string }[] }).dossiers;
  return new Map(list.map((d) => [d.id, d.scheme]));
}

function predict(dossier: PredictedDossier, schemeId: string): PredictedDossier {
  const knowledge = prepare(loadScheme(text(folder, `${schemeId}.yaml`)), words);
  const result = propose(dossier.pages.map(readingOf), knowledge);
  return { id: dossier.id, pages: dossier.pages, materials: result.proposals.map(materialOf), keyFacts: judge(result) };
}

/** A saved reading; one without sizes is of an A4 sheet at 300 or 150 dpi. */
function readingOf(page: PredictedPage): PageReading {
  const right = Math.max(0, ...page.lines.map((l) => l.box[0] + l.box[2]));
  const bottom = Math.max(0, ...page.lines.map((l) => l.box[1] + l.box[3]));
  const [short, long] = page.findings.includes('low_resolution') ? [1240, 1754] : [2480, 3508];
  const wide = right > short * 1.02 || (bottom < short && right > short * 0.98);
  return {
    pageId: page.file,
    widthPx: page.widthPx ?? (wide ? long : short),
    heightPx: page.heightPx ?? (wide ? short : long),
    skewDegrees: page.skewDegrees,
    findings: page.findings,
    lines: page.lines.map((l) => ({ ...l, confidence01: l.confidence01 ?? 1 })),
  };
}

function materialOf(p: DossierProposals['proposals'][number]): PredictedMaterial {
  return {
    pages: p.pages,
    classCode: p.classCode?.value ?? null,
    title: p.title?.value ?? '',
    date: p.date ? formatPartialDate(p.date.value) : null,
    fields: Object.fromEntries(
      Object.entries(p.fields).map(([code, f]) => [code, { value: f.value, confidence: f.confidence01, page: f.page, box: f.box }]),
    ),
  };
}

/** The key facts as they would stand were everything filed as proposed. */
function judge({ proposals }: DossierProposals): NonNullable<PredictedDossier['keyFacts']> {
  const materials = proposals.map(keyFactMaterial);
  const pagesOf = new Map(materials.map((m) => [m.id, m.pageIds]));
  return conflictsByFact(judgeKeyFacts({ materials, determinations: [], words: evidence, isCadre: null }), (id) => pagesOf.get(id) ?? []);
}

function keyFactMaterial(p: DossierProposals['proposals'][number], index: number): KeyFactMaterial {
  return {
    id: String(index),
    title: p.title?.value ?? null,
    date: p.date?.value ?? null,
    pageIds: p.pages,
    fields: Object.fromEntries(Object.entries(p.fields).map(([code, { page, ...field }]) => [code, { ...field, pageId: page }])),
    marks: {},
  };
}
