import type { Sealer } from '../archive/index.ts';

const placeOf = (rowId: string) => ({ table: 'page_replacement', column: 'reason', rowId, version: 1 });

/** Seals why a page gave way to another, under the dossier's key. */
export const sealReason = (sealer: Sealer, dossierId: string, rowId: string, reason: string): Uint8Array =>
  sealer.seal({ kind: 'dossier', id: dossierId }, placeOf(rowId), reason) as Uint8Array;

/** Why a page gave way to another. @throws ArchiveError `column/corrupt` (corruption) */
export const openReason = (sealer: Sealer, dossierId: string, row: { readonly id: string; readonly reason: Uint8Array }): string =>
  sealer.get({ kind: 'dossier', id: dossierId }, placeOf(row.id), row.reason);
