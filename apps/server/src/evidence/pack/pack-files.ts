import type { ManifestMaterial } from '@lantai/bundle';
import { ArchiveError } from '@lantai/values';
import { type Archive, type ObjectRow, openStoredObject } from '../../archive/index.ts';
import type { DeskTx } from '../../desk/index.ts';
import type { BundleFile } from '../make-bundle.ts';
import type { PackDossier } from './select-dossiers.ts';

/** A file as received, in a pack. */
export interface PackFile extends BundleFile {
  readonly fileId: string;
  readonly dossierId: string;
  /** The path it was received under; it may name a person, so it stands in the catalogue and not in the bundle's paths. */
  readonly received: string;
  readonly mediaType: string | null;
}

/** Most files and bytes of one pack: a bundle ends at 65,534 members and 4 GiB. */
const FILES_MAX = 20_000;
const BYTES_MAX = 3_500_000_000;

interface Row extends ObjectRow {
  file_id: string;
  name: Uint8Array;
  media_type: string | null;
  entry_id: string;
  plain_bytes: number;
}

/** The files of the dossiers as they were received. @throws ArchiveError `pack/too-many-files`, `bundle/too-large` (caller) */
export async function listPackFiles(archive: Archive, tx: DeskTx, dossiers: readonly PackDossier[]): Promise<PackFile[]> {
  const rows = await tx.query<Row>(
    `select f.id as file_id, f.name, f.media_type, f.entry_id, o.plain_bytes, o.address, o.dossier_id, o.object_id, o.suite, o.wrapped_key
     from source_file f join stored_object o on o.address = f.object_address
     where f.dossier_id = any($1::uuid[]) and f.outcome <> 'duplicate' order by f.dossier_id, f.id limit ${FILES_MAX + 1}`,
    [dossiers.map((d) => d.dossierId)],
  );
  if (rows.length > FILES_MAX) throw new ArchiveError('pack/too-many-files', 'caller', { max: FILES_MAX });
  if (rows.reduce((sum, row) => sum + row.plain_bytes, 0) > BYTES_MAX) throw new ArchiveError('bundle/too-large', 'caller');
  const folders = foldersOf(dossiers);
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const n = (counts.get(row.dossier_id) ?? 0) + 1;
    counts.set(row.dossier_id, n);
    const ref = { kind: 'dossier', id: row.dossier_id } as const;
    const received = archive.sealer.get(ref, { table: 'source_file', column: 'name', rowId: row.file_id, version: 1 }, row.name);
    return {
      path: `${folders.get(row.dossier_id)}/${String(n).padStart(5, '0')}${endingOf(received)}`,
      entryId: row.entry_id,
      fileId: row.file_id,
      dossierId: row.dossier_id,
      received,
      mediaType: row.media_type,
      read: () => openStoredObject(archive, row),
    };
  });
}

/** A folder for each dossier: its code in letters every system takes, and a number where two codes become one. */
export function foldersOf(dossiers: readonly PackDossier[]): Map<string, string> {
  const taken = new Set<string>();
  return new Map(
    dossiers.map(({ dossierId, code }) => {
      const plain = `d_${code.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 60)}`;
      for (let n = 1; ; n++) {
        const name = n === 1 ? plain : `${plain}_${n}`;
        if (taken.has(name.toLowerCase())) continue;
        taken.add(name.toLowerCase());
        return [dossierId, `files/${name}`];
      }
    }),
  );
}

const endingOf = (name: string) => /\.[A-Za-z0-9]{1,5}$/.exec(name)?.[0].toLowerCase() ?? '';

/** The materials of the dossiers, each with the files that its pages came from, in the order of the pages. */
export async function listPackMaterials(
  tx: DeskTx,
  files: readonly PackFile[],
  dossiers: readonly PackDossier[],
): Promise<ManifestMaterial[]> {
  const rows = await tx.query<{ id: string; dossier_id: string; code: string | null; files: string[] }>(
    `select m.id, m.dossier_id, m.code, coalesce(array_agg(p.source_file_id order by p.position) filter (where p.id is not null), '{}') as files
     from material m left join page p on p.material_id = m.id where m.dossier_id = any($1::uuid[]) group by m.id order by m.id`,
    [dossiers.map((d) => d.dossierId)],
  );
  const pathOf = new Map(files.map((file) => [file.fileId, file.path]));
  return rows.map((r) => ({
    materialId: r.id,
    dossierId: r.dossier_id,
    code: r.code,
    files: [...new Set(r.files.flatMap((id) => pathOf.get(id) ?? []))],
  }));
}
