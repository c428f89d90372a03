import { checkOf } from '../checksum.ts';

/** What the QR code on a box says: which box of which fonds. */
export interface BoxCode {
  /** Number of the fonds (全宗号). */
  readonly fonds: string;
  /** Number of the box (盒号) in its fonds, from 1. */
  readonly number: number;
}

const FORM = /^LANTAI-BOX\/1 F=(\S{1,40}) B=([1-9]\d{0,8})$/u;

/** The text of a box's QR code, `LANTAI-BOX/1 F=Z109 B=12 7A3F`. Source: docs/spec/boxes.md. */
export function formatBoxCode({ fonds, number }: BoxCode): string {
  const said = `LANTAI-BOX/1 F=${fonds} B=${number}`;
  return `${said} ${checkOf(said)}`;
}

/** What a code found on a picture, or typed by a scanner, says: a box, nothing of ours (null), or a box's code that is damaged or of another version. */
export function readBoxCode(text: string): BoxCode | 'damaged' | null {
  if (!text.startsWith('LANTAI-BOX/')) return null;
  const at = text.lastIndexOf(' ');
  const said = text.slice(0, Math.max(0, at));
  const form = FORM.exec(said);
  if (!form?.[1] || checkOf(said) !== text.slice(at + 1)) return 'damaged';
  return { fonds: form[1], number: Number(form[2]) };
}
