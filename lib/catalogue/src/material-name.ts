import { findPartialDate, type PartialDate } from '@lantai/values';
import { findNumeral } from './numerals.ts';
import { suggestTitle, type TitleIndex, type TitleMatch } from './titles.ts';

/** What the name of a folder or file says of a material. */
export interface MaterialName {
  /** Its number among its class, when the name begins with one. */
  readonly number: number | null;
  /** The words left when number and date are taken off; null when there are none. Clear personal text may stand in it. */
  readonly words: string | null;
  /** The scheme's title for the words, when they are one. */
  readonly match: TitleMatch | null;
  readonly date: PartialDate | null;
}

const DATES = [
  /(?<!\d)(?<y>(?:19|20)\d\d)(?<m>\d\d)(?<d>\d\d)?(?!\d)/u,
  /(?<!\d)(?<y>(?:19|20)\d\d)[-./_年](?<m>\d{1,2})(?:[-./_月](?<d>\d{1,2})日?|月)?(?!\d)/u,
  /(?:^|(?<=[\s_(-]))(?<y>(?:19|20)\d\d)年?(?=$|[\s_)-])/u,
];

function takeDate(text: string): { date: PartialDate; rest: string } | null {
  for (const form of DATES) {
    const found = form.exec(text);
    const { y, m, d } = found?.groups ?? {};
    if (!found || y === undefined) continue;
    const date = findPartialDate(
      [y, ...(m === undefined ? [] : [m.padStart(2, '0')]), ...(d === undefined ? [] : [d.padStart(2, '0')])].join('-'),
    );
    if (date) return { date, rest: trim(`${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`) };
  }
  return null;
}

const trim = (text: string) => text.replace(/^[\s._、,，。:：)\]-]+|[\s._、,，。:：([-]+$/gu, '');

const LEADING = /^(?:第\s*)?(?<n>\d{1,4}(?![\d年])|[一二三四五六七八九十百]+(?=$|[\s._、,，。:：)份件-]))\s*[份件]?[\s._、,，。:：)-]*/u;

/**
 * Reads `003`, `01-干部履历表`, `一、自传`, `第3份`, `年度考核登记表 2008-12`, in any width.
 * A name that is a title of the scheme as a whole stays whole: 三好学生登记表 does not begin with a number.
 */
export function readMaterialName(index: TitleIndex, name: string): MaterialName {
  const text = trim(name.normalize('NFKC').slice(0, 200));
  const whole = suggestTitle(index, text);
  if (whole) return { number: null, words: text, match: whole, date: null };
  const leading = LEADING.exec(text);
  const number = leading?.groups?.n === undefined ? null : findNumeral(leading.groups.n);
  const numbered = number === null ? text : trim(text.slice(leading?.[0].length ?? 0));
  const titled = suggestTitle(index, numbered);
  const dated = titled ? null : takeDate(numbered);
  const words = dated ? dated.rest : numbered;
  return { number, words: words || null, match: titled ?? (words ? suggestTitle(index, words) : null), date: dated?.date ?? null };
}

/** A page's file name that carries its material's title, as `干部履历表_2` or `自传(第3页)`; null when the words are no title of the scheme. */
export function readTitledPage(index: TitleIndex, stem: string): { readonly words: string; readonly match: TitleMatch } | null {
  const text = stem.normalize('NFKC').slice(0, 200);
  const words = trim(text.replace(/[\s._(-]*(?:第\s*)?(?:\d{1,4}|[一二三四五六七八九十]+)\s*页?\)?$/u, ''));
  const match = words && words !== text ? suggestTitle(index, words) : null;
  return match ? { words, match } : null;
}
