/** May not begin a line: closing marks. Source: GB/T 15834-2011 5.1. */
const NO_START = new Set('，。、；：？！）》〉」』】〕］｝”’…—·%‰℃,.;:?!)]}');
/** May not end a line: opening marks. */
const NO_END = new Set('（《〈「『【〔［｛“‘([{');

const isWord = (c: string) => /[\p{Script=Latin}\p{N}'’.-]/u.test(c) && !/\p{Script=Han}/u.test(c);

/**
 * Breaks text into lines that fit a width: Chinese between any two characters, Latin words and numbers whole where they fit,
 * closing marks never first and opening marks never last on a line.
 * @param advance width of a character, in the unit of `width`
 */
export function breakLines(text: string, width: number, advance: (character: string) => number): string[] {
  const characters = [...text];
  const lines: string[] = [];
  let start = 0;
  while (start < characters.length) {
    let end = start;
    let used = 0;
    while (end < characters.length) {
      const wide = advance(characters[end]!);
      if (end > start && used + wide > width) break;
      used += wide;
      end++;
    }
    if (end < characters.length) end = goodBreak(characters, start, end);
    lines.push(characters.slice(start, end).join('').trim());
    start = end;
    while (characters[start] === ' ') start++;
  }
  return lines.length ? lines : [''];
}

/** The last place at or before `end` where a line may end; `end` itself when there is none. */
function goodBreak(characters: readonly string[], start: number, end: number): number {
  for (let at = end; at > start; at--) {
    const before = characters[at - 1]!;
    const after = characters[at]!;
    const insideWord = isWord(before) && isWord(after);
    if (!insideWord && !NO_START.has(after) && !NO_END.has(before)) return at;
  }
  return end;
}
