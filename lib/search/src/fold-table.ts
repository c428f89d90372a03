import traditional from 'opencc-js/dict/TSCharacters';

/** Marks in the fold table: not one BMP unit to one BMP unit, so the segment is folded as text. */
export const SLOW = 0xffff;
/** Marks in the fold table: the unit leaves nothing in the folded text. */
export const DROP = 0xfffe;

const REPLACEMENT = '\u{fffd}';
const SPACE = /^\p{White_Space}$/u;
// Marks that only change a glyph or the layout carry no meaning for a search: controls, format characters, variation selectors.
const SILENT_ONE = /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
const SILENT = /[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const UNUSABLE = /^[\p{Cs}\p{Noncharacter_Code_Point}]$/u;
/** Continues the segment that the character before it began: combining marks, and the vowels and finals of Korean letters. */
const CONTINUES = /^[\p{M}\u{1160}-\u{11ff}\u{d7b0}-\u{d7ff}\u{ff9e}\u{ff9f}]$/u;

/** Characters that look alike on paper and that a keyboard or a reader interchanges; NFKC leaves them apart. */
const LOOK_ALIKE: readonly (readonly [string, string])[] = [
  ['‐‑‒–—―−﹘', '-'],
  ['“”„‟〝〞', '"'],
  ['‘’‚‛', "'"],
  ['•‧∙・⋅･', '·'],
  ['○◯', '〇'],
  ['ς', 'σ'],
];

/** Line ends among the white space; a number may stand across a space but a phone number never across one of these. */
export const isLineEnd = (char: string): boolean => /^[\n\v\f\r\u{85}\u{2028}\u{2029}]$/u.test(char);
export const isSpace = (char: string): boolean => SPACE.test(char);
/** Whether a character leaves nothing in the folded text: white space, controls, ignorable characters. */
export const isSilent = (char: string): boolean => SILENT_ONE.test(char);

/** Characters that fold to a mark of their own, such as ´ and ゛. */
const standingMarks = new Set<string>();

export function continuesSegment(char: string): boolean {
  foldTable();
  return CONTINUES.test(char) || standingMarks.has(char);
}

let canonical: Map<string, string> | undefined;

/** 繁 → 简 by single characters, and look-alikes; followed to its end, so folding twice changes nothing. */
function canonicalCharacters(): Map<string, string> {
  if (canonical) return canonical;
  const direct = new Map<string, string>(traditional.split('|').map((entry) => entry.split(' ') as [string, string]));
  for (const [from, to] of LOOK_ALIKE) for (const char of from) direct.set(char, to);
  const resolved = new Map<string, string>();
  for (const from of direct.keys()) {
    let to = from;
    // A table never has a chain longer than a few links; the bound only ends a cycle.
    for (let link = 0; link < 8 && direct.has(to); link++) to = direct.get(to)!;
    if (to !== from) resolved.set(from, to);
  }
  canonical = resolved;
  return resolved;
}

/**
 * Folds one segment (a character with the marks that continue it): NFKC, lower case, NFKC, 繁 → 简, look-alikes.
 * White space and ignored characters vanish. Halves of surrogate pairs and noncharacters become U+FFFD, so the folded text
 * has the noncharacters U+FDD0–U+FDEF for its own use.
 */
export function foldSegment(segment: string): string {
  const audible = segment.replace(SILENT, '').normalize('NFKC').toLowerCase().normalize('NFKC');
  // ´ is a space and a mark to NFKC: without the space the mark joins the character before it.
  const plain = audible.replace(SILENT, '').normalize('NFKC');
  const table = canonicalCharacters();
  let out = '';
  for (const char of plain) out += UNUSABLE.test(char) ? REPLACEMENT : (table.get(char) ?? char);
  return out;
}

let table: Uint16Array | undefined;

/** For each UTF-16 unit what it folds to when that is one unit, or {@link SLOW} or {@link DROP}. Built on first use (about 0.1 s). */
export function foldTable(): Uint16Array {
  if (table) return table;
  const built = new Uint16Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit++) {
    const char = String.fromCharCode(unit);
    if ((unit >= 0xd800 && unit <= 0xdfff) || CONTINUES.test(char)) {
      built[unit] = SLOW;
      continue;
    }
    const folded = foldSegment(char);
    if (CONTINUES.test(String.fromCodePoint(folded.codePointAt(0) ?? 0))) {
      standingMarks.add(char);
      built[unit] = SLOW;
    } else if (folded.length === 0) built[unit] = DROP;
    else built[unit] = folded.length === 1 ? folded.charCodeAt(0) : SLOW;
  }
  table = built;
  return built;
}
