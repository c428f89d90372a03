import { addGrams, NO_OPTIONS } from './grams.ts';
import { nearForms, shortForms } from './page-tokens.ts';
import { ID_TAIL } from './possible-numbers.ts';
import type { Query, Term } from './query.ts';
import { type IndexCipher, TAG, TokenBatch } from './tokens.ts';

/** How common tokens are, from a sample of the index. */
export interface TokenFrequencies {
  /** Lines in the index, about. */
  readonly lineCount: number;
  /** Share of the lines that hold a token, 0–1; tokens rarer than the sample can tell give `rareShare`. */
  share01(token: number): number;
  /** The share below which the sample says nothing. */
  readonly rareShare: number;
}

/** What an index line must hold to be a candidate: every token of `all`, of each group in `anyOf` at least one, and nothing of what `none` says. */
export interface TokenNeeds {
  readonly all: readonly number[];
  readonly anyOf: readonly (readonly number[])[];
  /** A line that fulfils one of these is no candidate. */
  readonly none?: readonly TokenNeeds[];
  /** Those of `all` that stand for what is written on a page. In a page's line they are sorted, behind where it is filed. */
  readonly written?: readonly number[];
}

/** True when the index can narrow the candidates at all. */
export const narrows = (needs: TokenNeeds): boolean => needs.all.length > 0 || needs.anyOf.length > 0;

const distinct = (tokens: Iterable<number>): number[] => [...new Set(tokens)];

/** Tokens of which a page has one when it holds this number, exactly or by a misreading. */
function numberTokens(cipher: IndexCipher, { kind, value }: { kind: 'id' | 'phone'; value: string }): number[] {
  const batch = new TokenBatch();
  batch.value(kind === 'id' ? TAG.idNumber : TAG.phone, value, cipher);
  if (kind === 'id') {
    for (const form of nearForms(value)) batch.value(TAG.idNumberNear, form, cipher);
    for (const form of shortForms(value)) batch.value(TAG.idNumberShort, form, cipher);
    batch.value(TAG.idNumberTail, value.slice(-ID_TAIL), cipher);
  }
  return distinct(batch.tokens(cipher));
}

/**
 * What a page needs to be a candidate of a query. A superset of the hits: candidates are checked on their text.
 * A term of a single character adds nothing, single characters of readings are not in the index.
 */
export function pageNeeds(cipher: IndexCipher, query: Query): TokenNeeds {
  const batch = new TokenBatch();
  for (const term of query.terms) {
    addGrams(batch, term.points, NO_OPTIONS);
    if (!term.number) addNumbers(batch, cipher, term);
  }
  const all = distinct(batch.tokens(cipher));
  return { all, anyOf: query.terms.flatMap((term) => (term.number ? [numberTokens(cipher, term.number)] : [])), written: all };
}

/** Numbers that stand among other characters of a term are found exactly or not at all. */
function addNumbers(batch: TokenBatch, cipher: IndexCipher, term: Term): void {
  for (const { kind, value } of term.numbers) batch.value(kind === 'id' ? TAG.idNumber : TAG.phone, value, cipher);
}

/** Tokens of a term inside a name or title: its pairs and triples, or itself when it is a single character. */
function textTokens(cipher: IndexCipher, term: Term): number[] {
  const batch = new TokenBatch();
  addNumbers(batch, cipher, term);
  addGrams(batch, term.points, NO_OPTIONS);
  if (term.points.length === 1) batch.single(term.points[0]!);
  return [...batch.tokens(cipher)];
}

/** The share of all pages that holds a term, at most: that of its rarest token. */
export function termShare01(cipher: IndexCipher, term: Term, frequencies: TokenFrequencies): number {
  const batch = new TokenBatch();
  addGrams(batch, term.points, NO_OPTIONS);
  return batch.tokens(cipher).reduce((low, token) => Math.min(low, frequencies.share01(token)), 1);
}

/**
 * True when a page that holds the tokens is a hit but for collisions of tokens: each term is one pair.
 * Longer terms want their pairs in one place, numbers may be misread, single characters are in no token.
 */
export const tokensDecide = (query: Query): boolean => query.terms.every((t) => t.points.length === 2 && !t.numbers.length);

/**
 * What a catalogue line (a person, a dossier, a material) needs. A term of letters may be text or pinyin:
 * then one token of either is asked for, and the check on the unsealed text decides.
 */
export function catalogueNeeds(cipher: IndexCipher, query: Query): TokenNeeds {
  const all: number[] = [];
  const anyOf: number[][] = [];
  for (const term of query.terms) {
    if (term.number) anyOf.push(numberTokens(cipher, term.number).slice(0, 1));
    else if (term.letters && term.letters.length > 1) {
      const batch = new TokenBatch();
      batch.value(TAG.pinyin, term.letters, cipher);
      anyOf.push(distinct([...batch.tokens(cipher), ...textTokens(cipher, term).slice(0, 1)]));
    } else all.push(...textTokens(cipher, term));
  }
  return { all: distinct(all), anyOf };
}

/** The token of a whole query taken as an address. */
export function addressToken(cipher: IndexCipher, query: Query): number {
  const batch = new TokenBatch();
  batch.value(TAG.address, query.whole, cipher);
  return batch.tokens(cipher)[0]!;
}
