import type { Scheme, SchemeTitle } from './scheme.ts';

const CHINESE_DIGITS = '〇一二三四五六七八九';
const DECORATION = /[\s《》〈〉「」『』“”"'‘’`()[\]【】〔〕（）,，.。、·•・:：;；/\\\-—–_*★☆!！?？]/gu;

/**
 * The form in which titles are compared: full width, spaces, quotes, brackets and dashes gone, 二〇〇八年 read as 2008年.
 * Not for display. Traditional characters stay as they are unless the caller folds them first.
 */
export function foldTitle(title: string): string {
  return title
    .normalize('NFKC')
    .replace(DECORATION, '')
    .replace(/[〇○零一二三四五六七八九]{4}(?=年)/g, (year) =>
      [...year].map((c) => ('○零'.includes(c) ? 0 : CHINESE_DIGITS.indexOf(c))).join(''),
    )
    .toLowerCase();
}

/** {@link foldTitle} of the text between `{year}` and `{any}`, which stay. */
export function foldTitlePattern(pattern: string): string {
  return pattern
    .split(/(\{year\}|\{any\})/)
    .map((part) => (part.startsWith('{') ? part : foldTitle(part)))
    .join('');
}

/** A title of the scheme found for a typed or read heading. */
export interface TitleMatch {
  readonly title: SchemeTitle;
  /** Year in the heading, when the title carries one. */
  readonly year: number | null;
  /** `name` and `alias` match whole; `pattern` matched with `{any}`. */
  readonly by: 'name' | 'alias' | 'pattern';
}

interface Pattern {
  readonly form: RegExp;
  readonly weight: number;
  readonly title: SchemeTitle;
  readonly by: 'name' | 'alias' | 'pattern';
}

/** The titles of one scheme, ready for look-up. */
export interface TitleIndex {
  readonly exact: ReadonlyMap<string, { readonly title: SchemeTitle; readonly by: 'name' | 'alias' }>;
  /** Longest fixed text first, so the narrower pattern wins. */
  readonly patterns: readonly Pattern[];
  readonly fold: (text: string) => string;
}

const escaped = (text: string) => text.replace(/[$^+?.()|[\]{}\\*]/g, '\\$&');

/**
 * Prepares a scheme's titles for {@link suggestTitle}.
 * @param foldText folds characters further, such as traditional to simplified; applied to titles and headings alike
 */
export function indexTitles(scheme: Scheme, foldText: (text: string) => string = (text) => text): TitleIndex {
  const exact = new Map<string, { title: SchemeTitle; by: 'name' | 'alias' }>();
  const patterns: Pattern[] = [];
  const fold = (text: string) => foldTitlePattern(foldText(text));
  for (const title of scheme.classes.flatMap((c) => c.titles))
    for (const [at, wording] of [title.name, ...title.aliases].entries()) {
      const by = at ? 'alias' : 'name';
      const text = fold(wording);
      if (!text.includes('{')) {
        if (!exact.has(text)) exact.set(text, { title, by });
        continue;
      }
      const parts = text.split(/(\{year\}|\{any\})/);
      const form = parts.map((p) => (p === '{year}' ? '(?<year>(?:19|20)\\d\\d)' : p === '{any}' ? '.{1,40}?' : escaped(p))).join('');
      const weight = parts.filter((p) => !p.startsWith('{')).join('').length;
      patterns.push({ form: new RegExp(`^${form}$`, 'su'), weight, title, by: text.includes('{any}') ? 'pattern' : by });
    }
  return { exact, patterns: patterns.sort((a, b) => b.weight - a.weight), fold };
}

/** A heading longer than this is no title, and matching it would only cost time. Characters. */
const LONGEST_HEADING = 200;

/** The scheme's title for a heading as typed, read or found in a folder name, by exact wording, alias or pattern; null when none fits. */
export function suggestTitle(index: TitleIndex, heading: string): TitleMatch | null {
  if (heading.length > LONGEST_HEADING) return null;
  const text = foldTitle(index.fold(heading));
  const hit = index.exact.get(text);
  if (hit) return { ...hit, year: null };
  for (const { form, title, by } of index.patterns) {
    const match = form.exec(text);
    if (match) return { title, by, year: match.groups?.year === undefined ? null : Number(match.groups.year) };
  }
  return null;
}

/** The catalogue's wording of a title, its `{year}` filled in; without a year the placeholder goes. */
export function formatTitle(title: SchemeTitle, year: number | null): string {
  return title.name.replace('{year}', year === null ? '' : String(year));
}
