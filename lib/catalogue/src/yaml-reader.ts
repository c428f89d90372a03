import { assert, type Finding } from '@lantai/values';
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';

/** A problem's place and kind. `line` and `column` count from 1. */
export interface YamlProblem extends Finding {
  readonly params: Readonly<Record<string, string | number | boolean>> & { readonly line: number; readonly column: number };
}

type Value = Node | null | undefined;

/** A scheme file is a page or two; more is a mistake or an attack. Characters. */
const LONGEST_TEXT = 1_000_000;

/**
 * Reads YAML strictly and remembers where every problem stands.
 * Scalars are text (YAML failsafe schema), so `no`, `1_0` and `4-1` mean what they say; aliases are refused, so a file cannot swell.
 * Each method reports a problem and returns a stand-in, so that one pass finds all of them.
 */
export class YamlReader {
  readonly problems: YamlProblem[] = [];
  private readonly lines = new LineCounter();

  /** The top mapping, or null when the text is no YAML mapping. */
  open(text: string): YAMLMap | null {
    if (text.length > LONGEST_TEXT) {
      this.say('scheme/too-long', 0, { longest: LONGEST_TEXT });
      return null;
    }
    const document = parseDocument(text, { schema: 'failsafe', lineCounter: this.lines, uniqueKeys: true, prettyErrors: false });
    for (const error of document.errors) this.say('scheme/yaml', error.pos[0], { problem: error.code });
    if (document.errors.length) return null;
    if (!isMap(document.contents)) {
      this.say('scheme/not-a-mapping', 0);
      return null;
    }
    return document.contents as YAMLMap;
  }

  /** Reports a problem at a character offset of the text. */
  say(code: string, offset: number, params: Record<string, string | number> = {}): void {
    const { line, col } = this.lines.linePos(offset);
    this.problems.push({ code, severity: 'error', params: { ...params, line: Math.max(line, 1), column: Math.max(col, 1) } });
  }

  /** Reports a problem at a value, or at the mapping that should hold it. */
  sayAt(code: string, value: Value, params: Record<string, string | number> = {}): void {
    this.say(code, value?.range?.[0] ?? 0, params);
  }

  /** The values of a mapping by key; unknown and missing keys are problems. */
  fields<K extends string, O extends string>(map: YAMLMap, needed: readonly K[], optional: readonly O[]): Partial<Record<K | O, Value>> {
    const out: Partial<Record<K | O, Value>> = {};
    for (const pair of map.items as Pair<Node, Value>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if ((needed as readonly string[]).includes(key) || (optional as readonly string[]).includes(key))
        out[key as K | O] = pair.value ?? null;
      else this.sayAt('scheme/unknown-key', pair.key, { key });
    }
    for (const key of needed) if (out[key] === undefined) this.sayAt('scheme/missing-key', map, { key });
    return out;
  }

  /** The entries of a mapping whose keys the writer chose. */
  entries(value: Value, what: string): [string, Value][] {
    const map = this.map(value, what);
    return map ? (map.items as Pair<Node, Value>[]).map((p) => [isScalar(p.key) ? String(p.key.value) : '', p.value]) : [];
  }

  /** A mapping, or null after reporting. A missing value was reported by {@link fields}. */
  map(value: Value, what: string): YAMLMap | null {
    if (isMap(value)) return value as YAMLMap;
    if (value !== undefined) this.sayAt('scheme/not-a-mapping', value, { key: what });
    return null;
  }

  /** The items of a list; an absent list is empty. */
  list(value: Value, what: string): Node[] {
    if (value === undefined) return [];
    if (isSeq(value)) return value.items as Node[];
    this.sayAt('scheme/not-a-list', value, { key: what });
    return [];
  }

  /** Text that matches `form`; empty text after a problem. */
  text(value: Value, what: string, form: RegExp = /\S/): string {
    if (value === undefined) return '';
    if (!isScalar(value) || typeof value.value !== 'string') {
      this.sayAt('scheme/not-text', value, { key: what });
      return '';
    }
    if (!form.test(value.value)) this.sayAt('scheme/malformed', value, { key: what });
    return value.value;
  }

  /** A list of texts, each once. */
  texts(value: Value, what: string, form?: RegExp): string[] {
    const seen = new Set<string>();
    for (const item of this.list(value, what)) {
      const text = this.text(item, what, form);
      if (seen.has(text)) this.sayAt('scheme/twice', item, { key: what, value: text });
      seen.add(text);
    }
    return [...seen];
  }

  /** A whole number between the limits. */
  integer(value: Value, what: string, least: number, most: number): number {
    const text = this.text(value, what, /^\d{1,9}$/);
    const n = Number(text);
    if (value !== undefined && text && (n < least || n > most)) this.sayAt('scheme/out-of-range', value, { key: what, least, most });
    return Number.isSafeInteger(n) ? n : least;
  }

  /** A number between the limits, written plainly: `0.0008`, `300`. */
  decimal(value: Value, what: string, least: number, most: number): number {
    const text = this.text(value, what, /^\d{1,6}(\.\d{1,6})?$/);
    const n = Number(text);
    if (value !== undefined && Number.isFinite(n) && text && (n < least || n > most))
      this.sayAt('scheme/out-of-range', value, { key: what, least, most });
    return Number.isFinite(n) ? n : least;
  }

  /** One of the given words; the first of them after a problem or when absent. */
  choice<T extends string>(value: Value, what: string, choices: readonly T[]): T {
    const first = choices[0];
    assert(first !== undefined, 'a choice has choices');
    if (value === undefined) return first;
    const text = this.text(value, what);
    const found = choices.find((c) => c === text);
    if (!found) this.sayAt('scheme/not-a-choice', value, { key: what, choices: choices.join(' | ') });
    return found ?? first;
  }
}
