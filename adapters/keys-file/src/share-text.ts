import { encodeShare, findShare, type Primitives, SHARE_LENGTH, type Share } from '@lantai/vault';
import { formatLines, type LinesFault, lineCountOf, parseLines } from './symbol-lines.ts';

/** Lines of a share on paper. */
export const SHARE_LINE_COUNT = lineCountOf(SHARE_LENGTH);

/** Sixteen words for four bits each; the Chinese are the first sixteen characters of 千字文. */
const WORDS = {
  en: 'alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa'.split(' '),
  zh: [...'天地玄黄宇宙洪荒日月盈昃辰宿列张'],
} as const;
const WORD_COUNT = 4;

/** A share to be printed: lines of four groups of four symbols. Source: docs/spec/root-key.md section 4. */
export const formatShare = (share: Share): string[] => formatLines(encodeShare(share));

/** What a typed share turned out to be. */
export type ShareReading = { readonly kind: 'share'; readonly share: Share } | { readonly kind: 'no-share' } | LinesFault;

/** Reads a share as a person typed it. */
export function parseShare(text: string): ShareReading {
  const read = parseLines(text, SHARE_LENGTH);
  if (read.kind !== 'bytes') return read;
  const share = findShare(read.bytes);
  return share ? { kind: 'share', share } : { kind: 'no-share' };
}

/** Four words that stand on the sheet and are said again when it is typed: who reads others has mistyped, or has another sheet. */
export function shareWords(p: Primitives, share: Share, language: 'zh' | 'en'): string[] {
  const digest = p.hash('sha256', encodeShare(share));
  return Array.from({ length: WORD_COUNT }, (_, i) => WORDS[language][(digest[i >> 1]! >> (i % 2 === 0 ? 4 : 0)) & 15]!);
}

/** Splits text into shares: each so many lines as a share has, blank lines between them or not. Lines that begin with `#` are remarks. */
export function splitShareTexts(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const out: string[] = [];
  for (let at = 0; at < lines.length; at += SHARE_LINE_COUNT) out.push(lines.slice(at, at + SHARE_LINE_COUNT).join('\n'));
  return out;
}
