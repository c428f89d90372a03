import type { Sealer } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

/** A dossier's own row with what it hangs on. */
export interface DossierRow {
  readonly id: string;
  readonly fonds_id: string;
  readonly unit_id: string;
  readonly category: string;
  readonly level: number;
  readonly subject_id: string;
  readonly scheme: string;
  readonly code: string;
  readonly state: string;
  readonly version: number;
  readonly page_count: number;
  readonly material_count: number;
  readonly tags: Uint8Array | null;
  readonly fields: Uint8Array | null;
  readonly facts: Uint8Array | null;
  readonly entry_id: string;
  readonly changed_at_ms: number;
  readonly fonds_code: string;
  readonly fonds_name: Uint8Array;
  readonly unit_name: Uint8Array;
  readonly subject_name: Uint8Array;
  readonly id_number: Uint8Array | null;
  readonly subject_version: number;
  readonly subject_entry_id: string;
  readonly birth_year: number | null;
}

/** A material's row. */
export interface MaterialRow {
  readonly id: string;
  readonly class_code: string | null;
  readonly sequence: number;
  readonly code: string | null;
  readonly material_year: number | null;
  readonly title: Uint8Array | null;
  readonly date: Uint8Array | null;
  readonly remarks: Uint8Array | null;
  readonly tags: Uint8Array | null;
  readonly fields: Uint8Array | null;
  readonly record: Uint8Array | null;
  readonly copies: number;
  readonly page_count: number;
  readonly follows: string | null;
  readonly origin: string;
  readonly state: string;
  readonly version: number;
  readonly entry_id: string;
  readonly changed_at_ms: number;
}

/** A page's row. */
export interface PageRow {
  readonly id: string;
  readonly material_id: string | null;
  readonly position: number | null;
  readonly source_file_id: string;
  readonly source_index: number;
  readonly origin: string;
  readonly media_type: string;
  readonly width_px: number;
  readonly height_px: number;
  readonly resolution_dpi: number | null;
  readonly object_address: Uint8Array;
  readonly entry_id: string;
  readonly is_blank: boolean;
  /** A better scan took its place: it is kept and lies in no material. */
  readonly is_superseded: boolean;
}

/** A received file's row. */
export interface FileRow {
  readonly id: string;
  readonly name: Uint8Array;
  readonly outcome: string;
  readonly byte_count: number;
  readonly page_count: number;
  readonly object_address: Uint8Array | null;
  readonly entry_id: string;
}

/** A sealed object's row. */
export interface StoredRow {
  readonly address: Uint8Array;
  readonly dossier_id: string;
  readonly object_id: string;
  readonly kind: string;
  readonly suite: 'intl' | 'gm';
  readonly wrapped_key: Uint8Array;
  readonly plain_bytes: number;
  /** Named by a page, a file or an optimised image. */
  readonly is_named: boolean;
}

/** An entry of the log. */
export interface EntryRow {
  readonly id: string;
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly salt: Uint8Array | null;
  readonly dossier_id: string | null;
}

/** Every row of a dossier that a check looks at, as they stand: nothing is opened or believed yet. */
export interface DossierRows {
  readonly dossier: DossierRow;
  readonly materials: readonly MaterialRow[];
  readonly pages: readonly PageRow[];
  readonly files: readonly FileRow[];
  readonly objects: readonly StoredRow[];
  /** Those that any of the rows names. */
  readonly entries: ReadonlyMap<string, EntryRow>;
  /** `page.received` of the dossier in the log. */
  readonly receivedCount: number;
  /** Dossiers of the fonds whose code is this one's, whatever separators and case it is written with. */
  readonly sameCode: number;
  /** What was found of electronic signatures and seals when files came (docs/spec/signed-documents.md). */
  readonly signatures: readonly SignatureFinding[];
  /** Open reports of sheets and faces that do not agree with the images (docs/spec/counting.md). */
  readonly countExceptions: readonly CountException[];
}

/** A finding of a file's signatures. */
export interface SignatureFinding {
  readonly source_file_id: string;
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  /** Numbers alone, as a finding holds them. */
  readonly params: Readonly<Record<string, string | number>>;
}

/** An open report of the count. */
export interface CountException {
  readonly kind: 'gap' | 'surplus';
  readonly difference: number;
}

