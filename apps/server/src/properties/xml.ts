/** Attributes of an element; those that are null are left out. */
export type XmlAttributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What XML 1.0 has no way to write becomes U+FFFD; the rest is escaped. */
export const xmlText = (value: string): string =>
  value
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, '\uFFFD')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\t\r\n]/g, (c) => `&#${c.charCodeAt(0)};`);

/** An element that holds elements, a line each. @param depth how far it is set in */
export function xmlElement(depth: number, name: string, attributes: XmlAttributes, children: readonly string[] = []): string {
  const said = Object.entries(attributes).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [` ${key}="${xmlText(String(value))}"`],
  );
  const open = `${'  '.repeat(depth)}<${name}${said.join('')}`;
  return children.length ? `${open}>\n${children.join('\n')}\n${'  '.repeat(depth)}</${name}>` : `${open}/>`;
}

/** An element that holds text. */
export const xmlLeaf = (depth: number, name: string, attributes: XmlAttributes, content: string): string =>
  `${xmlElement(depth, name, attributes).slice(0, -2)}>${xmlText(content)}</${name}>`;

/** A moment in UTC; null stays null. */
export const xmlMoment = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
