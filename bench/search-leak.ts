import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { foldedText, joinLines } from '@lantai/search';
import { indexSubject } from '../apps/server/src/search/index.ts';
import { Corpus, type CorpusPage } from './corpus.ts';
import { type BenchDatabase, buildArchive, openBenchDatabase, Truth } from './search-build.ts';

// What a thief of the database alone learns from the blind index, when somebody told him what stands on one page in ten.
//   node --import tsx bench/search-leak.ts [--pages 20000] [--known 10]
// He knows how the program works and lacks the keys. He reads the tables page_gram and catalogue_gram, nothing else.

const { values: options } = parseArgs({
  options: { pages: { type: 'string', default: '20000' }, known: { type: 'string', default: '10' } },
});

/** A row of the dump. */
interface DumpRow {
  readonly g: readonly number[];
}

/** What the attacker believes a token stands for. */
type Dictionary = Map<number, string>;

const occurrences = <T>(pages: readonly Iterable<T>[]): Map<T, number[]> => {
  const found = new Map<T, number[]>();
  pages.forEach((page, i) => {
    for (const item of page) {
      const list = found.get(item);
      if (list) list.push(i);
      else found.set(item, [i]);
    }
  });
  return found;
};

/**
 * Learns tokens from known pages: a token stands for the gram that occurs on the same known pages. First those that match alone; then grams
 * whose token also turned up elsewhere (a misread character), by the smallest surplus.
 */
function learn(known: readonly { grams: ReadonlySet<string>; tokens: readonly number[] }[]): Dictionary {
  const ofTokens = occurrences(known.map((k) => k.tokens));
  const ofGrams = occurrences(known.map((k) => k.grams));
  const tokensBySet = new Map<string, number[]>();
  for (const [token, pages] of ofTokens) tokensBySet.set(pages.join(), [...(tokensBySet.get(pages.join()) ?? []), token]);
  const gramsBySet = new Map<string, string[]>();
  for (const [gram, pages] of ofGrams) gramsBySet.set(pages.join(), [...(gramsBySet.get(pages.join()) ?? []), gram]);
  const dictionary: Dictionary = new Map();
  const settled = new Set<string>();
  for (const [set, grams] of gramsBySet) {
    const tokens = tokensBySet.get(set);
    if (grams.length !== 1 || tokens?.length !== 1) continue;
    dictionary.set(tokens[0]!, grams[0]!);
    settled.add(grams[0]!);
  }
  const tokenSets = known.map((k) => new Set(k.tokens));
  for (const [gram, pages] of ofGrams) {
    if (settled.has(gram) || pages.length < 2) continue;
    const common = known[pages[0]!]!.tokens.filter((token) => !dictionary.has(token) && pages.every((page) => tokenSets[page]!.has(token)));
    const ranked = common
      .map((token) => ({ token, surplus: ofTokens.get(token)!.length - pages.length }))
      .sort((a, b) => a.surplus - b.surplus);
    const [best, second] = ranked;
    if (best && best.surplus <= pages.length * 0.2 && (!second || second.surplus > best.surplus)) dictionary.set(best.token, gram);
  }
  return dictionary;
}

const pairsOf = (text: string): string[] => {
  const points = [...text];
  return points.slice(1).map((point, i) => points[i] + point);
};

/** Pairs and triples of a page, without regard to which triples are in the index: surplus grams match no token. */
function gramsOf(text: string): Set<string> {
  const points = [...foldedText(text)];
  const grams = new Set<string>();
  for (let i = 0; i + 1 < points.length; i++) {
    grams.add(points[i]! + points[i + 1]!);
    if (i + 2 < points.length) grams.add(points[i]! + points[i + 1]! + points[i + 2]!);
  }
  return grams;
}

/** Names that can be put together from the pairs readable on a page: a surname, then one or two characters that occur in names. */
function namesFrom(readable: ReadonlySet<string>, surnames: ReadonlySet<string>, given: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  for (const pair of readable) {
    const [first, second] = [...pair];
    if (!surnames.has(first!) || !given.has(second!)) continue;
    names.add(pair);
    for (const next of readable)
      if (next.startsWith(second!) && [...next].length === 2 && given.has([...next][1]!)) names.add(first! + next);
  }
  return names;
}

