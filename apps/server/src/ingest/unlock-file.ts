import { ArchiveError } from '@lantai/values';
import { type Archive, type ObjectRow, openStoredObject } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { decodeFile } from './decode.ts';
import { listSettled } from './import-uploads.ts';
import { openImportLayout } from './layout.ts';
import { receiveBatch } from './receive-batch.ts';

/** Which file of which import, and the password that opens it. The password is used once and kept nowhere. */
export interface UnlockInput {
  readonly importId: string;
  readonly dossierId: string;
  readonly fileId: string;
  readonly password: string;
}

interface Row extends ObjectRow {
  name: Uint8Array;
  content_key: Uint8Array;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  arrival: number;
}

/**
 * Takes a file that was refused for want of its password. Its bytes were kept sealed for this.
 * @throws ArchiveError `file/not-found`, `document/password-wrong` (caller), and what decoding throws
 */
export async function unlockFile(archive: Archive, desk: Desk, input: UnlockInput): Promise<void> {
  const row = await desk.sql.one<Row>(
    `select f.name, f.content_key, f.fonds_id, f.unit_id, f.category, f.level, o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key,
       coalesce((select max(arrival) from page where dossier_id = f.dossier_id), 0) as arrival
     from source_file f join stored_object o on o.address = f.object_address
     where f.id = $1 and f.import_id = $2 and f.dossier_id = $3 and f.outcome = 'refused'`,
    [input.fileId, input.importId, input.dossierId],
  );
  if (!row) throw new ArchiveError('file/not-found', 'caller');
  const bytes = await openStoredObject(archive, row);
  const path = archive.sealer.get(
    { kind: 'dossier', id: input.dossierId },
    { table: 'source_file', column: 'name', rowId: input.fileId, version: 1 },
    row.name,
  );
  const decoded = await decodeFile(archive, { dossierId: input.dossierId, path, bytes, password: input.password });
  if (decoded.kind === 'refused') throw new ArchiveError(decoded.code, 'caller', decoded.detail);
  const sha256 = archive.sealer.primitives.hash('sha256', bytes);
  const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
  const to = { importId: input.importId, dossierId: input.dossierId, place };
  // Its folder says of class and material what it said when the file came, read off all files of that import together.
  const layout = await openImportLayout(archive, desk, to, await listSettled(archive, desk.sql, input.importId, input.dossierId));
  await receiveBatch(archive, desk, { ...to, layout }, [
    { path, byteCount: bytes.length, body: bytes, sha256, contentKey: row.content_key, decoded, arrival: row.arrival + 1 },
  ]);
  // CRASH: the refused row stays beside the received one; giving the password again finds a duplicate and clears it.
  const gone = await desk.act('page.import', async (tx) => {
    await tx.query('delete from source_file where id = $1', [input.fileId]);
    return tx.query<{ address: Uint8Array }>('delete from stored_object where object_id = $1 returning address', [row.object_id]);
  });
  for (const { address } of gone) await archive.blobs.remove(address);
}
