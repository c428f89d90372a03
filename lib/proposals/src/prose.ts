import { type FlowingText, piecesOf, type TextPiece } from './layout.ts';
import type { FieldKind } from './page-words.ts';

const D = '[\\dⅠⅡIlOo〇○零一二三四五六七八九十]';
const DATE = `(?:民国)?${D}{2,4}\\s*(?:年|[.\\-/])\\s*${D}{1,3}(?:\\s*(?:月|[.\\-/])(?:\\s*${D}{1,3}\\s*日?)?)?`;

/** What a value of each kind may look like inside a sentence. */
const VALUE_FORMS: Readonly<Record<FieldKind, string>> = {
  person: '(?:\\p{Script=Han}{1,10}·[\\p{Script=Han}·]{1,16}?|\\p{Script=Han}{2,4}?)',
  sex: '[男女]',
  date: DATE,
  choice: '\\p{Script=Han}{1,8}?',
  place: '\\p{Script=Han}{2,20}?',
  organisation: '[\\p{Script=Han}（）()A-Za-z0-9]{4,40}?',
  post: '[\\p{Script=Han}、]{2,16}?',
  text: '[\\p{Script=Han}（）()、A-Za-z0-9]{1,30}?',
  id_number: '\\d[\\d ]{13,20}[\\dXx]',
  number: '[\\d.,]+|[〇零一二两三四五六七八九十百千]+',
  code: '\\p{Script=Han}{1,10}[〔（(\\[［]\\d{4}[〕）)\\]］]第?\\d+号|[（(〔\\[]?\\d{4}[）)〕\\]]?\\p{Script=Han}{0,6}字?第?\\d+号|\\p{Script=Han}{1,4}字第?\\d+号|[A-Z]{0,3}\\d{8,20}',
};

const compiled = new Map<string, RegExp>();

/**
 * A sentence's form as an expression. Spaces never count, commas may be lost or full stops.
 * @throws SyntaxError when the data holds no expression; the loader tries each once
 */
export function compileProse(prose: string, kind: FieldKind): RegExp {
  const key = `${kind} ${prose}`;
  const known = compiled.get(key);
  if (known) return known;
  const source = prose
    .replaceAll('[,]?', '[,，.。]?')
    .replace(/\[([^\]]*),([^\]]*)\]/g, '[$1,，$2]')
    .replaceAll('{date}', `(?:${DATE})`)
    .replaceAll('{any}', '.{1,40}?')
    // At the end of a sentence's form the value goes as far as it can, inside it no further than the words that follow.
    .replace(/\{value\}$/, `(?<value>${VALUE_FORMS[kind].replaceAll('}?', '}')})`)
    .replaceAll('{value}', `(?<value>${VALUE_FORMS[kind]})`);
  const form = new RegExp(source, 'gmud');
  compiled.set(key, form);
  return form;
}

/** A value found in a sentence. */
export interface ProseHit {
  readonly text: string;
  readonly pieces: readonly TextPiece[];
}

/** Every place where a sentence of this form stands on the page. */
export function findProse(flowing: FlowingText, prose: string, kind: FieldKind): ProseHit[] {
  const out: ProseHit[] = [];
  for (const match of flowing.text.matchAll(compileProse(prose, kind))) {
    const place = match.indices?.groups?.value;
    if (place) out.push({ text: flowing.text.slice(place[0], place[1]), pieces: piecesOf(flowing, place[0], place[1]) });
  }
  return out;
}