/**
 * Names by the company tokens keep. Pairs that stand on one known page only cannot be told apart there; but when one or two of their tokens
 * turn up together elsewhere, what came along is most likely a name, and if the known page has one name of that many such pairs, it is that one.
 */
class Company {
  readonly #homeOf = new Map<number, number>();
  readonly #namesOf: Map<number, string[]>[];

  constructor(known: readonly { tokens: readonly number[]; grams: ReadonlySet<string>; names: readonly string[] }[]) {
    for (const [token, homes] of occurrences(known.map((k) => k.tokens))) if (homes.length === 1) this.#homeOf.set(token, homes[0]!);
    const seenOnce = new Set([...occurrences(known.map((k) => k.grams))].flatMap(([gram, homes]) => (homes.length === 1 ? [gram] : [])));
    this.#namesOf = known.map(({ names }) => {
      const bySize = new Map<number, string[]>();
      for (const name of names) {
        const pairs = pairsOf(name);
        if (pairs.every((pair) => seenOnce.has(pair))) bySize.set(pairs.length, [...(bySize.get(pairs.length) ?? []), name]);
      }
      return bySize;
    });
  }

  /** Names that a page's tokens point to. */
  namesOn(tokens: readonly number[]): Set<string> {
    const perHome = new Map<number, number>();
    for (const token of tokens) {
      const home = this.#homeOf.get(token);
      if (home !== undefined) perHome.set(home, (perHome.get(home) ?? 0) + 1);
    }
    return new Set(
      [...perHome].flatMap(([home, size]) => (this.#namesOf[home]!.get(size)?.length === 1 ? this.#namesOf[home]!.get(size)! : [])),
    );
  }
}

const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

function attackReadings(pages: readonly CorpusPage[], rows: readonly DumpRow[], share01: number): void {
  const random = new Corpus(4711);
  const isKnown = pages.map(() => random.random() < share01);
  const known = pages.flatMap((page, i) =>
    isKnown[i] ? [{ grams: gramsOf(joinLines(page.lines)), tokens: rows[i]!.g, names: page.names }] : [],
  );
  const dictionary = learn(known);
  const company = new Company(known);
  const knownNames = new Set(pages.flatMap((page, i) => (isKnown[i] ? page.names : [])));
  const surnames = new Set([...knownNames].map((name) => [...name][0]!));
  const given = new Set([...knownNames].flatMap((name) => [...name].slice(1)));
  const count = { names: 0, back: 0, fresh: 0, freshBack: 0, guessed: 0, right: 0, pairs: 0, readable: 0, wrong: 0 };
  pages.forEach((page, i) => {
    if (isKnown[i]) return;
    const text = foldedText(joinLines(page.lines));
    const readable = new Set(rows[i]!.g.flatMap((token) => dictionary.get(token) ?? []).filter((gram) => [...gram].length === 2));
    const pairs = new Set(pairsOf(text));
    count.pairs += pairs.size;
    for (const pair of readable)
      if (pairs.has(pair)) count.readable++;
      else count.wrong++;
    const guesses = new Set([...namesFrom(readable, surnames, given), ...company.namesOn(rows[i]!.g)]);
    for (const name of page.names) {
      const back = guesses.has(name) || pairsOf(name).every((pair) => readable.has(pair));
      count.names++;
      if (back) count.back++;
      if (knownNames.has(name)) continue;
      count.fresh++;
      if (back) count.freshBack++;
    }
    count.guessed += guesses.size;
    for (const name of guesses) if (page.names.includes(name)) count.right++;
  });
  console.log(`readings: ${pages.length} pages, ${known.length} of them known, ${dictionary.size} tokens learnt`);
  console.log(
    `  pairs of unknown pages that he can read        ${percent(count.readable, count.pairs)} (${percent(count.wrong, count.readable + count.wrong)} of his readings are wrong)`,
  );
  console.log(`  names on unknown pages that come back          ${percent(count.back, count.names)} of ${count.names}`);
  console.log(`  of names that stand on no known page           ${percent(count.freshBack, count.fresh)} of ${count.fresh}`);
  console.log(`  of the names he would list, true               ${percent(count.right, count.guessed)} of ${count.guessed}`);
}

/** Tokens that occur on the same known names as a character: whether they stand for it, a pair or its pinyin, they give it away. */
function learnCharacters(known: readonly { name: string; tokens: readonly number[] }[]): Dictionary {
  const ofTokens = occurrences(known.map((k) => k.tokens));
  const dictionary: Dictionary = new Map();
  for (const [char, rows] of occurrences(known.map((k) => new Set(k.name)))) {
    if (rows.length < 2) continue;
    const sets = rows.map((row) => new Set(known[row]!.tokens));
    for (const token of known[rows[0]!]!.tokens)
      if (sets.every((set) => set.has(token)) && ofTokens.get(token)!.length <= rows.length * 1.2) dictionary.set(token, char);
  }
  return dictionary;
}

function attackCatalogue(names: readonly string[], rows: readonly DumpRow[], share01: number): void {
  const random = new Corpus(1147);
  const isKnown = names.map(() => random.random() < share01);
  const dictionary = learnCharacters(names.flatMap((name, i) => (isKnown[i] ? [{ name, tokens: rows[i]!.g }] : [])));
  const unknown = names.map((name, i) => ({ name, i })).filter(({ i }) => !isKnown[i]);
  const count = { back: 0, read: 0, wrong: 0 };
  for (const { name, i } of unknown) {
    const readable = new Set(rows[i]!.g.flatMap((token) => dictionary.get(token) ?? []));
    if ([...name].every((char) => readable.has(char))) count.back++;
    count.read += readable.size;
    count.wrong += [...readable].filter((char) => !name.includes(char)).length;
  }
  console.log(`catalogue: ${names.length} persons, ${names.length - unknown.length} of them known`);
  console.log(
    `  names whose characters all come back           ${percent(count.back, unknown.length)} of ${unknown.length} (${percent(count.wrong, count.read)} of the characters read are wrong)`,
  );
}

/** Without any known page: the most frequent tokens taken for the most frequent grams of another, similar archive. */
function attackByFrequency(pages: readonly CorpusPage[], rows: readonly DumpRow[]): void {
  const truth = learn(pages.map((page, i) => ({ grams: gramsOf(joinLines(page.lines)), tokens: rows[i]!.g })));
  const ranked = <T>(found: Map<T, number[]>) => [...found].sort((a, b) => b[1].length - a[1].length).map(([item]) => item);
  const tokens = ranked(occurrences(rows.map((row) => row.g))).filter((token) => truth.has(token));
  const other = [...new Corpus(777).pages(pages.length)].map((page) => gramsOf(joinLines(page.lines)));
  const seen = new Set(truth.values());
  const grams = ranked(occurrences(other)).filter((gram) => seen.has(gram));
  for (const top of [100, 1000, 10_000]) {
    const right = tokens.slice(0, top).filter((token, i) => truth.get(token) === grams[i]).length;
    console.log(`  of the ${top} most frequent tokens, guessed right by rank ${percent(right, top)}`);
  }
}

async function dump(bench: BenchDatabase, table: string): Promise<DumpRow[]> {
  const id = table === 'page_gram' ? 'page_id' : 'id';
  return bench.ownerDb.query<DumpRow>(`select g from ${table} order by ${id}`);
}

async function main(): Promise<void> {
  const count = Number(options.pages);
  const share01 = Number(options.known) / 100;
  const folder = mkdtempSync(join(tmpdir(), 'lantai-leak-'));
  const bench = await openBenchDatabase(folder);
  try {
    const { fixture } = await buildArchive(bench, count, count, new Truth([]));
    const pages = [...new Corpus().pages(count)];
    const corpus = new Corpus(31);
    const names = Array.from({ length: Math.ceil(count / 10) }, () => corpus.name());
    for (const name of names) {
      const { dossierId, subjectId, place } = await fixture.addDossier({ unitId: fixture.unitIds[1]! });
      await bench.db.system('indexing').tx((tx) => indexSubject(tx, fixture, { subjectId, dossierId, place, name }));
    }
    const rows = await dump(bench, 'page_gram');
    attackReadings(pages, rows, share01);
    attackCatalogue(names, await dump(bench, 'catalogue_gram'), share01);
    console.log('frequencies alone, no page known:');
    attackByFrequency(pages.slice(0, 5000), rows.slice(0, 5000));
  } finally {
    await bench.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
