import { retentionOf, type Scheme } from '@lantai/catalogue';
import type { DescribedThing, DossierEvidence, PropertyFinding } from '@lantai/catalogue/properties';
import { isArchiveError } from '@lantai/values';
import { type Archive, readingPlace } from '../archive/index.ts';
import { getScheme, suffixesOf, titlesOf } from '../catalogue/index.ts';
import type { Sql } from '../db/index.ts';
import { type DossierRows, type MaterialRow, openPlaceNames } from './dossier-rows.ts';

/** What was opened of a dossier's sealed columns. */
export interface OpenedEvidence {
  readonly evidence: DossierEvidence;
  /** Sealed values opened, and those that do not open or hold what no program wrote. */
  readonly opened: number;
  readonly unreadable: readonly PropertyFinding[];
}

const NOTHING_KNOWN = { conditions: {}, service: null };
const MINUTE_MS = 60_000;

/** Opens values one by one; one that fails is a finding, and the others are opened all the same. */
class Opener {
  opened = 0;
  readonly unreadable: PropertyFinding[] = [];

  constructor(
    private readonly archive: Archive,
    private readonly dossierId: string,
  ) {}

  text(table: string, row: { readonly id: string; readonly version: number }, column: string, sealed: Uint8Array | null): string | null {
    const kind = table === 'material' ? 'material' : table === 'source_file' ? 'file' : 'dossier';
    const key = table === 'subject' ? row.id : this.dossierId;
    return this.#try({ kind, id: kind === 'dossier' ? this.dossierId : row.id }, column, sealed, (bytes) =>
      this.archive.sealer.get({ kind: 'dossier', id: key }, { table, column, rowId: row.id, version: row.version }, bytes),
    );
  }

  /** A value that is JSON; the fallback where there is none, or it cannot be read. */
  json<T>(
    table: string,
    row: { readonly id: string; readonly version: number },
    column: string,
    sealed: Uint8Array | null,
    fallback: T,
  ): T {
    const text = this.text(table, row, column, sealed);
    if (text === null) return fallback;
    try {
      return (JSON.parse(text) as T | null) ?? fallback;
    } catch {
      // Whatever was wrong in it, what is wrong is this: the finding says so, and the rest is looked at.
      this.#say({ kind: table === 'material' ? 'material' : 'dossier', id: row.id }, 'four/column-no-json', column);
      return fallback;
    }
  }

  async readings(sql: Sql): Promise<void> {
    const rows = await sql.query<{ page_id: string; engine: string; version: string; text: Uint8Array; lines: Uint8Array }>(
      `select r.page_id, r.engine, r.version, r.text, r.lines from reading r join page p on p.id = r.page_id where p.dossier_id = $1 and r.current`,
      [this.dossierId],
    );
    for (const row of rows)
      for (const column of ['text', 'lines'] as const)
        this.#try({ kind: 'page', id: row.page_id }, column, row[column], (bytes) => {
          this.archive.sealer.openBytes(
            { kind: 'dossier', id: this.dossierId },
            readingPlace(column, row.page_id, row.engine, row.version),
            bytes,
          );
          return '';
        });
  }

  #try(object: PropertyFinding['object'], column: string, sealed: Uint8Array | null, open: (sealed: Uint8Array) => string): string | null {
    if (sealed === null) return null;
    try {
      const text = open(sealed);
      this.opened++;
      return text;
    } catch (error) {
      if (!isArchiveError(error) || error.fault === 'environment') throw error;
      this.#say(object, error.code, column);
      return null;
    }
  }

  #say(object: PropertyFinding['object'], code: string, column: string): void {
    this.unreadable.push({ code, weight: 'fail', object, params: { column } });
  }
}

