const BFCHARS_MAX = 100;

/** A number below 65,536 as four hexadecimal digits. */
export const hex4 = (n: number): string => n.toString(16).toUpperCase().padStart(4, '0');

/** Text as the hexadecimal digits of its UTF-16 units. */
export const utf16Hex = (text: string): string => Array.from({ length: text.length }, (_, i) => hex4(text.charCodeAt(i))).join('');

/**
 * The ToUnicode map of a font whose codes are two bytes: what text each code stands for, so that a document can be searched and copied from.
 * @param codes of each code its code point; each code once
 * Source: Adobe Technical Note 5411; ISO 32000-1, 9.10.3.
 */
export function toUnicodeMap(codes: Iterable<readonly [code: number, codePoint: number]>): string {
  const lines = Array.from(codes, ([code, codePoint]) => `<${hex4(code)}> <${utf16Hex(String.fromCodePoint(codePoint))}>`);
  const blocks = Array.from({ length: Math.ceil(lines.length / BFCHARS_MAX) }, (_, i) =>
    lines.slice(i * BFCHARS_MAX, (i + 1) * BFCHARS_MAX),
  );
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange',
    '<0000> <FFFF>',
    'endcodespacerange',
    ...blocks.flatMap((block) => [`${block.length} beginbfchar`, ...block, 'endbfchar']),
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end',
    'end',
  ].join('\n');
}
