import type { ReadChar } from './ctc.ts';
import type { Lexicon } from './lexicon.ts';

/** How much a known pair of characters counts against the recogniser's own opinion. */
const PAIR_SHARE = 0.75;
/** What a character outside GB 2312 costs on a page of simplified text, in nats: handwriting is easily taken for a traditional form. */
const RARE_COST = 3;
/** So many different characters outside GB 2312 make a page one of traditional text, where neither rule holds. */
const TRADITIONAL_KINDS = 5;
const RATHER_SURE_01 = 0.8;
/** What a Latin letter with no letter beside it costs, in nats: 工 is easily taken for h, 7 for t. */
const LONE_LETTER_COST = 2.5;
const LEAST_01 = 1e-4;

/** Characters of GB 2312-80, rows 16 to 87. */
const GB2312 = gb2312();

function gb2312(): Set<string> {
  const decoder = new TextDecoder('gb18030');
  const out = new Set<string>(['〇']);
  for (let row = 0xb0; row <= 0xf7; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const char = decoder.decode(Uint8Array.of(row, cell));
      if (char.length === 1) out.add(char);
    }
  }
  return out;
}

const isHan = (char: string) => /\p{Script=Han}/u.test(char);
const isRare = (char: string) => isHan(char) && !GB2312.has(char);

/** True when a page is written in traditional characters. */
export function isTraditionalPage(lines: readonly (readonly ReadChar[])[]): boolean {
  const kinds = new Set<string>();
  for (const chars of lines) for (const c of chars) if (c.confidence01 >= RATHER_SURE_01 && isRare(c.char)) kinds.add(c.char);
  return kinds.size >= TRADITIONAL_KINDS;
}

interface Option {
  readonly char: string;
  readonly confidence01: number;
}

/**
 * Chooses among the candidates of uncertain characters those that make known words, on a page of simplified text. What the recogniser is sure
 * of stays; the candidate passed over stays among the others, so nothing is lost to search.
 */
export function spell(chars: readonly ReadChar[], lexicon: Lexicon): ReadChar[] {
  const options = chars.map((c): Option[] => [c, ...c.others]);
  if (options.every((o) => o.length === 1)) return [...chars];
  const chosen = bestPath(options, lexicon);
  return chars.map((c, i) => {
    const pick = chosen[i]!;
    if (pick === 0) return c;
    const { char, confidence01 } = options[i]![pick]!;
    const others = [{ char: c.char, confidence01: c.confidence01 }, ...c.others.filter((_, k) => k !== pick - 1)];
    return { ...c, char, confidence01, others };
  });
}

/** Viterbi over the candidates: index of the best option of each character. */
function bestPath(options: readonly Option[][], lexicon: Lexicon): number[] {
  const isLetter = (char: string | undefined) => char !== undefined && /[A-Za-z]/.test(char);
  const own = (o: Option, i: number) => {
    const lone = isLetter(o.char) && !isLetter(options[i - 1]?.[0]?.char) && !isLetter(options[i + 1]?.[0]?.char);
    return Math.log(Math.max(o.confidence01, LEAST_01)) - (isRare(o.char) ? RARE_COST : 0) - (lone ? LONE_LETTER_COST : 0);
  };
  let score = options[0]!.map((o) => own(o, 0));
  const cameFrom: number[][] = [[]];
  for (let i = 1; i < options.length; i++) {
    const before = options[i - 1]!;
    const next: number[] = [];
    const back: number[] = [];
    for (const o of options[i]!) {
      let best = Number.NEGATIVE_INFINITY;
      let at = 0;
      before.forEach((p, k) => {
        const s = score[k]! + PAIR_SHARE * lexicon.pairWeight(p.char, o.char);
        if (s > best) [best, at] = [s, k];
      });
      next.push(best + own(o, i));
      back.push(at);
    }
    score = next;
    cameFrom.push(back);
  }
  const path: number[] = [];
  let at = score.indexOf(Math.max(...score));
  for (let i = options.length - 1; i >= 0; i--) {
    path[i] = at;
    at = cameFrom[i]![at] ?? 0;
  }
  return path;
}

/**
 * Mends what is no matter of words: the rare character 丶 is always the pause mark 、, a level stroke between digits is a dash and not a one.
 */
export function mendMarks(chars: readonly ReadChar[]): ReadChar[] {
  return chars.map((c, i) => {
    if (c.char === '丶') return { ...c, char: '、' };
    const before = chars[i - 1]?.char ?? '';
    const after = chars[i + 1]?.char ?? '';
    const isDash = c.char === '一' && /[0-9]/.test(before) && (after === '' || /[0-9至]/.test(after));
    return isDash ? { ...c, char: '—', others: [{ char: c.char, confidence01: c.confidence01 }, ...c.others] } : c;
  });
}
