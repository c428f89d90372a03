import type { MaterialDescription } from '@lantai/catalogue';
import { ArchiveError, findPartialDate, formatPartialDate, type MaterialId, type PartialDate } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';

/** Clockwise turn that a page's scan suffered. */
export type PageTurn = 0 | 90 | 180 | 270;

/** Where a value was seen, and how sure the machine was; all null when a person typed it. */
export interface FieldEvidence {
  readonly confidence01: number | null;
  readonly pageId: string | null;
  /** [x, y, width, height] in pixels of the page as it was shown then. */
  readonly box: readonly number[] | null;
  /** How the page was turned then; absent where the box was kept before this was. */
  readonly turned?: PageTurn;
  /** The page's words, where they are not the value, or where no value could be made of them (农历…, 1982-02-30). */
  readonly written?: string;
  /** What is odd about them, by the codes of docs/spec/proposals.md, section 3. */
  readonly flags?: readonly string[];
}

/** What the machine wants a person to look at before a material is confirmed. */
export interface MaterialDoubt {
  /** Code of the finding, `proposal/…`. */
  readonly code: string;
  /** Code of the field it is about; null for the material as a whole. */
  readonly field: string | null;
  readonly pageId: string | null;
  /** As {@link FieldEvidence.box}. */
  readonly box: readonly number[] | null;
  readonly turned?: PageTurn;
}

/** What a material's row says beside its description. */
export interface MaterialMark {
  /** Archival code; given when it is confirmed. */
  readonly code: string | null;
  readonly state: 'draft' | 'proposed' | 'confirmed';
  readonly origin: 'scanned' | 'typed' | 'received';
  /** Null: said by a person. */
  readonly confidence: { readonly classCode: number | null; readonly title: number | null; readonly date: number | null };
  /** By code of the field. */
  readonly evidence: Readonly<Record<string, FieldEvidence>>;
  /** Absent where there are none, as in steps of undo kept before there were any. */
  readonly doubts?: readonly MaterialDoubt[];
}

/** A material as its row holds it, opened. */
export interface StoredMaterial {
  readonly description: MaterialDescription;
  readonly mark: MaterialMark;
  readonly sequence: number;
  readonly version: number;
}

/** A field as sealed in the column `fields`; a value of null is words of the page that no value could be made of. */
type StoredField = { readonly code: string; readonly value: string | null } & FieldEvidence;
/** The column: fields alone, or with doubts. */
type StoredFields = readonly StoredField[] | { readonly fields: readonly StoredField[]; readonly doubts: readonly MaterialDoubt[] };

interface MaterialRow {
  id: MaterialId;
  class_code: string | null;
  sequence: number;
  code: string | null;
  title: Uint8Array | null;
  date: Uint8Array | null;
  remarks: Uint8Array | null;
  tags: Uint8Array | null;
  fields: Uint8Array | null;
  copies: number;
  follows: MaterialId | null;
  origin: MaterialMark['origin'];
  state: MaterialMark['state'];
  class_confidence01: number | null;
  title_confidence01: number | null;
  date_confidence01: number | null;
  version: number;
}

const COLUMNS = `id, class_code, sequence, code, title, date, remarks, tags, fields, copies, follows, origin, state,
  class_confidence01, title_confidence01, date_confidence01, version`;

/** The columns of a material that are sealed, each bound to the row and its version. */
const SEALED = ['title', 'date', 'remarks', 'tags', 'fields'] as const;
type SealedColumn = (typeof SEALED)[number];

const placeOf = (column: SealedColumn, rowId: string, version: number) => ({ table: 'material', column, rowId, version });

/** The materials of a dossier in filed order, opened. The caller has looked at the scope. */
export async function readMaterials(tx: Tx, archive: Archive, dossierId: string): Promise<StoredMaterial[]> {
  const rows = await tx.queryNamed<MaterialRow>(
    'catalogue-materials',
    `select ${COLUMNS} from material where dossier_id = $1 order by filed, id`,
    [dossierId],
  );
  return rows.map((row) => openMaterial(archive, dossierId, row));
}

function openMaterial(archive: Archive, dossierId: string, row: MaterialRow): StoredMaterial {
  const ref = { kind: 'dossier', id: dossierId } as const;
  const open = (column: SealedColumn) => archive.sealer.open(ref, placeOf(column, row.id, row.version), row[column]);
  const stored = parseJson<StoredFields>(open('fields'), row.id) ?? [];
  const { fields, doubts } = 'fields' in stored ? stored : { fields: stored, doubts: [] };
  const date = open('date');
  return {
    description: {
      id: row.id,
      classCode: row.class_code,
      title: open('title'),
      date: date === null ? null : getStoredDate(date, row.id),
      copies: row.copies,
      remarks: open('remarks') ?? '',
      follows: row.follows,
      fields: Object.fromEntries(fields.flatMap((f) => (f.value === null ? [] : [[f.code, f.value]]))),
      tags: parseJson<string[]>(open('tags'), row.id) ?? [],
    },
    mark: {
      code: row.code,
      state: row.state,
      origin: row.origin,
      confidence: { classCode: row.class_confidence01, title: row.title_confidence01, date: row.date_confidence01 },
      evidence: Object.fromEntries(fields.map(({ code, value: _, ...evidence }) => [code, evidence])),
      ...(doubts.length ? { doubts } : {}),
    },
    sequence: row.sequence,
    version: row.version,
  };
}

function getStoredDate(text: string, materialId: string): PartialDate {
  const date = findPartialDate(text);
  if (!date) throw new ArchiveError('material/corrupt', 'corruption', { material: materialId });
  return date;
}

function parseJson<T>(text: string | null, materialId: string): T | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ArchiveError('material/corrupt', 'corruption', { material: materialId }, cause);
  }
}

/** The sealed columns of a material for one version of its row, in the order of {@link SEALED}. Empty values are null. */
export function sealMaterial(archive: Archive, dossierId: string, material: Omit<StoredMaterial, 'sequence'>): (Uint8Array | null)[] {
  const { description: d, mark, version } = material;
  const fields: StoredField[] = Object.entries(d.fields).map(([code, value]) => ({
    code,
    value,
    ...(mark.evidence[code] ?? { confidence01: null, pageId: null, box: null }),
  }));
  for (const [code, seen] of Object.entries(mark.evidence))
    if (d.fields[code] === undefined && seen.written !== undefined) fields.push({ code, value: null, ...seen });
  const values: Record<SealedColumn, string | null> = {
    title: d.title,
    date: d.date && formatPartialDate(d.date),
    remarks: d.remarks || null,
    tags: d.tags.length ? JSON.stringify(d.tags) : null,
    fields: mark.doubts?.length ? JSON.stringify({ fields, doubts: mark.doubts }) : fields.length ? JSON.stringify(fields) : null,
  };
  return SEALED.map((column) => archive.sealer.seal({ kind: 'dossier', id: dossierId }, placeOf(column, d.id, version), values[column]));
}
