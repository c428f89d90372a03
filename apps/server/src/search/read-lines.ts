import { inflateRawSync } from 'node:zlib';
import type { PlacedLine, TextLine } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import { readingPlace, type Sealer } from '../archive/index.ts';
import type { ReadFrame } from '../pages/index.ts';

/** A line of a reading with its text, its place and what the reader was unsure of. */
export type ReadLine = TextLine & PlacedLine;

/** The sealed lines of a page's current reading. */
export interface LinesRow {
  readonly id: string;
  readonly dossier_id: string;
  readonly engine: string;
  readonly version: string;
  readonly lines: Uint8Array;
}

/** A reading opened: its lines, and the image that their boxes lie on. */
export type OpenedReading = ReadFrame & { readonly lines: ReadLine[] };

/** Opens the lines of a reading. @throws ArchiveError `column/…`, `reading/corrupt` (corruption) */
export function openLines(sealer: Sealer, row: LinesRow): OpenedReading {
  const ref = { kind: 'dossier', id: row.dossier_id } as const;
  const bytes = sealer.openBytes(ref, readingPlace('lines', row.id, row.engine, row.version), row.lines);
  try {
    return JSON.parse(inflateRawSync(bytes).toString('utf8')) as OpenedReading;
  } catch (cause) {
    throw new ArchiveError('reading/corrupt', 'corruption', { page: row.id }, cause);
  }
}
