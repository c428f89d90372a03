import type { SignatureReport } from '@lantai/documents/signatures';
import { utf8 } from '@lantai/values';
import type { Archive, KeyRef } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

const place = (fileId: string) => ({ table: 'source_file', column: 'signatures', rowId: fileId, version: 1 });

/** What was found of a file's signatures, as it is kept; null where it has none. Names of signers are personal data. */
export function sealSignatures(
  sealer: Archive['sealer'],
  ref: KeyRef,
  fileId: string,
  signatures: readonly SignatureReport[] | undefined,
): Uint8Array | null {
  return signatures?.length ? sealer.sealBytes(ref, place(fileId), utf8(JSON.stringify(signatures))) : null;
}

/** What was found of the signatures of the file that a page came out of; none where it has none. The caller has looked at the scope. */
export async function findSignatures(
  sql: Pick<Sql, 'one'>,
  { sealer }: Pick<Archive, 'sealer'>,
  pageId: string,
): Promise<readonly SignatureReport[]> {
  const row = await sql.one<{ id: string; dossier_id: string; signatures: Uint8Array | null }>(
    'select f.id, f.dossier_id, f.signatures from page p join source_file f on f.id = p.source_file_id where p.id = $1',
    [pageId],
  );
  if (!row?.signatures) return [];
  // The text is of this program's own making, sealed under the dossier's key; nobody else can have written it.
  const bytes = sealer.openBytes({ kind: 'dossier', id: row.dossier_id }, place(row.id), row.signatures);
  return JSON.parse(new TextDecoder().decode(bytes)) as SignatureReport[];
}
