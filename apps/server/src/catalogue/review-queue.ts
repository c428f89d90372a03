import { Masker } from '@lantai/search';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Desk, scopeSql } from '../desk/index.ts';

/** A material that was proposed and waits for a person. */
export interface ReviewLine {
  readonly materialId: string;
  readonly dossierId: string;
  readonly dossierCode: string;
  /** Of the dossier's subject. */
  readonly name: string;
  readonly schemeId: string;
  readonly classCode: string | null;
  readonly title: string | null;
  readonly pages: number;
  /** How sure the machine was where it was least sure. */
  readonly least01: number;
}

interface Row {
  id: string;
  dossier_id: string;
  dossier_code: string;
  scheme: string;
  class_code: string | null;
  title: Uint8Array | null;
  page_count: number;
  least01: number;
  version: number;
  subject_id: string;
  name: Uint8Array;
  subject_version: number;
}

const LIMIT = 50;
const COUNT_MAX = 1000;

/**
 * The queue of reviews (待核对): what was proposed, the least sure first, inside the scope of who may arrange it; one entry.
 * @param request `cursor` of the page before; `limit` 1 to 500, default 50
 * @throws ArchiveError `request/malformed` for a cursor that is none, `desk/not-allowed` (caller)
 */
export async function listReviewQueue(
  archive: Archive,
  desk: Desk,
  request: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): Promise<{ items: ReviewLine[]; nextCursor: string | null; count: { value: number; more: boolean } }> {
  const after = request.cursor ? readCursor(request.cursor) : null;
  const limit = request.limit ?? LIMIT;
  return desk.act('material.change', async (tx, scope) => {
    if (!after) await tx.log({ kind: 'review.listed' });
    const where = scopeSql(scope, 'd', 1);
    const from = `material m join dossier d on d.id = m.dossier_id where m.state = 'proposed' and m.least01 is not null and ${where.sql}`;
    const counted = await tx.one<{ n: number }>(
      `select count(*)::int as n from (select 1 from ${from} limit ${COUNT_MAX + 1}) x`,
      where.params,
    );
    const at = where.params.length;
    const beyond = after ? ` and (m.least01, m.id) > ($${at + 1}::real, $${at + 2}::uuid)` : '';
    const rows = await tx.query<Row>(
      `select m.*, s.name, s.version as subject_version from (
         select m.id, m.dossier_id, d.code as dossier_code, d.scheme, d.subject_id, m.class_code, m.title, m.page_count, m.least01, m.version
         from ${from}${beyond} order by m.least01, m.id limit ${limit + 1}) m join subject s on s.id = m.subject_id order by m.least01, m.id`,
      [...where.params, ...(after ?? [])],
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const n = counted?.n ?? 0;
    return {
      items: shown.map((row) => toLine(archive, row)),
      nextCursor: rows.length > limit && last ? Buffer.from(JSON.stringify([last.least01, last.id])).toString('base64url') : null,
      count: { value: Math.min(n, COUNT_MAX), more: n > COUNT_MAX },
    };
  });
}

function toLine({ sealer }: Archive, row: Row): ReviewLine {
  const title = sealer.open(
    { kind: 'dossier', id: row.dossier_id },
    { table: 'material', column: 'title', rowId: row.id, version: row.version },
    row.title,
  );
  return {
    materialId: row.id,
    dossierId: row.dossier_id,
    dossierCode: row.dossier_code,
    name: sealer.get(
      { kind: 'dossier', id: row.subject_id },
      { table: 'subject', column: 'name', rowId: row.subject_id, version: row.subject_version },
      row.name,
    ),
    schemeId: row.scheme,
    classCode: row.class_code,
    title: title === null ? null : new Masker().text(title),
    pages: row.page_count,
    least01: row.least01,
  };
}

function readCursor(cursor: string): [number, string] {
  try {
    const [least01, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown, unknown];
    if (typeof least01 === 'number' && typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id)) return [least01, id];
  } catch {
    // Falls through to the refusal: a cursor that is not ours.
  }
  throw new ArchiveError('request/malformed', 'caller');
}
