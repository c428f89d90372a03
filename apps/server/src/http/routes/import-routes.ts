import { wordsOf } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../../archive/index.ts';
import { createDossier, createNumberedDossier, findHead, makeSeparators } from '../../catalogue/index.ts';
import { type Desk, scopeSql } from '../../desk/index.ts';
import { importSample, listWaiting, startUploadImport, unlockFile } from '../../ingest/index.ts';
import type { Call, Handlers } from '../handler.ts';

type ImportHandlers = Pick<Handlers, 'startImport' | 'importSample' | 'listImports' | 'getImport' | 'unlockFile' | 'printSeparators'>;

interface ImportRow {
  id: string;
  dossier_id: string;
  dossier_code: string;
  state: 'running' | 'done' | 'stopped';
  started_at_ms: number;
  ended_at_ms: number | null;
  settled: number;
  waiting: number;
  pages: number;
  refused: number;
  duplicate: number;
  needs_person: number;
  pages_read: number;
}

const IMPORT_COLUMNS = `i.id, i.dossier_id, d.code as dossier_code, i.state, i.started_at_ms, i.ended_at_ms,
  (select count(*)::int from import_upload u where u.import_id = i.id) as waiting,
  f.settled, f.pages, f.refused, f.duplicate, f.needs_person,
  (select count(*)::int from page p join source_file s on s.id = p.source_file_id where s.import_id = i.id and p.read_state = 'read') as pages_read`;
const IMPORT_FROM = `import i join dossier d on d.id = i.dossier_id cross join lateral (
  select count(*)::int as settled, coalesce(sum(page_count), 0)::int as pages, count(*) filter (where outcome = 'refused')::int as refused,
    count(*) filter (where outcome = 'duplicate')::int as duplicate, count(*) filter (where outcome = 'needs_person')::int as needs_person
  from source_file f where f.import_id = i.id) f`;
const PAGE_LIMIT = 50;

function importLine(archive: Archive, r: ImportRow) {
  const spentMs = archive.clock.nowMs() - r.started_at_ms;
  return {
    id: r.id,
    dossierId: r.dossier_id,
    dossierCode: r.dossier_code,
    state: r.state,
    startedAtMs: r.started_at_ms,
    endedAtMs: r.ended_at_ms,
    counts: {
      files: r.settled + r.waiting,
      settled: r.settled,
      pages: r.pages,
      refused: r.refused,
      duplicate: r.duplicate,
      needsPerson: r.needs_person,
      pagesRead: r.pages_read,
    },
    leftMs: r.state === 'running' && r.settled ? Math.round((spentMs / r.settled) * r.waiting) : null,
  };
}

async function findImport(desk: Desk, importId: string): Promise<ImportRow> {
  const where = scopeSql(desk.scope('page.import'), 'i', 2);
  const row = await desk.sql.one<ImportRow>(`select ${IMPORT_COLUMNS} from ${IMPORT_FROM} where i.id = $1 and ${where.sql}`, [
    importId,
    ...where.params,
  ]);
  if (!row) throw new ArchiveError('import/not-found', 'caller');
  return row;
}

/** What of a batch separator sheets led into other dossiers, as far as the caller reaches them. */
async function listElsewhere(desk: Desk, importId: string) {
  const where = scopeSql(desk.scope('page.import'), 'i', 2);
  const rows = await desk.sql.query<{ id: string; dossier_id: string; code: string; pages: number }>(
    `select i.id, i.dossier_id, d.code, (select coalesce(sum(f.page_count), 0)::int from source_file f where f.import_id = i.id) as pages
     from import i join dossier d on d.id = i.dossier_id where i.of_import = $1 and ${where.sql} order by i.id`,
    [importId, ...where.params],
  );
  return rows.map((r) => ({ importId: r.id, dossierId: r.dossier_id, dossierCode: r.code, pages: r.pages }));
}

interface FileRow {
  id: string;
  name: Uint8Array;
  outcome: 'pages' | 'refused' | 'duplicate' | 'needs_person' | 'kept';
  code: string | null;
  params: Record<string, string | number | boolean>;
  page_count: number;
  first_page_id: string | null;
  held_page_id: string | null;
  findings: { code: string; severity: 'error' | 'warning' | 'info'; params: Record<string, string | number | boolean> }[];
}

