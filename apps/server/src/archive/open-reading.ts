import { inflateRawSync } from 'node:zlib';
import type { Reading } from '@lantai/reading';
import { ArchiveError } from '@lantai/values';
import { readingPlace } from './reading-place.ts';
import type { Sealer } from './sealer.ts';

/** The sealed lines of a page's reading. */
export interface LinesRow {
  /** Of the page. */
  readonly id: string;
  readonly dossier_id: string;
  readonly engine: string;
  readonly version: string;
  readonly lines: Uint8Array;
}

/** Opens all that a reading holds. @throws ArchiveError `column/…`, `reading/corrupt` (corruption) */
export function openReading(sealer: Sealer, row: LinesRow): Reading {
  const ref = { kind: 'dossier', id: row.dossier_id } as const;
  const bytes = sealer.openBytes(ref, readingPlace('lines', row.id, row.engine, row.version), row.lines);
  try {
    return JSON.parse(inflateRawSync(bytes).toString('utf8')) as Reading;
  } catch (cause) {
    throw new ArchiveError('reading/corrupt', 'corruption', { page: row.id }, cause);
  }
}
