import { findHex, formatHex, utf8 } from '@lantai/values';
import { findBase64, formatBase64 } from './base64.ts';
import { SALT_BYTES } from './commitment.ts';
import { HASH_BYTES } from './merkle.ts';

/**
 * A receipt that stands alone: a C2SP `.tlog-proof` whose extra line holds the entry's bytes and, for an entry that commits to content,
 * the salt. Normative: docs/spec/receipt.md.
 */
export interface Receipt {
  readonly entryBytes: Uint8Array;
  /** 32 bytes; absent when the entry commits to nothing or the salt was destroyed. */
  readonly salt?: Uint8Array;
  readonly position: number;
  /** Hashes beside the path, from the leaf up. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, as the log published it. */
  readonly checkpointNote: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
/** Longest receipt that is read, in UTF-16 units; a real one is below 4,000. */
const RECEIPT_LIMIT = 1_000_000;
/** A tree of 2^64 leaves has no longer proof. */
const PROOF_LIMIT = 64;

/** The text of a receipt, LF line ends. Suggested file name ending: `.tlog-proof`. Source: C2SP tlog-proof. */
export function formatReceipt(receipt: Receipt): string {
  const lines = [
    HEADER,
    `extra ${formatBase64(utf8(extraText(receipt)))}`,
    `index ${receipt.position}`,
    ...receipt.proof.map(formatBase64),
    '',
    receipt.checkpointNote,
  ];
  return lines.join('\n');
}

/** Parses a receipt; null when the text is not of the form that {@link formatReceipt} writes. Says nothing yet of its truth. */
export function parseReceipt(text: string): Receipt | null {
  if (text.length > RECEIPT_LIMIT) return null;
  const split = text.indexOf('\n\n');
  if (split < 0) return null;
  const [header, extra, index, ...hashes] = text.slice(0, split).split('\n');
  if (header !== HEADER || !extra?.startsWith('extra ') || hashes.length > PROOF_LIMIT) return null;
  const m = /^index (0|[1-9]\d{0,15})$/.exec(index ?? '');
  const inner = parseExtra(extra.slice('extra '.length));
  const proof = hashes.map(findBase64);
  if (!m || !Number.isSafeInteger(Number(m[1])) || !inner) return null;
  if (!proof.every((h): h is Uint8Array => h?.length === HASH_BYTES)) return null;
  return { ...inner, position: Number(m[1]), proof, checkpointNote: text.slice(split + 2) };
}

/** Canonical JSON (RFC 8785) of what a stranger needs beside the proof; readable by `base64 -d`. */
function extraText(receipt: Pick<Receipt, 'entryBytes' | 'salt'>): string {
  const entry = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(receipt.entryBytes);
  return JSON.stringify({ entry, salt: receipt.salt && formatHex(receipt.salt), v: 1 });
}

function parseExtra(base64: string): Pick<Receipt, 'entryBytes' | 'salt'> | null {
  const bytes = findBase64(base64);
  if (!bytes) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const { entry, salt }: { entry?: unknown; salt?: unknown } = JSON.parse(text) ?? {};
    const saltBytes = typeof salt === 'string' ? findHex(salt) : undefined;
    if (typeof entry !== 'string' || (saltBytes && saltBytes.length !== SALT_BYTES)) return null;
    const inner = { entryBytes: utf8(entry), ...(saltBytes ? { salt: saltBytes } : {}) };
    // Unknown fields, another version and any second spelling fall here.
    return extraText(inner) === text ? inner : null;
  } catch {
    // Not UTF-8 or not JSON: an expected outcome of reading a text from outside.
    return null;
  }
}
