import { ArchiveError } from '@lantai/values';
import type { HitKind } from './scope-needs.ts';

/** Where a list of hits goes on. Hits come by kind, within a kind newest first. */
export interface SearchCursor {
  readonly kind: HitKind;
  /** Only ids below this one. */
  readonly before: string;
  /** Hits of the window that were shown already; only when it is ordered by relevance. */
  readonly skip: number;
}

const PATTERN = /^(dossier|material|page):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\d{1,4})$/;

/** As text for the client; ids and a number, nothing of the query. */
export const formatCursor = ({ kind, before, skip }: SearchCursor): string => `${kind}:${before}:${skip}`;

/** @throws ArchiveError `search/cursor-malformed` (caller) */
export function parseCursor(text: string): SearchCursor {
  const match = PATTERN.exec(text);
  if (!match) throw new ArchiveError('search/cursor-malformed', 'caller');
  return { kind: match[1] as HitKind, before: match[2]!, skip: Number(match[3]) };
}
