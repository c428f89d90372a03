import { ArchiveError, findHex, formatHex, isIdNumber, utf8 } from '@lantai/values';

/**
 * One line of the log: which act, by whom, on what, when. Normative: docs/spec/log-entry.md.
 *
 * INVARIANT: an entry lives for ever and is shown to strangers with a receipt, so it holds opaque ids, codes, counts and keyed digests,
 * never a name, number, title, text or clear digest of content.
 */
export interface Entry {
  /** UUID of the entry. */
  readonly id: string;
  /** When the act was done, milliseconds since 1970 UTC. */
  readonly atMs: number;
  /** Code of the act, such as `page.received`. */
  readonly kind: string;
  /** Who did it: a reference, see {@link REFERENCE}. */
  readonly actor: string;
  /** On what, a reference such as `page:0190…`. */
  readonly object?: string;
  /** UUID of the dossier it touched. */
  readonly dossier?: string;
  /** Commitment to content, 32 bytes: see `contentCommitment`. */
  readonly commit?: Uint8Array;
  /** Codes, counts and keyed digests. */
  readonly params?: Readonly<Record<string, string | number>>;
}

/** Longest entry in bytes. C2SP tlog-tiles allows 65,535; an entry names things, it does not hold them. */
export const ENTRY_LIMIT_BYTES = 4096;

const UUID_FORM = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const UUID = new RegExp(`^${UUID_FORM}$`);
const KIND = /^[a-z][a-z0-9_-]{0,31}(?:[./][a-z][a-z0-9_-]{0,31}){0,3}$/;
/** A word (`system`), an id, a hexadecimal digest, or a word, a colon and one of these. */
const REFERENCE = new RegExp(`^(?:[a-z][a-z0-9_-]{0,31}|(?:[a-z][a-z0-9_-]{0,31}:)?(?:${UUID_FORM}|(?:[0-9a-f]{2}){4,64}))$`);
const PARAM_NAME = /^[a-zA-Z][a-zA-Z0-9_]{0,31}$/;
/** Codes, ids, digests in hex or base 64, dates: no space and nothing beyond ASCII, so no name or sentence of a dossier fits. */
const PARAM_TEXT = /^[A-Za-z0-9._:/+=-]{0,200}$/;
const PARAM_LIMIT = 32;

/**
 * The bytes of an entry, always the same for the same entry: RFC 8785 canonical JSON in ASCII.
 * @throws ArchiveError `entry/malformed` (caller), naming the field, when a field is not of its form or looks like personal data.
 */
export function encodeEntry(entry: Entry): Uint8Array {
  const fault = findFieldFault(entry);
  if (fault) throw new ArchiveError('entry/malformed', 'caller', { field: fault });
  const bytes = utf8(canonicalText(entry));
  if (bytes.length > ENTRY_LIMIT_BYTES) throw new ArchiveError('entry/malformed', 'caller', { field: 'length' });
  return bytes;
}

/** The entry of these bytes; null when they are not exactly what {@link encodeEntry} writes. */
export function findEntry(bytes: Uint8Array): Entry | null {
  if (bytes.length > ENTRY_LIMIT_BYTES) return null;
  const fields = parseFields(bytes);
  if (fields?.v !== 1) return null;
  const { v, at, commit, ...rest } = fields;
  const commitBytes = typeof commit === 'string' ? findHex(commit) : undefined;
  const entry = { ...rest, atMs: at, ...(commitBytes ? { commit: commitBytes } : {}) };
  if (findFieldFault(entry)) return null;
  // The check above makes every field an entry's; the comparison refuses unknown fields and any second spelling.
  const text = canonicalText(entry as Entry);
  return text.length === bytes.length && utf8(text).every((b, i) => b === bytes[i]) ? (entry as Entry) : null;
}

/** Like {@link findEntry}. @throws ArchiveError `entry/malformed` (corruption). */
export function decodeEntry(bytes: Uint8Array): Entry {
  const entry = findEntry(bytes);
  if (!entry) throw new ArchiveError('entry/malformed', 'corruption', { field: 'bytes' });
  return entry;
}

function parseFields(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    // Not JSON, or not UTF-8: an expected outcome of reading bytes from outside.
    return null;
  }
}

/** Keys in code-unit order at both levels and JSON.stringify's spelling of strings and integers: what RFC 8785 asks. */
function canonicalText(entry: Entry): string {
  const params = entry.params && Object.fromEntries(Object.entries(entry.params).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({
    actor: entry.actor,
    at: entry.atMs,
    commit: entry.commit && formatHex(entry.commit),
    dossier: entry.dossier,
    id: entry.id,
    kind: entry.kind,
    object: entry.object,
    params,
    v: 1,
  });
}

/** Name of the first field that is not of its form; null when all are. */
function findFieldFault(entry: { readonly [K in keyof Entry]?: unknown }): string | null {
  const { id, atMs, kind, actor, object, dossier, commit, params } = entry;
  const matches = (value: unknown, form: RegExp) => typeof value === 'string' && form.test(value);
  if (!matches(id, UUID)) return 'id';
  if (!isCount(atMs)) return 'atMs';
  if (!matches(kind, KIND)) return 'kind';
  if (!matches(actor, REFERENCE)) return 'actor';
  if (object !== undefined && !matches(object, REFERENCE)) return 'object';
  if (dossier !== undefined && !matches(dossier, UUID)) return 'dossier';
  if (commit !== undefined && !(commit instanceof Uint8Array && commit.length === 32)) return 'commit';
  return params === undefined ? null : findParamFault(params);
}

function findParamFault(params: unknown): string | null {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return 'params';
  const list = Object.entries(params);
  if (list.length === 0 || list.length > PARAM_LIMIT) return 'params';
  for (const [name, value] of list) {
    if (!PARAM_NAME.test(name)) return 'params';
    const isText = typeof value === 'string' && PARAM_TEXT.test(value) && !looksPersonal(value);
    if (!isText && !(Number.isSafeInteger(value) && !Object.is(value, -0) && !looksPersonal(String(value)))) return `params.${name}`;
  }
  return null;
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);

/** An ID number or a mainland mobile number: the two that a slip of the hand would most likely put into a parameter. */
const looksPersonal = (text: string) => isIdNumber(text.toUpperCase()) || /^(?:\+?86)?1[3-9]\d{9}$/.test(text);
