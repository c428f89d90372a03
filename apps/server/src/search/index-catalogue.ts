import { type CatalogueField, tokensOfCatalogue } from '@lantai/search';
import { ArchiveError, utf8 } from '@lantai/values';
import type { Place, Sealer } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';
import { FilingTokens } from './filing.ts';
import { indexCipher } from './index-cipher.ts';
import type { IndexParts } from './index-page.ts';

/** A line of the catalogue index: a dossier with its subject, or a material. */
interface CatalogueLine {
  readonly id: string;
  readonly kind: 'dossier' | 'material';
  readonly dossierId: string;
  readonly place: Place;
  readonly classCode: string | null;
  readonly materialYear: number | null;
  readonly fields: readonly CatalogueField[];
}

const place = (id: string, version: number) => ({ table: 'catalogue_gram', column: 'fields', rowId: id, version });

/** Opens the fields a line was indexed by. @throws ArchiveError `column/…`, `search/fields-corrupt` (corruption) */
export function openFields(sealer: Sealer, row: { id: string; dossier_id: string; version: number; fields: Uint8Array }): CatalogueField[] {
  const bytes = sealer.openBytes({ kind: 'dossier', id: row.dossier_id }, place(row.id, row.version), row.fields);
  try {
    return JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) as CatalogueField[];
  } catch (cause) {
    throw new ArchiveError('search/fields-corrupt', 'corruption', { id: row.id }, cause);
  }
}

/** `integer[]` as text: of many lines each has its own length, which only text carries through `unnest`. */
const arrayText = (...parts: readonly Int32Array[]) =>
  `{${parts
    .map((part) => part.join())
    .filter(Boolean)
    .join()}}`;

/** Writes lines in one statement, however many there are. */
async function writeLines(tx: Tx, { sealer }: IndexParts, lines: readonly CatalogueLine[]): Promise<void> {
  if (!lines.length) return;
  const filings = new FilingTokens(tx, (fondsId) => indexCipher(sealer, fondsId));
  const before = await tx.queryNamed<{ id: string; version: number }>(
    'search-catalogue-versions',
    'select id, version from catalogue_gram where id = any($1::uuid[]) order by id for no key update',
    [lines.map((l) => l.id)],
  );
  const versions = new Map(before.map((row) => [row.id, row.version]));
  const rows = [];
  for (const line of lines) {
    const version = (versions.get(line.id) ?? 0) + 1;
    const filing = await filings.of(line);
    const ref = { kind: 'dossier', id: line.dossierId } as const;
    rows.push({
      version,
      filingCount: filing.length,
      g: arrayText(filing, tokensOfCatalogue(indexCipher(sealer, line.place.fondsId), line.fields)),
      fields: sealer.sealBytes(ref, place(line.id, version), utf8(JSON.stringify(line.fields))),
    });
  }
  await tx.queryNamed(
    'search-index-catalogue',
    `insert into catalogue_gram (id, kind, fonds_id, unit_id, category, level, dossier_id, class_code, material_year, filing_count, g, fields, version)
     select i, k, o, u, c, l, d, s, y, n, t.g::integer[], f, v
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::smallint[], $7::uuid[], $8::text[], $9::smallint[], $10::smallint[], $11::text[], $12::bytea[], $13::int[])
       as t(i, k, o, u, c, l, d, s, y, n, g, f, v)
     on conflict (id) do update set fonds_id = excluded.fonds_id, unit_id = excluded.unit_id, category = excluded.category, level = excluded.level,
       class_code = excluded.class_code, material_year = excluded.material_year, filing_count = excluded.filing_count, g = excluded.g,
       fields = excluded.fields, version = excluded.version`,
    [
      lines.map((l) => l.id),
      lines.map((l) => l.kind),
      lines.map((l) => l.place.fondsId),
      lines.map((l) => l.place.unitId),
      lines.map((l) => l.place.category),
      lines.map((l) => l.place.level),
      lines.map((l) => l.dossierId),
      lines.map((l) => l.classCode),
      lines.map((l) => l.materialYear),
      rows.map((r) => r.filingCount),
      rows.map((r) => r.g),
      rows.map((r) => r.fields),
      rows.map((r) => r.version),
    ],
  );
}

/** What a dossier is found by: its subject and its code. */
export interface SubjectToIndex {
  readonly subjectId: string;
  readonly dossierId: string;
  readonly place: Place;
  readonly name: string;
  readonly formerNames?: readonly string[];
  readonly idNumber?: string | null;
  readonly phone?: string | null;
  readonly address?: string | null;
  /** Tags and archive-defined fields of the dossier; numbers, phones and addresses among them by their kind. */
  readonly fields?: readonly CatalogueField[];
}

