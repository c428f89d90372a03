/** A piece of a snippet, lit or not. */
export interface SnippetPart {
  readonly text: string;
  readonly isLit: boolean;
}

/** Cuts a snippet at its marks `[start, length]`, counted in code points; marks that overlap are one. */
export function partsOfSnippet(snippet: string, marks: readonly (readonly number[])[]): SnippetPart[] {
  const chars = [...snippet];
  const lit = chars.map(() => false);
  for (const [start = 0, length = 0] of marks)
    for (let i = Math.max(0, start); i < Math.min(chars.length, start + length); i++) lit[i] = true;
  const parts: { text: string; isLit: boolean }[] = [];
  chars.forEach((char, i) => {
    const last = parts.at(-1);
    if (last && last.isLit === lit[i]) last.text += char;
    else parts.push({ text: char, isLit: lit[i]! });
  });
  return parts;
}
