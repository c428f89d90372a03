import { ArchiveError, assert } from '@lantai/values';
import { hkdfExpand } from './keys.ts';
import type { Primitives, SuiteId } from './primitives.ts';
import { findSuite, KEY_LENGTH, NONCE_LENGTH, SUITES, type Suite, TAG_LENGTH } from './suites.ts';

/** Where a sealed value stands. All of it is authenticated, so a value moved to another row, column or version does not open. */
export interface ColumnPlace {
  readonly table: string;
  readonly column: string;
  /** Id of the row, as text. */
  readonly rowId: string;
  /** Version of the row or of its value: a whole number from 0. An older value put back under a newer version does not open. */
  readonly version: number;
}

/** Bytes a sealed column is longer than its value: suite 1, nonce 12, tag 16. */
export const COLUMN_OVERHEAD = 1 + NONCE_LENGTH + TAG_LENGTH;

const encoder = new TextEncoder();
const TEXT_LENGTH_MAX = 255;

function encodePart(text: string): Uint8Array {
  const part = encoder.encode(text);
  assert(part.length > 0 && part.length <= TEXT_LENGTH_MAX, 'table, column and row have 1 to 255 bytes');
  return part;
}

/** Names of tables and columns come again with every value. */
const names = new Map<string, Uint8Array>();

function encodeName(text: string): Uint8Array {
  const known = names.get(text);
  if (known) return known;
  const part = encodePart(text);
  names.set(text, part);
  return part;
}

/** `suite ‖ version (64 bits) ‖ for table, column, row: length (8 bits) ‖ UTF-8`. */
function encodePlace(suite: Suite, { table, column, rowId, version }: ColumnPlace): Uint8Array {
  assert(Number.isSafeInteger(version) && version >= 0, 'a version is a whole number from 0');
  const parts = [encodeName(table), encodeName(column), encodePart(rowId)];
  const out = new Uint8Array(9 + parts.reduce((sum, part) => sum + 1 + part.length, 0));
  out[0] = suite.byte;
  const view = new DataView(out.buffer);
  view.setUint32(1, Math.floor(version / 2 ** 32));
  view.setUint32(5, version >>> 0);
  let at = 9;
  for (const part of parts) {
    out[at++] = part.length;
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The AEAD key of a suite: the column key itself, or its expansion where cipher and MAC need two keys. */
function aeadKeyOf(p: Primitives, suite: Suite, key: Uint8Array): Uint8Array {
  assert(key.length === KEY_LENGTH, 'a column key has 32 bytes');
  if (suite.aeadKeyLength === KEY_LENGTH) return key;
  return hkdfExpand(p, suite.digest, key, encoder.encode(`lantai/column-aead/v1+${suite.aeadName}`), suite.aeadKeyLength);
}

/** Seals and opens the columns under one key; cheaper than the functions below when a key serves many values under `gm`. */
export interface ColumnCipher {
  seal(place: ColumnPlace, plain: Uint8Array): Uint8Array;
  /** @throws ArchiveError `column/corrupt`, `column/suite-unknown` (corruption). */
  open(place: ColumnPlace, sealed: Uint8Array): Uint8Array;
}

/**
 * A cipher for columns. New values are sealed under `suite`; values opened may be of any suite, as their first byte says.
 * `key`: `deriveKey(p, dossierKey, COLUMN_LABEL)`, at most 2^32 values under one key. Source: docs/spec/sealed-column.md.
 */
export function createColumnCipher(p: Primitives, { suite: suiteId, key }: { suite: SuiteId; key: Uint8Array }): ColumnCipher {
  const keys = new Map<Suite, Uint8Array>();
  const keyOf = (suite: Suite) => {
    const found = keys.get(suite) ?? aeadKeyOf(p, suite, key);
    keys.set(suite, found);
    return found;
  };
  return {
    seal(place, plain) {
      const suite = SUITES[suiteId];
      const nonce = p.random(NONCE_LENGTH);
      const body = p.aeadSeal(suite.aead, keyOf(suite), nonce, encodePlace(suite, place), plain);
      const sealed = new Uint8Array(1 + NONCE_LENGTH + body.length);
      sealed[0] = suite.byte;
      sealed.set(nonce, 1);
      sealed.set(body, 1 + NONCE_LENGTH);
      return sealed;
    },
    open(place, sealed) {
      const { table, column } = place;
      if (sealed.length < COLUMN_OVERHEAD) throw new ArchiveError('column/corrupt', 'corruption', { table, column });
      const suite = findSuite(sealed[0]);
      if (!suite) throw new ArchiveError('column/suite-unknown', 'corruption', { table, column, suite: sealed[0]! });
      const nonce = sealed.subarray(1, 1 + NONCE_LENGTH);
      const plain = p.aeadOpen(suite.aead, keyOf(suite), nonce, encodePlace(suite, place), sealed.subarray(1 + NONCE_LENGTH));
      if (!plain) throw new ArchiveError('column/corrupt', 'corruption', { table, column });
      return plain;
    },
  };
}

/** Seals one value for a `bytea` column: 29 bytes longer than `plain`, different each time. */
export function sealColumn(p: Primitives, input: ColumnPlace & { suite: SuiteId; key: Uint8Array; plain: Uint8Array }): Uint8Array {
  return createColumnCipher(p, input).seal(input, input.plain);
}

/** Opens one value. The suite is read from the value. @throws ArchiveError `column/corrupt`, `column/suite-unknown` (corruption). */
export function openColumn(p: Primitives, input: ColumnPlace & { suite?: SuiteId; key: Uint8Array; sealed: Uint8Array }): Uint8Array {
  return createColumnCipher(p, { suite: input.suite ?? 'intl', key: input.key }).open(input, input.sealed);
}
