import { type OfdPackage, resolvePath } from './package.ts';
import { childrenOf, findChild, numbersOf, type XmlElement } from './xml.ts';

// The picture of an electronic seal lies inside the signed value, as GB/T 38540-2020 (SES) and GM/T 0031-2014 lay it down:
// somewhere in the structure, SEQUENCE { IA5String kind, OCTET STRING picture, INTEGER width, INTEGER height }.

/** A seal on a page: where, in millimetres, and what it shows. */
export interface Seal {
  readonly pageId: string;
  readonly boundary: readonly [x: number, y: number, width: number, height: number];
  /** `png`, `jpg`, `bmp`, `gif` or `ofd`, lower case; null when no picture was found. */
  readonly kind: string | null;
  readonly picture: Uint8Array | null;
}

const TAG = { integer: 0x02, octets: 0x04, ia5: 0x16, sequence: 0x30 } as const;
const MAX_DEPTH = 24;

/** The seals of a document. Signatures themselves are not judged here; the original file keeps them. */
export function readSeals(ofd: OfdPackage, signaturesPath: string): Seal[] {
  const root = ofd.readXml(signaturesPath);
  if ('kind' in root) return [];
  return childrenOf(root, 'Signature').flatMap((signature) =>
    readSignature(ofd, resolvePath(signaturesPath, signature.attributes.BaseLoc ?? '')),
  );
}

function readSignature(ofd: OfdPackage, path: string): Seal[] {
  const root = ofd.readXml(path);
  if ('kind' in root) return [];
  const info = findChild(root, 'SignedInfo');
  const stamps = childrenOf(info, 'StampAnnot');
  if (stamps.length === 0) return [];
  const sources = [info && findChild(info, 'Seal'), root].flatMap((element) => sourcePaths(element));
  const found = sources.map((source) => findPictureIn(ofd, resolvePath(path, source))).find((p) => p !== null) ?? null;
  return stamps.flatMap((stamp) => {
    const boundary = numbersOf(stamp.attributes.Boundary);
    if (boundary.length !== 4) return [];
    return [
      {
        pageId: stamp.attributes.PageRef ?? '',
        boundary: boundary as unknown as Seal['boundary'],
        kind: found?.kind ?? null,
        picture: found?.picture ?? null,
      },
    ];
  });
}

function sourcePaths(element: XmlElement | null): string[] {
  if (!element) return [];
  return [findChild(element, 'BaseLoc')?.text, findChild(element, 'SignedValue')?.text].filter(
    (p): p is string => p !== undefined && p.trim() !== '',
  );
}

function findPictureIn(ofd: OfdPackage, path: string): { kind: string; picture: Uint8Array } | null {
  const bytes = ofd.read(path);
  return 'kind' in bytes ? null : findPicture(bytes, 0);
}

/** Walks DER for the picture; null when there is none. Lengths are checked against what is there. */
export function findPicture(der: Uint8Array, depth: number): { kind: string; picture: Uint8Array } | null {
  if (depth > MAX_DEPTH) return null;
  const items = readItems(der);
  const [kind, picture, width, height] = items;
  if (kind?.tag === TAG.ia5 && picture?.tag === TAG.octets && width?.tag === TAG.integer && height?.tag === TAG.integer)
    return { kind: String.fromCharCode(...kind.body).toLowerCase(), picture: picture.body };
  for (const item of items) {
    const constructed = (item.tag & 0x20) !== 0;
    const found = constructed ? findPicture(item.body, depth + 1) : null;
    if (found) return found;
  }
  return null;
}

function readItems(der: Uint8Array): { tag: number; body: Uint8Array }[] {
  const items: { tag: number; body: Uint8Array }[] = [];
  for (let at = 0; at + 2 <= der.length; ) {
    const tag = der[at]!;
    let length = der[at + 1]!;
    let start = at + 2;
    if (length >= 0x80) {
      const digits = length & 0x7f;
      if (digits === 0 || digits > 4) return items;
      length = 0;
      for (let i = 0; i < digits; i++) length = length * 256 + (der[start + i] ?? 0);
      start += digits;
    }
    if (start + length > der.length) return items;
    items.push({ tag, body: der.subarray(start, start + length) });
    at = start + length;
  }
  return items;
}
