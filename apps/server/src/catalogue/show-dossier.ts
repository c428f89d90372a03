import { Masker } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import { type Archive, readingPlace } from '../archive/index.ts';
import { type Desk, type DeskTx, scopeSql } from '../desk/index.ts';
import { findHead } from './find-dossier.ts';

/** A dossier written out: what `lantai show` prints and `eval` and `export` read. */
export interface ShownDossier {
  readonly dossierId: string;
  readonly code: string;
  readonly name: string;
  readonly scheme: string;
  readonly state: string;
  readonly materials: readonly ShownMaterial[];
  readonly pages: readonly ShownPage[];
}

export interface ShownMaterial {
  readonly materialId: string;
  readonly classCode: string | null;
  readonly sequence: number;
  readonly code: string | null;
  readonly title: string;
  readonly date: string | null;
  readonly pages: number;
}

export interface ShownPage {
  readonly pageId: string;
  readonly materialId: string | null;
  /** Path of the file as received. */
  readonly file: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly turned: number;
  readonly readState: string;
  readonly readReason: string | null;
  readonly findings: readonly string[];
  /** The current reading's text; null when it was not asked for or there is none. */
  readonly text: string | null;
}

interface PageRow {
  id: string;
  material_id: string | null;
  file_id: string;
  name: Uint8Array;
  width_px: number;
  height_px: number;
  turned: number;
  read_state: string;
  read_reason: string | null;
  codes: string[];
  engine: string | null;
  engine_version: string | null;
  text: Uint8Array | null;
}

/**
 * Opens a dossier whole; one entry. @throws ArchiveError `dossier/not-found`, `desk/not-allowed` (caller)
 * @param withText also the text that was read, page by page
 */
export function showDossier(archive: Archive, desk: Desk, dossierId: string, withText: boolean): Promise<ShownDossier> {
  return desk.act('dossier.read', async (tx, scope) => {
    const head = await findHead(tx, archive, scope, { id: dossierId });
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    await tx.log({ kind: 'dossier.opened', place: head.place, dossierId, params: { text: withText ? 1 : 0 } });
    const where = scopeSql(scope, 'p', 2);
    const rows = await tx.query<PageRow>(
      `select p.id, p.material_id, p.width_px, p.height_px, p.turned, p.read_state, p.read_reason, f.id as file_id, f.name,
              array(select distinct code from finding n where n.page_id = p.id or n.source_file_id = p.source_file_id order by code) as codes,
              r.engine, r.version as engine_version, ${withText ? 'r.text' : 'null::bytea'} as text
       from page p join source_file f on f.id = p.source_file_id left join reading r on r.page_id = p.id and r.current
       where p.dossier_id = $1 and p.superseded_by is null and ${where.sql} order by p.arrival, p.id`,
      [dossierId, ...where.params],
    );
    return {
      dossierId,
      code: head.code,
      name: head.subject.name,
      scheme: head.scheme,
      state: head.state,
      materials: await listMaterials(tx, archive, dossierId),
      pages: rows.map((r) => toShownPage(archive, dossierId, r)),
    };
  });
}

function toShownPage(archive: Archive, dossierId: string, r: PageRow): ShownPage {
  const ref = { kind: 'dossier', id: dossierId } as const;
  return {
    pageId: r.id,
    materialId: r.material_id,
    file: archive.sealer.get(ref, { table: 'source_file', column: 'name', rowId: r.file_id, version: 1 }, r.name),
    widthPx: r.width_px,
    heightPx: r.height_px,
    turned: r.turned,
    readState: r.read_state,
    readReason: r.read_reason,
    findings: r.codes,
    text: archive.sealer.open(ref, readingPlace('text', r.id, r.engine ?? '', r.engine_version ?? ''), r.text),
  };
}

async function listMaterials(tx: DeskTx, archive: Archive, dossierId: string): Promise<ShownMaterial[]> {
  const rows = await tx.query<{
    id: string;
    class_code: string | null;
    sequence: number;
    code: string | null;
    title: Uint8Array | null;
    date: Uint8Array | null;
    page_count: number;
    version: number;
  }>(
    'select id, class_code, sequence, code, title, date, page_count, version from material where dossier_id = $1 order by class_code nulls last, sequence',
    [dossierId],
  );
  const ref = { kind: 'dossier', id: dossierId } as const;
  return rows.map((r) => ({
    materialId: r.id,
    classCode: r.class_code,
    sequence: r.sequence,
    code: r.code,
    title: archive.sealer.open(ref, { table: 'material', column: 'title', rowId: r.id, version: r.version }, r.title) ?? '',
    date: archive.sealer.open(ref, { table: 'material', column: 'date', rowId: r.id, version: r.version }, r.date),
    pages: r.page_count,
  }));
}

/** Titles, file names and text with what is sensitive hidden: a terminal keeps what it was shown. */
export function maskShown(shown: ShownDossier): ShownDossier {
  const masker = new Masker();
  const pages = shown.pages.map((p) => ({ ...p, file: masker.text(p.file), text: p.text === null ? null : masker.text(p.text) }));
  return { ...shown, materials: shown.materials.map((m) => ({ ...m, title: masker.text(m.title) })), pages };
}