/** Opens what the items that look at metadata look at. @throws ArchiveError `scheme/not-found` (caller) */
export async function openEvidence(archive: Archive, sql: Sql, rows: DossierRows, utcOffsetMinutes: number): Promise<OpenedEvidence> {
  const { dossier: d } = rows;
  const scheme = await getScheme(sql, archive, d.scheme);
  const o = new Opener(archive, d.id);
  const subject = { id: d.subject_id, version: d.subject_version };
  const name = o.text('subject', subject, 'name', d.subject_name);
  const idNumber = o.text('subject', subject, 'id_number', d.id_number);
  const tags = o.json<string[]>('dossier', d, 'tags', d.tags, []);
  o.json('dossier', d, 'fields', d.fields, {});
  const facts = o.json('dossier', d, 'facts', d.facts, NOTHING_KNOWN);
  for (const file of rows.files) o.text('source_file', { id: file.id, version: 1 }, 'name', file.name);
  const materials = rows.materials.map((m) => openMaterial(o, m));
  await o.readings(sql);
  const day = (ms: number) => new Date(ms + utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 10);
  const about = { rows, scheme, name, tags, day, names: openPlaceNames(archive.sealer, d) };
  const evidence: DossierEvidence = {
    dossierId: d.id,
    code: d.code,
    scheme,
    subject: { id: d.subject_id, name, idNumber, birthYear: d.birth_year },
    facts,
    sameCode: rows.sameCode,
    codes: suffixesOf(
      scheme,
      d.code,
      rows.materials.flatMap((m) => m.code ?? []),
    ),
    materials: materials.map(({ row, title, date, remarks, fields }) => ({
      id: row.id,
      classCode: row.class_code,
      sequence: row.sequence,
      code: row.code,
      title,
      date,
      remarks,
      pageCount: row.page_count,
      follows: row.follows,
      origin: row.origin,
      state: row.state,
      fields,
    })),
    pages: rows.pages.map((p) => ({
      id: p.id,
      materialId: p.material_id,
      position: p.position,
      isBlank: p.is_blank,
      isSuperseded: p.is_superseded,
    })),
    unsettledFiles: rows.files.filter((f) => f.outcome === 'needs_person').map((f) => f.id),
    described: [describeDossier(about, materials), ...materials.map((m) => describeMaterial(about, m))],
    today: day(archive.clock.nowMs()),
  };
  return { evidence, opened: o.opened, unreadable: o.unreadable };
}

interface OpenedMaterial {
  readonly row: MaterialRow;
  readonly title: string | null;
  readonly date: string | null;
  readonly remarks: string | null;
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
}

type StoredFields = readonly StoredField[] | { readonly fields?: readonly StoredField[] };
interface StoredField {
  readonly code: string;
  readonly value: string | null;
}

function openMaterial(o: Opener, row: MaterialRow): OpenedMaterial {
  const text = (column: 'title' | 'date' | 'remarks' | 'record') => o.text('material', row, column, row[column]);
  const stored = o.json<StoredFields>('material', row, 'fields', row.fields, []);
  const fields = 'fields' in stored ? (stored.fields ?? []) : (stored as readonly StoredField[]);
  text('record');
  return {
    row,
    title: text('title'),
    date: text('date'),
    remarks: text('remarks'),
    tags: o.json<string[]>('material', row, 'tags', row.tags, []),
    fields: Object.fromEntries(fields.flatMap((f) => (f.value === null ? [] : [[f.code, f.value]]))),
  };
}

interface About {
  readonly rows: DossierRows;
  readonly scheme: Scheme;
  readonly name: string | null;
  readonly tags: readonly string[];
  readonly day: (ms: number) => string;
  readonly names: { readonly fonds: string; readonly unit: string };
}

/** 生成方式 by how a material came. */
const ORIGINS: Readonly<Record<string, string>> = { scanned: '数字化', received: '原生', typed: '编辑' };
const some = (...values: readonly (string | number | null | undefined)[]) =>
  values.flatMap((v) => (v === null || v === undefined || v === '' ? [] : [String(v)]));

