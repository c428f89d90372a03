import { normaliseCode } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Archive, Place } from '../archive/index.ts';
import { type Desk, type DeskTx, type Scope, scopeSql } from '../desk/index.ts';

/** A dossier with its subject opened: what a heading shows. */
export interface DossierHead {
  readonly dossierId: string;
  readonly subjectId: string;
  readonly code: string;
  readonly scheme: string;
  readonly copySet: 'original' | 'duplicate';
  readonly state: string;
  readonly place: Place;
  readonly version: number;
  readonly pageCount: number;
  readonly materialCount: number;
  readonly subject: {
    readonly kind: 'person' | 'unit' | 'matter';
    readonly name: string;
    readonly birthYear: number | null;
    readonly sex: string | null;
  };
}

interface HeadRow {
  id: string;
  subject_id: string;
  code: string;
  scheme: string;
  copy_set: 'original' | 'duplicate';
  state: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  version: number;
  page_count: number;
  material_count: number;
  kind: 'person' | 'unit' | 'matter';
  name: Uint8Array;
  subject_version: number;
  birth_year: number | null;
  sex: string | null;
}

const HEAD_COLUMNS = `d.id, d.subject_id, d.code, d.scheme, d.copy_set, d.state, d.fonds_id, d.unit_id, d.category, d.level, d.version, d.page_count, d.material_count,
  s.kind, s.name, s.version as subject_version, s.birth_year, s.sex`;

const toHead = (archive: Archive, r: HeadRow): DossierHead => ({
  dossierId: r.id,
  subjectId: r.subject_id,
  code: r.code,
  scheme: r.scheme,
  copySet: r.copy_set,
  state: r.state,
  place: { fondsId: r.fonds_id, unitId: r.unit_id, category: r.category, level: r.level },
  version: r.version,
  pageCount: r.page_count,
  materialCount: r.material_count,
  subject: {
    kind: r.kind,
    name: archive.sealer.get(
      { kind: 'dossier', id: r.subject_id },
      { table: 'subject', column: 'name', rowId: r.subject_id, version: r.subject_version },
      r.name,
    ),
    birthYear: r.birth_year,
    sex: r.sex,
  },
});

/** One dossier inside the scope, by id or by code; null when there is none or it may not be seen. */
export async function findHead(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  by: { id: string } | { code: string },
): Promise<DossierHead | null> {
  const where = scopeSql(scope, 'd', 2);
  // A second code finds the dossier as the leading one does, and so does one that it had: labels bear them.
  const condition = 'id' in by ? 'd.id = $1' : `(d.code = $1 or d.id in (select c.dossier_id from dossier_code c where c.code = $1))`;
  const rows = await tx.query<HeadRow>(
    `select ${HEAD_COLUMNS} from dossier d join subject s on s.id = d.subject_id where ${condition} and ${where.sql} limit 2`,
    ['id' in by ? by.id : by.code, ...where.params],
  );
  if (rows.length > 1) throw new ArchiveError('dossier/code-in-several-fonds', 'caller');
  return rows[0] ? toHead(archive, rows[0]) : null;
}

/** Finds a dossier by its archival code, as kept or typed with other separators; finding it is not yet looking into it. */
export function findDossierByCode(archive: Archive, desk: Desk, code: string): Promise<DossierHead | null> {
  return desk.act(
    'dossier.list',
    async (tx, scope) =>
      (await findHead(tx, archive, scope, { code })) ?? (await findHead(tx, archive, scope, { code: normaliseCode(code) })),
  );
}

/** The root unit of the actor's fonds, where a new dossier lies when nothing else is said. @throws ArchiveError `unit/not-found` */
export async function findRootUnit(archive: Archive, desk: Desk): Promise<string> {
  const row = await archive.db.one<{ id: string }>(
    'select u.id from unit u join fonds f on f.id = u.fonds_id where u.parent_id is null and ($1::uuid is null or f.id = $1) order by f.created_at_ms limit 1',
    [desk.actor.fondsId],
  );
  if (!row) throw new ArchiveError('unit/not-found', 'caller');
  return row.id;
}
