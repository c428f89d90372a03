/** One element of DER (X.690), its inside not read yet. */
export interface DerElement {
  readonly tag: number;
  readonly body: Uint8Array;
  /** Tag, length and body. */
  readonly whole: Uint8Array;
}

/** Bytes that are not of the form wanted. */
export class DerFault extends Error {}

/** Tags that stand in the outermost layers of a token. */
export const DER = { integer: 0x02, oid: 0x06, sequence: 0x30, set: 0x31, context0: 0xa0, context1: 0xa1 } as const;

/**
 * The elements that bytes are made of, one layer deep: what an element holds is not looked at, so a broken one inside spoils no other.
 * Lengths are the shortest there are, as DER has them. @throws DerFault
 */
export function splitDer(bytes: Uint8Array): DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { start, end } = lengthAt(bytes, at);
    found.push({ tag: bytes[at]!, body: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}

function lengthAt(bytes: Uint8Array, at: number): { start: number; end: number } {
  const first = bytes[at + 1];
  if (first === undefined || (bytes[at]! & 0x1f) === 0x1f) throw new DerFault();
  const count = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + count;
  if (first >= 0x80 && (count < 1 || count > 4 || start > bytes.length)) throw new DerFault();
  const length = count === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (count > 0 && (length < 0x80 || bytes[at + 2] === 0)) throw new DerFault();
  if (start + length > bytes.length) throw new DerFault();
  return { start, end: start + length };
}

/** The elements inside one that must have this tag. @throws DerFault */
export function insideDer(element: DerElement | undefined, tag: number): DerElement[] {
  if (element?.tag !== tag) throw new DerFault();
  return splitDer(element.body);
}
