import { formatPartialDate } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { DeskTx } from '../desk/index.ts';
import { indexCatalogue, indexSubject } from '../search/index.ts';
import { readMaterials } from './material-rows.ts';

interface Row {
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  subject_id: string;
  name: Uint8Array;
  id_number: Uint8Array | null;
  subject_version: number;
}

/** Makes a dossier's subject and materials searchable anew, out of the sealed rows, as after a restore. */
export async function reindexDossier(tx: DeskTx, archive: Archive, dossierId: string): Promise<void> {
  const row = await tx.one<Row>(
    `select d.fonds_id, d.unit_id, d.category, d.level, d.subject_id, s.name, s.id_number, s.version as subject_version
     from dossier d join subject s on s.id = d.subject_id where d.id = $1`,
    [dossierId],
  );
  if (!row) return;
  const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
  const ref = { kind: 'dossier', id: row.subject_id } as const;
  const at = (column: string) => ({ table: 'subject', column, rowId: row.subject_id, version: row.subject_version });
  await indexSubject(tx, archive, {
    subjectId: row.subject_id,
    dossierId,
    place,
    name: archive.sealer.get(ref, at('name'), row.name),
    idNumber: archive.sealer.open(ref, at('id_number'), row.id_number),
  });
  for (const { description, mark } of await readMaterials(tx, archive, dossierId))
    await indexCatalogue(tx, archive, {
      materialId: description.id,
      dossierId,
      place,
      classCode: description.classCode,
      materialYear: description.date?.year ?? null,
      title: description.title,
      code: mark.code,
      date: description.date ? formatPartialDate(description.date) : null,
      remarks: description.remarks,
      tags: description.tags,
    });
}
