import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { MAX_XML_BYTES, MAX_XML_DEPTH } from '../limits.ts';
import { type Refused, refused } from '../outcome.ts';

/** An element without its namespace prefix; children in document order. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own character data. */
  readonly text: string;
}

const ATTRIBUTES = ':@';
const TEXT = '#text';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false, // a file must not define words; the five of XML and numbers are decoded below
  maxNestedTags: MAX_XML_DEPTH,
});

/**
 * Parses one part. A document type is refused before parsing: with it come entities that grow, and files fetched from elsewhere (XXE).
 * @returns the root element, or `ofd/xml-too-large`, `ofd/doctype`, `ofd/xml-broken`
 */
export function parseXml(bytes: Uint8Array): XmlElement | Refused {
  if (bytes.length > MAX_XML_BYTES) return refused('ofd/xml-too-large', { byteLength: bytes.length, limit: MAX_XML_BYTES });
  const text = decodeXml(bytes);
  if (text === null) return refused('ofd/xml-broken');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return refused('ofd/doctype');
  try {
    if (XMLValidator.validate(text) !== true) return refused('ofd/xml-broken');
    const nodes = toElements(parser.parse(text));
    const root = nodes.find((node) => !node.name.startsWith('?'));
    return root ?? refused('ofd/xml-broken');
  } catch {
    return refused('ofd/xml-broken'); // the parser's words quote the file
  }
}

/** By its byte order mark or its declaration; else UTF-8. */
function decodeXml(bytes: Uint8Array): string | null {
  const declared = /^<\?xml[^>]*encoding=["']([\w-]+)["']/.exec(String.fromCharCode(...bytes.subarray(0, 120)))?.[1];
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : (declared ?? 'utf-8');
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null; // no such encoding, or the bytes are not in it
  }
}

type Raw = Readonly<Record<string, unknown>>;

function toElements(nodes: unknown): XmlElement[] {
  return Array.isArray(nodes) ? nodes.flatMap((node: Raw) => toElement(node)) : [];
}

function toElement(node: Raw): XmlElement[] {
  const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
  if (name === undefined || name === TEXT) return [];
  const inner = node[name] as readonly Raw[];
  // Without a prototype: `constructor` and `__proto__` are names like any other here.
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [key, value] of Object.entries((node[ATTRIBUTES] ?? {}) as Raw)) attributes[key] = decodeEntities(String(value));
  const text = inner.map((child) => (typeof child[TEXT] === 'string' ? child[TEXT] : '')).join('');
  return [{ name, attributes, children: toElements(inner), text: decodeEntities(text) }];
}

const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w{1,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED.get(name) ?? whole;
    const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff && code > 0 ? String.fromCodePoint(code) : whole;
  });
}

/** First child of that name; null when there is none. */
export function findChild(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((child) => child.name === name) ?? null;
}

/** Children of that name, in order. */
export function childrenOf(element: XmlElement | null, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Numbers of a space-separated list; those that are none are left out. */
export function numbersOf(text: string | undefined): number[] {
  return (text ?? '')
    .trim()
    .split(/\s+/)
    .filter((part) => part !== '')
    .map(Number)
    .filter(Number.isFinite);
}
