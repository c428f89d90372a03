import type { Sealer } from '../archive/index.ts';
import { type Archive, PURPOSE } from '../archive/index.ts';

const AUDIT_KEY = { kind: 'purpose', id: PURPOSE.audit } as const;
const place = (table: string, rowId: string, version = 1) => ({ table, column: 'body', rowId, version });

/** Seals the words of a record that speaks of the archive's own conduct: under the audit key, for it outlives every dossier. */
export const sealBody = (sealer: Sealer, table: string, rowId: string, body: object): Uint8Array =>
  sealer.seal(AUDIT_KEY, place(table, rowId), JSON.stringify(body)) as Uint8Array;

/** Opens what {@link sealBody} sealed. @throws ArchiveError `column/corrupt` (corruption) */
export const openBody = <T>(archive: Pick<Archive, 'sealer'>, table: string, rowId: string, sealed: Uint8Array): T =>
  JSON.parse(archive.sealer.get(AUDIT_KEY, place(table, rowId), sealed)) as T;
