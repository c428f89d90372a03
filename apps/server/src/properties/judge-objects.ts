import type { PropertyCheckKind, PropertyFinding, PropertyOutcome, PropertyStandard } from '@lantai/catalogue/properties';
import { formatHex } from '@lantai/values';
import type { DossierRows, FileRow, PageRow } from './dossier-rows.ts';
import type { ExaminedObject } from './examine-objects.ts';

type Params = PropertyFinding['params'];

/** The objects of a dossier as they were examined, with the rows that name them. */
export interface ExaminedDossier {
  readonly rows: DossierRows;
  readonly objects: readonly ExaminedObject[];
}

const fail = (code: string, object: PropertyFinding['object'], params: Params = {}): PropertyFinding => ({
  code,
  weight: 'fail',
  object,
  params,
});
const keyOf = (address: Uint8Array) => formatHex(address);

/** What names an object: its page or file, else the object itself. */
class Names {
  readonly #pages = new Map<string, PageRow[]>();
  readonly #files = new Map<string, FileRow>();

  constructor({ pages, files }: DossierRows) {
    for (const page of pages) {
      const key = keyOf(page.object_address);
      if (!this.#pages.get(key)?.push(page)) this.#pages.set(key, [page]);
    }
    for (const file of files) if (file.object_address) this.#files.set(keyOf(file.object_address), file);
  }

  pagesOf(o: ExaminedObject): readonly PageRow[] {
    return this.#pages.get(keyOf(o.row.address)) ?? [];
  }

  fileOf(o: ExaminedObject): FileRow | null {
    return this.#files.get(keyOf(o.row.address)) ?? null;
  }

  of(o: ExaminedObject): PropertyFinding['object'] {
    const page = this.pagesOf(o)[0];
    if (page) return { kind: 'page', id: page.id };
    const file = this.fileOf(o);
    return file ? { kind: 'file', id: file.id } : { kind: 'object', id: o.row.object_id };
  }
}

/** 1-10: format, measures and sizes as the files themselves have them. */
function checkAttributes({ objects }: ExaminedDossier, names: Names): PropertyFinding[] {
  return objects.flatMap((o) => {
    const { decoded } = o;
    if (!decoded) return [];
    return names.pagesOf(o).flatMap((page): PropertyFinding[] => {
      const object = { kind: 'page', id: page.id } as const;
      const found: PropertyFinding[] = [];
      if (decoded.mediaType !== null && decoded.mediaType !== page.media_type)
        found.push(fail('four/media-differs', object, { said: page.media_type, found: decoded.mediaType }));
      const seen = decoded.pages[decoded.pages.length === 1 ? 0 : page.source_index];
      if (seen && (seen.widthPx !== page.width_px || seen.heightPx !== page.height_px))
        found.push(
          fail('four/measures-differ', object, { said: `${page.width_px}x${page.height_px}`, found: `${seen.widthPx}x${seen.heightPx}` }),
        );
      return found;
    });
  });
}

/** 2-1: pages, materials and files as they are counted, and as the log says that they were received. */
function checkCount({ rows }: ExaminedDossier): PropertyFinding[] {
  const { dossier, pages, materials, files, receivedCount } = rows;
  const object = { kind: 'dossier', id: dossier.id } as const;
  const found: PropertyFinding[] = [];
  const compare = (code: string, said: number, held: number, of: PropertyFinding['object'] = object) => {
    if (said !== held) found.push(fail(code, of, { said, held }));
  };
  // A scan that gave way to a better one is kept, and no page of the dossier any more.
  compare('four/page-count', dossier.page_count, pages.filter((p) => !p.is_superseded).length);
  compare('four/material-count', dossier.material_count, materials.length);
  compare('four/received-count', receivedCount, pages.length);
  for (const { kind, difference } of rows.countExceptions) found.push(fail(`four/count-${kind}`, object, { count: Math.abs(difference) }));
  const held = new Map<string, number>();
  for (const p of pages) held.set(p.source_file_id, (held.get(p.source_file_id) ?? 0) + 1);
  for (const f of files) compare('four/file-pages', f.page_count, held.get(f.id) ?? 0, { kind: 'file', id: f.id });
  return found;
}

/** 2-2 */
function checkBytes({ objects }: ExaminedDossier, names: Names): PropertyFinding[] {
  return objects.flatMap((o) => {
    if (o.damage !== null) return [fail('four/bytes-missing', names.of(o), { code: o.damage })];
    const found: PropertyFinding[] = [];
    if (o.bytes !== Number(o.row.plain_bytes))
      found.push(fail('four/bytes-differ', names.of(o), { said: Number(o.row.plain_bytes), held: o.bytes }));
    const file = names.fileOf(o);
    if (file && Number(file.byte_count) !== o.bytes)
      found.push(fail('four/bytes-differ', { kind: 'file', id: file.id }, { said: Number(file.byte_count), held: o.bytes }));
    return found;
  });
}

/** 2-7: every file opens, decodes to its end and gives the pages that were made of it. */
function checkWhole({ objects }: ExaminedDossier, names: Names): PropertyFinding[] {
  return objects.flatMap((o) => {
    const of = names.of(o);
    if (o.damage !== null || !o.decoded) return [fail('four/unopened', of, { code: o.damage ?? '' })];
    const { outcome, code, findings, pages } = o.decoded;
    if (outcome === 'refused' || outcome === 'killed') return [fail('four/undecodable', of, { code: code ?? '' })];
    const errors = findings.filter((f) => f.severity === 'error').map((f) => fail('four/incomplete', of, { code: f.code }));
    const file = names.fileOf(o);
    if (file && outcome === 'pages' && file.page_count !== pages.length)
      errors.push(fail('four/file-pages', of, { said: file.page_count, held: pages.length }));
    return errors;
  });
}

/** 3-3 and 3-5 */
function checkFormats({ objects }: ExaminedDossier, names: Names, { formats }: PropertyStandard, lasting: boolean): PropertyFinding[] {
  return objects.flatMap((o) => {
    const media = o.decoded?.mediaType ?? null;
    const format = media === null ? undefined : formats.get(media);
    if (lasting) return format?.lasts ? [] : [fail('four/format-not-lasting', names.of(o), { found: media ?? '' })];
    return format ? [] : [fail('four/format-unknown', names.of(o), { found: media ?? '', code: o.decoded?.code ?? o.damage ?? '' })];
  });
}

/** 4-2: what the scanner found. Files that it did not say anything of are told apart by {@link unscannedCode}. */
function checkMalware({ objects }: ExaminedDossier, names: Names): PropertyFinding[] {
  return objects.flatMap((o) => (o.scan?.kind === 'infected' ? [fail('four/malware', names.of(o), { name: o.scan.name })] : []));
}

/**
 * Why the item of malware did not run over every file; null when it did. INVARIANT: one file that the scanner did not say clean of, or that could
 * not be opened for it, and the item has not run.
 */
export function unscannedCode(objects: readonly ExaminedObject[]): string | null {
  for (const { scan, damage } of objects) {
    if (damage !== null) return 'four/unscanned-damaged';
    if (scan === null) return 'clamd/none';
    if (scan.kind === 'unscanned') return scan.code;
  }
  return null;
}

/** 4-3 */
const checkSurplus = ({ objects }: ExaminedDossier, names: Names): PropertyFinding[] =>
  objects.flatMap((o) => (o.row.is_named ? [] : [fail('four/object-unnamed', names.of(o))]));

/** The items that look at files, each by its name; null for a check that looks at something else. */
export function judgeObjects(kind: PropertyCheckKind, examined: ExaminedDossier, standard: PropertyStandard): PropertyOutcome | null {
  const names = new Names(examined.rows);
  const { objects, rows } = examined;
  const bytes = objects.reduce((sum, o) => sum + o.bytes, 0);
  const say = (findings: readonly PropertyFinding[], checked = objects.length): PropertyOutcome => ({
    checked,
    findings,
    measured: { objects: objects.length, bytes },
  });
  switch (kind) {
    case 'attributes':
      return say(checkAttributes(examined, names), rows.pages.length);
    case 'count':
      return {
        ...say(checkCount(examined), rows.pages.length + rows.files.length),
        measured: { pages: rows.pages.length, received: rows.receivedCount },
      };
    case 'bytes':
      return say(checkBytes(examined, names));
    case 'whole':
      return say(checkWhole(examined, names));
    case 'format':
      return say(checkFormats(examined, names, standard, false));
    case 'longterm':
      return say(checkFormats(examined, names, standard, true));
    case 'malware':
      return say(checkMalware(examined, names));
    case 'surplus':
      return say(checkSurplus(examined, names));
    default:
      return null;
  }
}