const MATERIALS = `select id, class_code, sequence, code, material_year, title, date, remarks, tags, fields, record, copies, page_count, follows, origin,
  state, version, entry_id, changed_at_ms from material where dossier_id = $1 order by filed, id`;
const PAGES = `select p.id, p.material_id, p.position, p.source_file_id, p.source_index, p.origin, p.media_type, p.width_px, p.height_px, p.resolution_dpi,
  p.object_address, p.entry_id, exists (select 1 from finding f where f.page_id = p.id and f.code = 'blank') as is_blank,
  p.superseded_by is not null as is_superseded
  from page p where p.dossier_id = $1 order by p.arrival, p.id`;
const OBJECTS = `select o.address, o.dossier_id, o.object_id, o.kind, o.suite, o.wrapped_key, o.plain_bytes,
    exists (select 1 from page p where p.object_address = o.address) or exists (select 1 from source_file f where f.object_address = o.address)
      or exists (select 1 from optimised_image i where i.object_address = o.address) as is_named
  from stored_object o where o.dossier_id = $1 order by o.created_at_ms, o.object_id`;
/** Codes are compared without case, space and the marks that stand for `-` and `·`. */
const SAME_CODE = `select count(*)::int as n from dossier d where d.fonds_id = $1
  and regexp_replace(upper(d.code), '[^[:alnum:]]', '', 'g') = regexp_replace(upper($2), '[^[:alnum:]]', '', 'g')`;

/** Reads the rows of a dossier; null when there is none. */
export async function findDossierRows(sql: Sql, dossierId: string): Promise<DossierRows | null> {
  const dossier = await sql.one<DossierRow>(
    `select d.id, d.fonds_id, d.unit_id, d.category, d.level, d.subject_id, d.scheme, d.code, d.state, d.version, d.page_count, d.material_count,
       d.tags, d.fields, d.facts, d.entry_id, d.changed_at_ms, f.code as fonds_code, f.name as fonds_name, u.name as unit_name,
       s.name as subject_name, s.id_number, s.version as subject_version, s.entry_id as subject_entry_id, s.birth_year
     from dossier d join fonds f on f.id = d.fonds_id join unit u on u.id = d.unit_id join subject s on s.id = d.subject_id where d.id = $1`,
    [dossierId],
  );
  if (!dossier) return null;
  const materials = await sql.query<MaterialRow>(MATERIALS, [dossierId]);
  const pages = await sql.query<PageRow>(PAGES, [dossierId]);
  const files = await sql.query<FileRow>(
    'select id, name, outcome, byte_count, page_count, object_address, entry_id from source_file where dossier_id = $1 order by id',
    [dossierId],
  );
  const ids = [dossier, ...materials, ...pages, ...files].map((row) => row.entry_id);
  const entries = await sql.query<EntryRow>('select id, kind, bytes, salt, dossier_id from entry where id = any($1::uuid[])', [ids]);
  const received = await sql.one<{ n: number }>(`select count(*)::int as n from entry where dossier_id = $1 and kind = 'page.received'`, [
    dossierId,
  ]);
  const same = await sql.one<{ n: number }>(SAME_CODE, [dossier.fonds_id, dossier.code]);
  return {
    dossier,
    materials,
    pages,
    files,
    objects: await sql.query<StoredRow>(OBJECTS, [dossierId]),
    entries: new Map(entries.map((e) => [e.id, e])),
    receivedCount: received?.n ?? 0,
    sameCode: same?.n ?? 0,
    signatures: await sql.query<SignatureFinding>(
      `select source_file_id, code, severity, params from finding
       where dossier_id = $1 and source_file_id is not null and code like 'signature/%' order by source_file_id, code, id`,
      [dossierId],
    ),
    countExceptions: await sql.query<CountException>(
      `select kind, difference from count_exception where dossier_id = $1 and state = 'open'`,
      [dossierId],
    ),
  };
}

/** Names of a fonds and a unit, opened. */
export function openPlaceNames(sealer: Sealer, { fonds_id, unit_id, fonds_name, unit_name }: DossierRow): { fonds: string; unit: string } {
  const ref = { kind: 'fonds', id: fonds_id } as const;
  return {
    fonds: sealer.get(ref, { table: 'fonds', column: 'name', rowId: fonds_id, version: 1 }, fonds_name),
    unit: sealer.get(ref, { table: 'unit', column: 'name', rowId: unit_id, version: 1 }, unit_name),
  };
}