/** What a dossier's description is drawn from, by source (docs/spec/four-properties.md, section 6). */
function describeDossier({ rows, scheme, name, tags, day, names }: About, materials: readonly OpenedMaterial[]): DescribedThing {
  const { dossier: d, pages, objects } = rows;
  const dates = materials.flatMap((m) => m.date ?? []).sort();
  const faces = pages.filter((p) => !p.is_blank && !p.is_superseded).length;
  const values: [string, readonly string[]][] = [
    ['level', ['案卷级']],
    ['fonds.code', [d.fonds_code]],
    ['fonds.name', some(names.fonds)],
    ['scheme.id', [scheme.id]],
    ['scheme.name', [scheme.name.zh]],
    ['subject.name', some(name)],
    ['dossier.id', [d.id]],
    ['dossier.code', [d.code]],
    ['dossier.bytes', some(objects.reduce((sum, o) => sum + Number(o.plain_bytes), 0) || null)],
    ['dossier.category', [d.category]],
    ['dossier.changed', [day(d.changed_at_ms)]],
    ['dossier.dates', [...new Set(some(dates[0], dates.at(-1)))]],
    ['dossier.extent', [`${materials.length} 份 ${faces} 页`]],
    ['dossier.level', [String(d.level)]],
    ['dossier.materials', [String(materials.length)]],
    ['dossier.pages', [String(faces)]],
    ['dossier.retention', some(/(?:^|[·-])(Y|D[1-9]\d{0,2})(?:[·-]|$)/.exec(d.code)?.[1])],
    ['dossier.tags', tags],
    ['dossier.unit', some(names.unit)],
    ['dossier.volume', some(/(\d+)$/.exec(d.code)?.[1])],
  ];
  return { kind: 'dossier', id: d.id, values: new Map(values) };
}

/** What a material's description is drawn from. */
function describeMaterial(
  { rows, scheme, name, day, names }: About,
  { row: m, title, date, remarks, tags, fields }: OpenedMaterial,
): DescribedThing {
  const pages = rows.pages.filter((p) => p.material_id === m.id);
  const sizes = new Map(rows.objects.map((o) => [Buffer.from(o.address).toString('hex'), Number(o.plain_bytes)]));
  const bytes = pages.reduce((sum, p) => sum + (sizes.get(Buffer.from(p.object_address).toString('hex')) ?? 0), 0);
  const faces = pages.filter((p) => !p.is_blank).length;
  const values: [string, readonly string[]][] = [
    ['level', ['文件级']],
    ['fonds.name', some(names.fonds)],
    ['subject.name', some(name)],
    ['material.id', [m.id]],
    ['material.attached', rows.materials.filter((other) => other.follows === m.id).map((other) => other.id)],
    ['material.bytes', some(bytes || null)],
    ['material.changed', [day(m.changed_at_ms)]],
    ['material.class', some(m.class_code)],
    ['material.code', some(m.code)],
    ['material.date', some(date)],
    ['material.extent', [`${m.copies} 份 ${faces} 页`]],
    ['material.follows', some(m.follows)],
    ['material.formats', [...new Set(pages.map((p) => p.media_type))]],
    ['material.origin', some(ORIGINS[m.origin] ?? m.origin)],
    ['material.pages', [String(faces)]],
    ['material.remarks', some(remarks)],
    ['material.resolutions', [...new Set(pages.flatMap((p) => some(p.resolution_dpi)))]],
    ['material.retention', some(retentionOf(scheme, titlesOf(scheme), { classCode: m.class_code, title })?.code)],
    ['material.sequence', [String(m.sequence)]],
    ['material.state', [m.state]],
    ['material.tags', tags],
    ['material.title', some(title)],
    ['material.year', some(m.material_year)],
    ...Object.entries(fields).map(([code, value]): [string, readonly string[]] => [`material.field.${code}`, some(value)]),
  ];
  return { kind: 'material', id: m.id, values: new Map(values) };
}
