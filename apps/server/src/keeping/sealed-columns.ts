import type { ColumnPlace } from '@lantai/vault';
import { type KeyRef, PURPOSE } from '../archive/index.ts';

/** A table with sealed columns: how its rows are walked, whose key seals them, and where each value says that it stands. */
export interface SealedTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns of the primary key with their types: rows are walked and named by them. */
  readonly key: readonly (readonly [name: string, type: 'uuid' | 'text' | 'bytea' | 'integer'])[];
  readonly keyKind: KeyRef['kind'];
  /** SQL over `t` of the id of the key that seals it. */
  readonly keyId: string;
  /** SQL over `t` of the row's id inside the sealed place, as text. Left out: `t.id::text`. */
  readonly rowId?: string;
  /** SQL over `t` of the version inside the sealed place; left out: 1. */
  readonly version?: string;
  /** Rows of the log cannot be changed by the program: the value is replaced by a function of the database that does nothing else. */
  readonly setBy?: string;
}

const ID = [['id', 'uuid']] as const;
const purpose = (id: string) => ({ keyKind: 'purpose', keyId: `'${id}'` }) as const;
const ofDossier = { keyKind: 'dossier', keyId: 't.dossier_id::text' } as const;
const account = purpose(PURPOSE.account);

/**
 * Every sealed column of the database. A test compares it with the schema: a `bytea` column stands here, or in {@link UNSEALED}, or fails it.
 * What walks it: fsck, which opens every value, and sealing anew.
 */
export const SEALED_TABLES: readonly SealedTable[] = [
  { table: 'fonds', columns: ['name'], key: ID, keyKind: 'fonds', keyId: 't.id::text' },
  { table: 'unit', columns: ['name'], key: ID, keyKind: 'fonds', keyId: 't.fonds_id::text' },
  { table: 'account', columns: ['name', 'totp_secret'], key: ID, ...account },
  { table: 'session', columns: ['client'], key: ID, ...account },
  { table: 'challenge', columns: ['value'], key: [['digest', 'bytea']], rowId: `encode(t.digest, 'hex')`, ...account },
  { table: 'passkey', columns: ['label'], key: ID, ...account },
  { table: 'api_token', columns: ['label'], key: ID, ...account },
  { table: 'directory_person', columns: ['body'], key: [['account_id', 'uuid']], rowId: 't.account_id::text', ...account },
  { table: 'break_glass', columns: ['reason'], key: ID, ...purpose(PURPOSE.audit) },
  { table: 'consultation', columns: ['request', 'decision'], key: ID, ...purpose(PURPOSE.audit) },
  { table: 'entry', columns: ['sealed_detail'], key: ID, setBy: 'reseal_entry_detail', ...purpose(PURPOSE.audit) },
  { table: 'subject', columns: ['name', 'id_number'], key: ID, keyKind: 'dossier', keyId: 't.id::text', version: 't.version' },
  { table: 'dossier', columns: ['tags', 'fields', 'facts'], key: ID, keyKind: 'dossier', keyId: 't.id::text', version: 't.version' },
  { table: 'material', columns: ['title', 'date', 'remarks', 'tags', 'fields', 'record'], key: ID, ...ofDossier, version: 't.version' },
  { table: 'determination', columns: ['body', 'review'], key: ID, ...ofDossier },
  { table: 'processing_slip', columns: ['note'], key: ID, ...ofDossier },
  { table: 'count_exception', columns: ['words'], key: ID, ...ofDossier },
  { table: 'countercheck', columns: ['answer', 'words'], key: ID, ...ofDossier },
  { table: 'station_claim', columns: ['reason'], key: ID, ...ofDossier },
  { table: 'assertion_mark', columns: ['reason'], key: ID, ...ofDossier },
  { table: 'alteration_hint', columns: ['reason'], key: ID, ...ofDossier },
  { table: 'property_check', columns: ['results'], key: ID, ...ofDossier },
  { table: 'property_answer', columns: ['words'], key: ID, ...ofDossier },
  { table: 'page', columns: ['flat_recipe'], key: ID, ...ofDossier },
  { table: 'source_file', columns: ['name', 'signatures'], key: ID, ...ofDossier },
  { table: 'page_replacement', columns: ['reason'], key: ID, ...ofDossier },
  { table: 'material_version', columns: ['body'], key: ID, ...ofDossier },
  {
    table: 'learning_example',
    columns: ['body', 'stood'],
    key: [['material_id', 'uuid']],
    rowId: 't.material_id::text',
    ...ofDossier,
  },
  { table: 'learning_model', columns: ['body'], key: ID, keyKind: 'fonds', keyId: 't.fonds_id::text' },
  {
    table: 'reading',
    columns: ['text', 'lines'],
    key: [
      ['page_id', 'uuid'],
      ['engine', 'text'],
      ['version', 'text'],
    ],
    rowId: `t.page_id || '/' || t.engine || '/' || t.version`,
    keyKind: 'dossier',
    keyId: '(select p.dossier_id::text from page p where p.id = t.page_id)',
  },
  {
    table: 'optimised_image',
    columns: ['recipe'],
    key: [['page_id', 'uuid']],
    rowId: 't.page_id::text',
    ...ofDossier,
    version: 't.version',
  },
  { table: 'undo', columns: ['inverse'], key: ID, ...ofDossier },
  { table: 'saved_view', columns: ['name', 'filters'], key: ID, ...account },
  {
    table: 'page_gram',
    columns: ['doubts'],
    key: [['page_id', 'uuid']],
    rowId: 't.page_id::text',
    keyKind: 'dossier',
    keyId: '(select p.dossier_id::text from page p where p.id = t.page_id)',
  },
  { table: 'catalogue_gram', columns: ['fields'], key: ID, ...ofDossier, version: 't.version' },
  {
    table: 'subject_request_step',
    columns: ['text'],
    key: ID,
    keyKind: 'dossier',
    keyId: '(select q.dossier_id::text from subject_request q where q.id = t.request_id)',
  },
  { table: 'impact_assessment', columns: ['body'], key: ID, ...purpose(PURPOSE.audit) },
  { table: 'breach', columns: ['body'], key: ID, ...purpose(PURPOSE.audit) },
  { table: 'manifest', columns: ['body'], key: ID, ...purpose(PURPOSE.upload) },
  {
    table: 'import_upload',
    columns: ['path'],
    key: [
      ['import_id', 'uuid'],
      ['ordinal', 'integer'],
    ],
    rowId: `t.import_id || '/' || t.ordinal`,
    keyKind: 'dossier',
    keyId: '(select i.dossier_id::text from import i where i.id = t.import_id)',
  },
];

