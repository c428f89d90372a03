import { concatBytes } from '@lantai/values';

// PDFs with signatures, written byte by byte, so that a test can put each byte wrong.

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
/** Room for the value of a signature, in bytes. */
const VALUE_BYTES = 6000;
const RANGE_ROOM = '[0 0000000000 0000000000 0000000000]';

/** A PDF with its cross-reference places, so that more can be put behind it. */
export interface WrittenPdf {
  readonly bytes: Uint8Array;
  readonly startXref: number;
  readonly size: number;
}

/** Puts objects behind a file (an incremental update), or begins one. @param objects text by number */
export function writeObjects(before: WrittenPdf | null, objects: Readonly<Record<number, string>>): WrittenPdf {
  let text = before ? '\n' : '%PDF-1.7\n';
  const start = before?.bytes.length ?? 0;
  const numbers = Object.keys(objects).map(Number);
  const places = new Map<number, number>();
  for (const number of numbers) {
    places.set(number, start + text.length);
    text += `${number} 0 obj\n${objects[number]}\nendobj\n`;
  }
  const startXref = start + text.length;
  const size = Math.max(before?.size ?? 0, ...numbers.map((n) => n + 1));
  const line = (at: number) => `${String(at).padStart(10, '0')} 00000 n \n`;
  const sections = before
    ? numbers.map((n) => `${n} 1\n${line(places.get(n)!)}`).join('')
    : `0 ${size}\n0000000000 65535 f \n${numbers.map((n) => line(places.get(n)!)).join('')}`;
  text += `xref\n${sections}trailer\n<< /Size ${size} /Root 1 0 R ${before ? `/Prev ${before.startXref} ` : ''}>>\nstartxref\n${startXref}\n%%EOF\n`;
  return { bytes: concatBytes(before?.bytes ?? new Uint8Array(0), latin1(text)), startXref, size };
}

const PAGE =
  '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [ANNOTS] >>';
export const stream = (content: string) => `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;

/** A page that says what it pays, not signed yet. */
export function contractPdf(words = 'Monthly pay 9000'): WrittenPdf {
  return writeObjects(null, {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: PAGE.replace('ANNOTS', ''),
    4: stream(`BT /F1 18 Tf 20 120 Td (${words}) Tj ET`),
    5: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  });
}

/** What of a signed PDF is written otherwise than usual. */
export interface PdfSigning {
  readonly subFilter?: string;
  /** Another range than the right one; given the right one. */
  readonly range?: (right: readonly [number, number, number, number]) => readonly number[];
  /** Fields of signatures that stand in the file already. */
  readonly fields?: readonly number[];
  /** Where the signature shows itself. */
  readonly rect?: string;
}

/**
 * Puts a signature field with its value behind a file.
 * @param sign makes the value of the bytes that it covers
 */
export async function signPdf(
  before: WrittenPdf,
  sign: (content: Uint8Array) => Promise<Uint8Array>,
  options: PdfSigning = {},
): Promise<WrittenPdf> {
  const { subFilter = 'ETSI.CAdES.detached', range = (right) => right, fields = [], rect = '0 0 0 0' } = options;
  const [field, value] = [before.size, before.size + 1];
  const list = [...fields, field].map((n) => `${n} 0 R`).join(' ');
  const made = writeObjects(before, {
    1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [${list}] >> >>`,
    3: PAGE.replace('ANNOTS', list),
    [field]: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature${field}) /F 132 /P 3 0 R /Rect [${rect}] /V ${value} 0 R >>`,
    [value]: `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /${subFilter} /M (D:20250601163000+08'00') /ByteRange ${RANGE_ROOM} /Contents <${'0'.repeat(2 * VALUE_BYTES)}> >>`,
  });
  const bytes = new Uint8Array(made.bytes);
  const text = Buffer.from(bytes).toString('latin1');
  const opens = text.lastIndexOf('<000000');
  const behind = opens + 2 * VALUE_BYTES + 2;
  const right = [0, opens, behind, bytes.length - behind] as const;
  const numbers = range(right);
  bytes.set(latin1(`[${numbers.map(String).join(' ')}]`.padEnd(RANGE_ROOM.length)), text.lastIndexOf(RANGE_ROOM));
  const message = await sign(concatBytes(bytes.slice(0, opens), bytes.slice(behind)));
  bytes.set(latin1(Buffer.from(message).toString('hex')), opens + 1);
  return { ...made, bytes };
}