async function fileOutcomes(call: Call<'getImport'>, row: ImportRow) {
  const { archive, language } = call;
  const { sql } = await call.desk();
  const rows = await sql.query<FileRow>(
    `select f.id, f.name, f.outcome, f.code, f.params, f.page_count,
       (select p.id from page p where p.source_file_id = f.id order by p.source_index limit 1) as first_page_id,
       case when f.outcome = 'duplicate' then (select p.id from source_file g join page p on p.source_file_id = g.id
         where g.dossier_id = f.dossier_id and g.content_key = f.content_key and g.outcome = 'pages' order by p.source_index limit 1) end as held_page_id,
       coalesce((select json_agg(json_build_object('code', n.code, 'severity', n.severity, 'params', n.params)) from finding n
         where n.source_file_id = f.id or n.page_id in (select p.id from page p where p.source_file_id = f.id) and n.step = 'receive'), '[]'::json) as findings
     from source_file f where f.import_id = $1 order by f.id`,
    [row.id],
  );
  const settled = rows.map((r) => ({
    fileId: r.id,
    file: archive.sealer.get(
      { kind: 'dossier', id: row.dossier_id },
      { table: 'source_file', column: 'name', rowId: r.id, version: 1 },
      r.name,
    ),
    outcome: r.outcome,
    pages: r.page_count,
    code: r.code,
    reason: r.code === null ? null : wordsOf(language, r.code, r.params),
    params: r.params,
    duplicateOfPageId: r.held_page_id,
    findings: r.findings,
  }));
  const waiting = (await listWaiting(archive, sql, row.id, row.dossier_id)).map((w) => ({
    fileId: w.uploadId,
    file: w.path,
    outcome: 'waiting' as const,
    pages: 0,
    code: null,
    reason: null,
    duplicateOfPageId: null,
    findings: [],
  }));
  return [...settled, ...waiting];
}

async function destination(call: Call<'startImport'>, desk: Desk): Promise<string> {
  const { archive, body } = call;
  const { dossier } = body;
  if ('create' in dossier) {
    const { schemeId, code, ...rest } = dossier.create;
    const input = { ...rest, scheme: schemeId } as Parameters<typeof createNumberedDossier>[2];
    const made =
      code === undefined ? await createNumberedDossier(archive, desk, input) : await createDossier(archive, desk, { ...input, code });
    return made.dossierId;
  }
  const by = 'id' in dossier ? { id: dossier.id } : { code: dossier.code };
  const head = await desk.act('page.import', (tx, scope) => findHead(tx, archive, scope, by));
  if (!head) throw new ArchiveError('dossier/not-found', 'caller');
  return head.dossierId;
}

export const importHandlers: ImportHandlers = {
  printSeparators: async ({ archive, body, desk, language, reply }) => {
    const dossiers = body.dossierIds.map((id) => ({ id }));
    const bytes = await makeSeparators(archive, await desk(), { dossiers, kind: body.kind, language });
    return reply
      .type('application/pdf')
      .header('content-disposition', `attachment; filename="lantai-${body.kind}.pdf"`)
      .send(Buffer.from(bytes));
  },
  startImport: async (call) => {
    const desk = await call.desk();
    const dossierId = await destination(call, desk);
    const importId = await startUploadImport(call.archive, desk, dossierId, call.body.files, { separated: call.body.separators ?? false });
    return call.reply.status(202).send({ importId, dossierId });
  },
  importSample: async ({ archive, desk, reply }) => reply.status(202).send(await importSample(archive, await desk())),
  listImports: async ({ archive, query, desk }) => {
    const door = await desk();
    const where = scopeSql(door.scope('page.import'), 'i', 3);
    const limit = query.limit ?? PAGE_LIMIT;
    const rows = await door.sql.query<ImportRow>(
      `select ${IMPORT_COLUMNS} from ${IMPORT_FROM} where ($1::uuid is null or i.id < $1) and ($2::text is null or i.state = $2) and ${where.sql}
       order by i.id desc limit ${limit + 1}`,
      [query.cursor ?? null, query.state ?? null, ...where.params],
    );
    const items = rows.slice(0, limit).map((r) => importLine(archive, r));
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  },
  getImport: async (call) => {
    const desk = await call.desk();
    const row = await findImport(desk, call.params.importId);
    return { ...importLine(call.archive, row), elsewhere: await listElsewhere(desk, row.id), files: await fileOutcomes(call, row) };
  },
  unlockFile: async (call) => {
    const desk = await call.desk();
    const row = await findImport(desk, call.params.importId);
    await unlockFile(call.archive, desk, {
      importId: row.id,
      dossierId: row.dossier_id,
      fileId: call.params.fileId,
      password: call.body.password,
    });
    const files = await fileOutcomes(call as never, row);
    return files.find((f) => f.fileId === call.params.fileId) ?? files.at(-1);
  },
};