/** `bytea` columns that are not sealed values: digests, keyed tokens, addresses, public keys, wrapped keys, bytes of the log. */
export const UNSEALED: ReadonlySet<string> = new Set([
  'schema_version.digest',
  'account.name_token',
  'account.holder_token',
  'account.oidc_token',
  'session.token_digest',
  'challenge.digest',
  'capture_link.token_digest',
  'capture_link.holder_digest',
  'recovery_code.digest',
  'passkey.credential_id',
  'passkey.public_key',
  'api_token.token_digest',
  'directory_person.external_token',
  'view_token.token_digest',
  'view_token.session_digest',
  'reveal.session_digest',
  'entry.bytes',
  'entry.salt',
  'checkpoint.root',
  'notice.digest',
  'subject.id_number_token',
  'material.layout_token',
  'stored_object.address',
  'stored_object.wrapped_key',
  'source_file.content_key',
  'source_file.object_address',
  'page.content_key',
  'page.object_address',
  'optimised_image.object_address',
]);

/** A sealed value of a row, with what opens it. */
export interface SealedValue {
  readonly ref: KeyRef;
  readonly place: ColumnPlace;
  readonly sealed: Uint8Array;
}

/** A row as {@link selectSealed} gives it: its key columns under `k0`, `k1`…, and the sealed values under `c0`, `c1`…. */
export type SealedRow = Readonly<Record<string, unknown>> & { readonly key_id: string; readonly row_id: string; readonly version: number };

/** The statement that gives the next rows behind a row (its key columns are the parameters), in the order of the primary key. */
export function selectSealed(t: SealedTable, isFirst: boolean, limit: number): string {
  const keys = t.key.map(([name]) => `t.${name}`).join(', ');
  const after = isFirst ? 'true' : `(${keys}) > (${t.key.map(([, type], i) => `$${i + 1}::${type}`).join(', ')})`;
  const some = t.columns.map((c) => `t.${c} is not null`).join(' or ');
  return `select ${t.key.map(([name], i) => `t.${name} as k${i}`).join(', ')}, ${t.keyId} as key_id, ${t.rowId ?? 't.id::text'} as row_id,
    ${t.version ?? '1'} as version, ${t.columns.map((c, i) => `t.${c} as c${i}`).join(', ')}
    from ${t.table} t where ${after} and (${some}) order by ${keys} limit ${limit}`;
}

/** The sealed value of a column of a row; null when the column is empty. */
export function sealedValueOf(t: SealedTable, row: SealedRow, column: number): SealedValue | null {
  const sealed = row[`c${column}`] as Uint8Array | null;
  if (!sealed) return null;
  return {
    ref: { kind: t.keyKind, id: row.key_id },
    place: { table: t.table, column: t.columns[column]!, rowId: row.row_id, version: row.version },
    sealed,
  };
}
