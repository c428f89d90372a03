import { findNumeral, formatNumeral } from './numerals.ts';
import type { Scheme, SchemeClass } from './scheme.ts';

/** How a text named a class. */
export type ClassNaming = 'code' | 'display' | 'legacy' | 'name';

/** A class named by the beginning of a text, and what follows the name. */
export interface ClassMatch {
  readonly schemeClass: SchemeClass;
  readonly by: ClassNaming;
  /** The text after the name, separators and the class's own name gone; empty when the text only names the class. */
  readonly rest: string;
}

interface Naming {
  readonly text: string;
  readonly by: ClassNaming;
  readonly schemeClass: SchemeClass;
}

/** Separators and spaces become one `-`; `第四类` is `四`; width and case do not count. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s._—–‐−·、,，:：()[\]【】〔〕/\\-]+/gu, '-')
    .replace(/^第(.+?)大?类(?=$|-)/u, '$1')
    .replace(/^-+|-+$/g, '');
}

const withoutEnding = (name: string) => name.replace(/材料$/u, '').replace(/类$/u, '');

function* namings(c: SchemeClass): Generator<[string, ClassNaming]> {
  yield [c.code, 'code'];
  const [main, sub] = c.code.split('-');
  if (main !== undefined && /^\d$/.test(main)) yield [`0${main}${sub === undefined ? '' : `-${sub}`}`, 'code'];
  if (sub !== undefined && /^\d$/.test(sub)) yield [`${main}-0${sub}`, 'code'];
  yield [c.display, 'display'];
  const numeral = sub === undefined ? null : findNumeral(sub);
  if (numeral) yield [c.display.replace(/\d+$/, formatNumeral(numeral)), 'display'];
  for (const code of c.legacyCodes) yield [code, 'legacy'];
  for (const name of [c.name.zh, ...c.legacyNames]) {
    yield [name, 'name'];
    // 履历类材料, 履历类 and 履历 all name the class.
    yield [name.replace(/材料$/u, ''), 'name'];
    yield [withoutEnding(name), 'name'];
  }
  yield [c.name.en, 'name'];
}

const indexes = new WeakMap<Scheme, readonly Naming[]>();

/** Every way of naming a class, longest first, so that 4-1 is tried before 4 and 十 before 一. A wording of two classes names neither. */
function indexOf(scheme: Scheme): readonly Naming[] {
  const known = indexes.get(scheme);
  if (known) return known;
  const byText = new Map<string, Naming | null>();
  for (const schemeClass of scheme.classes)
    for (const [wording, by] of namings(schemeClass)) {
      const text = fold(wording);
      const other = byText.get(text);
      if (other === undefined) byText.set(text, { text, by, schemeClass });
      else if (other && other.schemeClass !== schemeClass) byText.set(text, by === 'name' && other.by !== 'name' ? other : null);
    }
  const list = [...byText.values()].filter((n): n is Naming => n !== null && n.text !== '').sort((a, b) => b.text.length - a.text.length);
  indexes.set(scheme, list);
  return list;
}

/** The class that the whole of a text names, by code, printed numeral, older code or name; null when none does. */
export function findClass(scheme: Scheme, text: string): SchemeClass | null {
  const match = findClassPrefix(scheme, text);
  return match?.rest === '' ? match.schemeClass : null;
}

const COUNTS = /[\d〇零一二三四五六七八九十百]/u;

function endsThere(naming: Naming, next: string | undefined): boolean {
  if (next === undefined || next === '-') return true;
  // `1履历` names class 1 and `10` does not; `ON材料` names ON and `ONLINE` does not; a name needs a clear end.
  if (naming.by === 'name') return false;
  return !COUNTS.test(next) && /\p{Script=Han}/u.test(next);
}

/** The class that the beginning of a text names, as in `4-1 学历学位类材料` or `1-干部履历表`; null when none does. */
export function findClassPrefix(scheme: Scheme, text: string): ClassMatch | null {
  const folded = fold(text.slice(0, 200));
  const namingsOfScheme = indexOf(scheme);
  const found = namingsOfScheme.find((n) => folded.startsWith(n.text) && endsThere(n, folded[n.text.length]));
  if (!found) return null;
  const rest = folded.slice(found.text.length).replace(/^-+/, '');
  const own = namingsOfScheme.some((n) => n.schemeClass === found.schemeClass && n.by === 'name' && n.text === rest);
  return { schemeClass: found.schemeClass, by: found.by, rest: own ? '' : rest };
}
