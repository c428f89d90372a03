import type { Finding } from '@lantai/values';
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';

/** A problem of a policy file with its place; `line` and `column` count from 1. */
export interface PolicyProblem extends Finding {
  readonly params: Readonly<Record<string, string | number | boolean>> & { readonly line: number; readonly column: number };
}

export type Value = Node | null | undefined;

/** A policy is a page or two; more is a mistake or an attack. Characters. */
const LONGEST_TEXT = 200_000;

/**
 * Reads the YAML of a policy strictly: every scalar is text (failsafe schema), unknown and repeated keys and aliases are problems.
 * Each method reports what is wrong and gives a stand-in, so that one reading finds everything.
 */
export class YamlSource {
  readonly problems: PolicyProblem[] = [];
  readonly #lines = new LineCounter();

  /** The top mapping, or null. */
  open(text: string): YAMLMap | null {
    if (text.length > LONGEST_TEXT) return this.#nothing('policy/too-long', 0, { longest: LONGEST_TEXT });
    const document = parseDocument(text, { schema: 'failsafe', lineCounter: this.#lines, uniqueKeys: true, prettyErrors: false });
    for (const error of document.errors) this.#say('policy/yaml', error.pos[0], { problem: error.code });
    if (document.errors.length) return null;
    return isMap(document.contents) ? (document.contents as YAMLMap) : this.#nothing('policy/not-a-mapping', 0, { key: '' });
  }

  #nothing(code: string, offset: number, params: Record<string, string | number>): null {
    this.#say(code, offset, params);
    return null;
  }

  #say(code: string, offset: number, params: Record<string, string | number>): void {
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({ code, severity: 'error', params: { ...params, line: Math.max(line, 1), column: Math.max(col, 1) } });
  }

  /** Reports a problem at a value. */
  say(code: string, value: Value, params: Record<string, string | number> = {}): void {
    this.#say(code, value?.range?.[0] ?? 0, params);
  }

  /** The values of a mapping by key. */
  fields<K extends string>(value: Value, what: string, needed: readonly K[], optional: readonly K[] = []): Partial<Record<K, Value>> {
    const out: Partial<Record<K, Value>> = {};
    if (!isMap(value)) {
      if (value !== undefined) this.say('policy/not-a-mapping', value, { key: what });
      return out;
    }
    for (const pair of value.items as Pair<Node, Value>[]) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      const known = [...needed, ...optional].find((k) => k === key);
      if (known) out[known] = pair.value ?? null;
      else this.say('policy/unknown-key', pair.key, { key });
    }
    for (const key of needed) if (out[key] === undefined) this.say('policy/missing-key', value, { key });
    return out;
  }

  /** The items of a list; an absent list is empty. */
  list(value: Value, what: string): Node[] {
    if (value === undefined) return [];
    if (isSeq(value)) return value.items as Node[];
    this.say('policy/not-a-list', value, { key: what });
    return [];
  }

  /** Text of a form; empty after a problem or when absent. */
  text(value: Value, what: string, form: RegExp = /\S/): string {
    if (value === undefined) return '';
    if (isScalar(value) && typeof value.value === 'string' && form.test(value.value)) return value.value;
    this.say('policy/malformed', value, { key: what });
    return '';
  }

  /** A whole number between the limits; the least after a problem. */
  integer(value: Value, what: string, least: number, most: number): number {
    const text = this.text(value, what, /^-?\d{1,6}$/);
    const n = Number(text);
    if (text && (n < least || n > most)) this.say('policy/out-of-range', value, { key: what, least, most });
    return text && n >= least && n <= most ? n : least;
  }

  /** One of these words, the first when absent. */
  choice<T extends string>(value: Value, what: string, choices: readonly [T, ...T[]]): T {
    if (value === undefined) return choices[0];
    const text = this.text(value, what);
    const found = choices.find((c) => c === text);
    if (!found && text) this.say('policy/not-a-choice', value, { key: what, choices: choices.join(' | ') });
    return found ?? choices[0];
  }

  /** Several of these words, each once, at least one. */
  choices<T extends string>(value: Value, what: string, choices: readonly T[]): T[] {
    const out: T[] = [];
    for (const item of this.list(value, what)) {
      const text = this.text(item, what);
      const found = choices.find((c) => c === text);
      if (!found) this.say('policy/not-a-choice', item, { key: what, choices: choices.join(' | ') });
      else if (out.includes(found)) this.say('policy/twice', item, { key: what, value: found });
      else out.push(found);
    }
    if (value !== undefined && !out.length) this.say('policy/empty', value, { key: what });
    return out;
  }
}
