/** Tables of a backup, parents before children. The search index and the queue are left out: they are made anew from what is here. */
export const BACKUP_TABLES = [
  'archive',
  'fonds',
  'unit',
  'account',
  'entry',
  'change',
  'checkpoint',
  'anchor_provider',
  'anchor',
  'cosignature',
  'recovery_code',
  'passkey',
  'api_token',
  'break_glass',
  'subject',
  'dossier',
  'dossier_code',
  'code_rule',
  'box',
  'box_volume',
  'processing_purpose',
  'notice',
  'consent',
  'subject_request',
  'subject_request_step',
  'restriction',
  'destruction',
  'impact_assessment',
  'breach',
  'personal_limit',
  'policy_version',
  'standard_version',
  'post',
  'subject_tie',
  'kinship',
  'unit_leader',
  'consultation',
  'consultation_reader',
  'reorganisation',
  'directory_source',
  'directory_person',
  'use_day',
  'use_alarm',
  'processing_slip',
  'count_exception',
  'countercheck_rule',
  'countercheck',
  'determination',
  'determination_document',
  'assertion_mark',
  'learning_example',
  'learning_model',
  'filing_check_rule',
  'property_check',
  'property_answer',
  'material',
  'batch',
  'batch_dossier',
  'station_claim',
  'stored_object',
  'import',
  'source_file',
  'page',
  'alteration_look',
  'alteration_hint',
  'optimised_image',
  'page_replacement',
  'material_version',
  'station_page',
  'station_defect',
  'page_subject',
  'reading',
  'finding',
  'undo',
  'saved_view',
  'field_definition',
  'queue_switch',
] as const;

/** Tables that are in no backup, and why nothing is lost with them. */
export const NOT_BACKED_UP: Readonly<Record<string, string>> = {
  page_gram: 'made anew from the readings',
  catalogue_gram: 'made anew from the catalogue',
  gram_frequency: 'counted anew',
  gram_sample: 'counted anew',
  code_taken: 'written by triggers as the codes themselves are',
  session: 'everybody signs in again',
  challenge: 'lives for minutes',
  view_token: 'lives for minutes',
  reveal: 'lives for minutes',
  capture_link: 'lives for minutes',
  upload: 'what was not yet received is sent again; its sealed bytes are in no backup either',
  import_upload: 'as upload',
  manifest: 'as upload: a list is handed in again, and goes on where it was',
};

/**
 * Columns by which rows of a table name rows of the same table. `parent_id` is a tree, and parents are loaded first;
 * the others may go round in a circle with it, and are set once all rows are there.
 */
export const OWN_PARENTS: readonly string[] = ['fonds', 'unit'];
export const OWN_LINKS: Readonly<Record<string, string>> = { unit: 'merged_into' };

/** What a table's file must be. */
export interface BackupTable {
  readonly rows: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
}

/** `manifest.json` of a backup (docs/spec/backup.md). */
export interface BackupManifest {
  readonly format: 'lantai-backup-1';
  readonly archiveId: string;
  readonly schemaVersion: number;
  readonly madeAtMs: number;
  readonly tables: Readonly<Record<string, BackupTable>>;
  readonly objects: { readonly count: number; readonly bytes: number };
  readonly log: { readonly size: number; readonly rootHex: string; readonly unplaced: number };
}

export const MANIFEST = 'manifest.json';
export const tableFile = (table: string): string => `tables/${table}.jsonl.gz`;
