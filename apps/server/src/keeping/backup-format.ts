/** Tables of a backup, parents before children. The search index and the queue are left out: they are made anew from what is here. */
export const BACKUP_TABLES = [
  'archive',
  'fonds',
  'unit',
  'account',
  'entry',
  'checkpoint',
  'recovery_code',
  'passkey',
  'api_token',
  'break_glass',
  'subject',
  'dossier',
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
  'material',
  'stored_object',
  'import',
  'source_file',
  'page',
  'page_subject',
  'reading',
  'finding',
  'undo',
  'saved_view',
  'field_definition',
  'queue_switch',
] as const;

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