const field = (code: string, kind: CatalogueField['kind'], value: string | null | undefined): CatalogueField[] =>
  value ? [{ field: code, kind, value }] : [];

interface LineRow {
  id: string;
  dossier_id: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  class_code: string | null;
  material_year: number | null;
  version: number;
  fields: Uint8Array;
}

/** Name of the field under which a material carries its dossier's subject, so that a name and a title find it together. */
const SUBJECT_FIELD = 'subject';

/**
 * Makes a dossier searchable by its subject (name, pinyin, initials, numbers by exact value) and its code, in the caller's transaction.
 * The dossier's row must exist. Materials of the dossier are written anew when the name changed.
 */
export async function indexSubject(tx: Tx, parts: IndexParts, subject: SubjectToIndex): Promise<void> {
  const dossier = await tx.one<{ code: string }>('select code from dossier where id = $1', [subject.dossierId]);
  const names = [subject.name, ...(subject.formerNames ?? [])];
  const fields = [
    ...names.flatMap((name, i) => field(i ? 'formerName' : 'name', 'name', name)),
    ...field('code', 'text', dossier?.code),
    ...field('idNumber', 'id_number', subject.idNumber),
    ...field('phone', 'phone', subject.phone),
    ...field('address', 'address', subject.address),
    ...(subject.fields ?? []),
  ];
  const line: CatalogueLine = {
    id: subject.dossierId,
    kind: 'dossier',
    dossierId: subject.dossierId,
    place: subject.place,
    classCode: null,
    materialYear: null,
    fields,
  };
  const materials = await tx.query<LineRow>(
    `select id, dossier_id, fonds_id, unit_id, category, level, class_code, material_year, version, fields from catalogue_gram where dossier_id = $1 and kind = 'material'`,
    [subject.dossierId],
  );
  await writeLines(tx, parts, [
    line,
    ...materials.map((row): CatalogueLine => {
      const own = openFields(parts.sealer, row).filter((f) => f.field !== SUBJECT_FIELD);
      return {
        id: row.id,
        kind: 'material',
        dossierId: row.dossier_id,
        place: subject.place,
        classCode: row.class_code,
        materialYear: row.material_year,
        fields: [...own, ...names.flatMap((name) => field(SUBJECT_FIELD, 'name', name))],
      };
    }),
  ]);
}

/** What a material is found by. */
export interface MaterialToIndex {
  readonly materialId: string;
  readonly dossierId: string;
  readonly place: Place;
  readonly classCode: string | null;
  readonly materialYear: number | null;
  readonly title: string | null;
  readonly code?: string | null;
  /** Partial date as text, shown with hits. */
  readonly date?: string | null;
  readonly remarks?: string | null;
  readonly tags?: readonly string[];
  /** Archive-defined fields and a record typed into a form; numbers, phones and addresses among them by their kind. */
  readonly fields?: readonly CatalogueField[];
}

/** Makes a material searchable by its title and the rest of its catalogue line, with its subject's name, in the caller's transaction. */
export async function indexCatalogue(tx: Tx, parts: IndexParts, material: MaterialToIndex): Promise<void> {
  await indexMaterials(tx, parts, [material]);
}

/** Like {@link indexCatalogue} for many, in four statements however many there are. */
export async function indexMaterials(tx: Tx, parts: IndexParts, materials: readonly MaterialToIndex[]): Promise<void> {
  if (!materials.length) return;
  const dossiers = await tx.query<LineRow>(
    `select id, dossier_id, fonds_id, unit_id, category, level, class_code, material_year, version, fields from catalogue_gram where id = any($1::uuid[]) and kind = 'dossier'`,
    [[...new Set(materials.map((m) => m.dossierId))]],
  );
  const names = new Map(dossiers.map((row) => [row.id, openFields(parts.sealer, row).filter((f) => f.kind === 'name')]));
  await writeLines(
    tx,
    parts,
    materials.map((material) => ({
      id: material.materialId,
      kind: 'material',
      dossierId: material.dossierId,
      place: material.place,
      classCode: material.classCode,
      materialYear: material.materialYear,
      fields: [
        ...field('title', 'text', material.title),
        ...field('code', 'text', material.code),
        ...field('date', 'text', material.date),
        ...field('remarks', 'text', material.remarks),
        ...(material.tags ?? []).flatMap((tag) => field('tag', 'text', tag)),
        ...(material.fields ?? []),
        ...(names.get(material.dossierId) ?? []).flatMap((name) => field(SUBJECT_FIELD, 'name', name.value)),
      ],
    })),
  );
}

/** Takes materials out of the index; a dossier and its lines go with the dossier's row. */
export async function unindexMaterials(tx: Tx, materialIds: readonly string[]): Promise<void> {
  await tx.execute(`delete from catalogue_gram where id = any($1::uuid[]) and kind = 'material'`, [materialIds]);
}
