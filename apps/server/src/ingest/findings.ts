import type { Finding } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';

/** What findings are of, and which step said so. */
export interface FindingPlace {
  readonly dossierId: string;
  readonly place: Place;
  readonly pageId: string | null;
  readonly sourceFileId: string | null;
  readonly step: string;
  /** Version of the step: the same step and version never says a thing twice of one page. */
  readonly version: string;
}

/** Writes the findings of a check. */
export async function insertFindings(tx: Tx, archive: Archive, at: FindingPlace, findings: readonly Finding[]): Promise<void> {
  for (const f of findings)
    await tx.query(
      `insert into finding (id, fonds_id, unit_id, category, level, dossier_id, page_id, source_file_id, code, severity, step, version, box, params)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        archive.clock.newId(),
        at.place.fondsId,
        at.place.unitId,
        at.place.category,
        at.place.level,
        at.dossierId,
        at.pageId,
        at.sourceFileId,
        f.code,
        f.severity,
        at.step,
        at.version,
        f.box ? f.box.map(Math.round) : null,
        f.params ?? {},
      ],
    );
}
