import type { CopyLine } from '@lantai/documents/copies';
import { Masker, SHOW_ALL, SHOW_NOTHING } from '@lantai/search';
import { ArchiveError, findPartialDate, formatPartialDate } from '@lantai/values';
import { type Archive, openReading, type Place } from '../archive/index.ts';
import { getScheme } from '../catalogue/index.ts';
import { type DeskTx, type Scope, scopeSql } from '../desk/index.ts';
import { type ShownPageRef, turnReading } from '../pages/index.ts';

/** A page that goes into a copy, in the order of the catalogue. */
export interface CopiedPage extends ShownPageRef {
  readonly place: Place;
  /** Null where the file did not say. Dots an inch. */
  readonly resolutionDpi: number | null;
  /** Names of class and material, for the bookmarks. */
  readonly bookmarks: readonly string[];
}

/** What is to be copied of a dossier. */
export interface CopiedThing {
  readonly dossierId: string;
  readonly dossierCode: string;
  /** Of the one material that is copied; null where there are more, or it has none. */
  readonly materialCode: string | null;
  readonly place: Place;
  readonly keeper: string;
  readonly pages: readonly CopiedPage[];
}

interface Row {
  id: string;
  fonds_id: string;
  unit_id: string;
  category: string;
  level: number;
  turned: ShownPageRef['turned'];
  width_px: number;
  height_px: number;
  resolution_dpi: number | null;
  dossier_code: string;
  scheme: string;
  material_id: string | null;
  material_version: number | null;
  material_code: string | null;
  class_code: string | null;
  sequence: number | null;
  title: Uint8Array | null;
  date: Uint8Array | null;
}

/**
 * The pages of a dossier that may be copied, material by material as the catalogue has them, loose pages last. What may not be copied is left out.
 * @param materialIds of these materials alone; null: of the whole dossier
 * @throws ArchiveError `page/not-found` (caller) when there is none: the answer does not tell whether there is a dossier
 */
export async function getCopiedThing(
  tx: DeskTx,
  archive: Archive,
  scope: Scope,
  asked: { readonly dossierId: string; readonly materialIds: readonly string[] | null; readonly showsSensitive: boolean },
): Promise<CopiedThing> {
  const where = scopeSql(scope, 'p', 3);
  const rows = await tx.query<Row>(
    `select p.id, p.fonds_id, p.unit_id, p.category, p.level, p.turned, p.width_px, p.height_px, p.resolution_dpi, d.code as dossier_code, d.scheme,
       m.id as material_id, m.version as material_version, m.code as material_code, m.class_code, m.sequence, m.title, m.date
     from page p join dossier d on d.id = p.dossier_id left join material m on m.id = p.material_id
     where p.dossier_id = $1 and p.superseded_by is null and ($2::uuid[] is null or p.material_id = any($2)) and ${where.sql}
     order by m.filed nulls last, m.id, p.position, p.arrival`,
    [asked.dossierId, asked.materialIds, ...where.params],
  );
  const [first] = rows;
  if (!first) throw new ArchiveError('page/not-found', 'caller');
  const scheme = await getScheme(tx, archive, first.scheme);
  const rank = new Map(scheme.classes.map((c, i) => [c.code, i]));
  const rankOf = (r: Row) => (r.material_id === null ? Number.MAX_SAFE_INTEGER : (rank.get(r.class_code ?? '') ?? rank.size));
  // Sorting is stable: inside a class the filed order stands.
  const ordered = rows.toSorted((a, b) => rankOf(a) - rankOf(b));
  const masker = new Masker(asked.showsSensitive ? SHOW_ALL : SHOW_NOTHING);
  const materials = new Set(rows.map((r) => r.material_id));
  return {
    dossierId: asked.dossierId,
    dossierCode: first.dossier_code,
    materialCode: materials.size === 1 ? first.material_code : null,
    place: placeOf(first),
    keeper: await keeperOf(tx, archive, first.fonds_id),
    pages: ordered.map((r) => {
      const schemeClass = scheme.classes.find((c) => c.code === r.class_code);
      const className = schemeClass ? [`${schemeClass.display} ${schemeClass.name.zh}`] : [];
      return { ...toCopiedPage(r, asked.dossierId), bookmarks: [...className, ...materialName(archive, asked.dossierId, r, masker)] };
    }),
  };
}

const placeOf = (r: Row): Place => ({ fondsId: r.fonds_id, unitId: r.unit_id, category: r.category, level: r.level });

function toCopiedPage(r: Row, dossierId: string): Omit<CopiedPage, 'bookmarks'> {
  const isSideways = r.turned === 90 || r.turned === 270;
  return {
    pageId: r.id,
    dossierId,
    place: placeOf(r),
    turned: r.turned,
    widthPx: isSideways ? r.height_px : r.width_px,
    heightPx: isSideways ? r.width_px : r.height_px,
    resolutionDpi: r.resolution_dpi,
  };
}

/** Number in its class, title and date; nothing for a loose page. */
function materialName({ sealer }: Archive, dossierId: string, r: Row, masker: Masker): string[] {
  if (r.material_id === null) return [];
  const open = (column: 'title' | 'date', value: Uint8Array | null) =>
    sealer.open(
      { kind: 'dossier', id: dossierId },
      { table: 'material', column, rowId: r.material_id!, version: r.material_version! },
      value,
    );
  const title = open('title', r.title);
  const date = findPartialDate(open('date', r.date) ?? '');
  return [[String(r.sequence ?? ''), title && masker.text(title), date && formatPartialDate(date)].filter(Boolean).join(' ')];
}

/** The name of the keeper 保管单位: the organisation whose fonds it is. */
async function keeperOf(tx: DeskTx, { sealer }: Archive, fondsId: string): Promise<string> {
  const row = await tx.one<{ name: Uint8Array; code: string }>('select name, code from fonds where id = $1', [fondsId]);
  const name = sealer.open(
    { kind: 'fonds', id: fondsId },
    { table: 'fonds', column: 'name', rowId: fondsId, version: 1 },
    row?.name ?? null,
  );
  return name ?? row?.code ?? '';
}

/** The text layer of a page: its newest reading as the page lies now; empty before it was read. ID numbers and the like are masked, or not. */
export async function textLayer(tx: DeskTx, archive: Archive, page: ShownPageRef, showsSensitive: boolean): Promise<CopyLine[]> {
  const row = await tx.one<{ engine: string; version: string; lines: Uint8Array }>(
    'select engine, version, lines from reading where page_id = $1 and current',
    [page.pageId],
  );
  if (!row) return [];
  const reading = turnReading(openReading(archive.sealer, { id: page.pageId, dossier_id: page.dossierId, ...row }), page.turned);
  // A reading is of the page's own size; should an engine have read another, the words still stand where they are seen.
  const scale = page.widthPx / reading.widthPx;
  const masked = new Masker(showsSensitive ? SHOW_ALL : SHOW_NOTHING).lines(reading.lines.map((line) => line.text));
  return reading.lines.map(({ box: [x, y, width, height], vertical }, i) => ({
    text: masked[i]!,
    box: [x * scale, y * scale, width * scale, height * scale] as const,
    ...(vertical ? { vertical } : {}),
  }));
}
