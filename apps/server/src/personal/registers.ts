import type { Archive } from '../archive/index.ts';
import { type Desk, type DeskTx, scopeFonds } from '../desk/index.ts';
import type { DestructionLine } from './destroy-dossier.ts';
import type { LegalBasis } from './law.ts';
import { listPurposes } from './purposes.ts';

/** One purpose in the register of processing (个人信息处理活动记录): what is stated, and how much there is. */
export interface ProcessingLine {
  readonly code: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly basis: LegalBasis;
  readonly kinds: string;
  readonly sensitive: boolean;
  readonly retention: string;
  readonly recipients: string;
  readonly dossiers: number;
  readonly restricted: number;
  readonly consentsInForce: number;
  /** The newest impact assessment that names it. */
  readonly assessedAtMs: number | null;
}

/** One giving-away in the register of provision (对外提供登记): out of the entries of the log, nothing is written twice. */
export interface ProvisionLine {
  readonly entryId: string;
  readonly atMs: number;
  readonly kind: string;
  readonly dossierId: string | null;
  readonly dossierCode: string | null;
  readonly actorId: string | null;
  readonly purpose: string | null;
}

/** Kinds of entries by which data leaves: prints, copies, originals, catalogues, exports, forwardings, consultations, answers to subjects. */
const PROVIDING = [
  'page.printed',
  'page.copied',
  'page.downloaded',
  'catalogue.exported',
  'dossier.exported',
  'dossier.packed',
  'archive.exported',
  'dossier.forwarded',
  'consultation.attended',
  'subject-request.answer-opened',
];

const fondsOf = (desk: Desk): readonly string[] | null => {
  const fonds = scopeFonds(desk.scope('processing.read'));
  return fonds === 'all' ? null : fonds;
};

/** Opens a register as far as the actor answers for it; one entry, with how many lines it showed. */
function openRegister<T>(desk: Desk, register: string, read: (tx: DeskTx) => Promise<T[]>): Promise<T[]> {
  return desk.act('processing.read', async (tx) => {
    const lines = await read(tx);
    await tx.log({ kind: 'register.opened', params: { register, count: lines.length } });
    return lines;
  });
}

/** The register of processing: every purpose that is adopted, with counts of the fonds one answers for. One entry. */
export function listProcessing(desk: Desk): Promise<ProcessingLine[]> {
  return openRegister(desk, 'processing', async (tx) => {
    const counts = await countByCategory(tx, fondsOf(desk));
    const consents = await tx.query<{ code: string; n: number }>(
      `select n.purpose_code as code, count(*)::int as n from consent c join notice n on (n.code, n.version) = (c.notice_code, c.notice_version)
       where c.withdrawn_at_ms is null and n.kind <> 'notice' and ($1::uuid[] is null or c.fonds_id = any($1)) group by 1`,
      [fondsOf(desk)],
    );
    const assessed = await tx.query<{ code: string; at: number }>(
      'select purpose_code as code, max(made_at_ms) as at from impact_assessment where purpose_code is not null group by 1',
    );
    const lines = (await listPurposes(tx)).filter((p) => p.version > 0 && !p.retired);
    return lines.map((p) => ({
      code: p.code,
      name: p.name,
      basis: p.basis,
      kinds: p.kinds,
      sensitive: p.sensitive,
      retention: p.retention,
      recipients: p.recipients,
      dossiers: p.categories.reduce((sum, c) => sum + (counts.get(c)?.all ?? 0), 0),
      restricted: p.categories.reduce((sum, c) => sum + (counts.get(c)?.restricted ?? 0), 0),
      consentsInForce: consents.find((c) => c.code === p.code)?.n ?? 0,
      assessedAtMs: assessed.find((a) => a.code === p.code)?.at ?? null,
    }));
  });
}

async function countByCategory(tx: DeskTx, fonds: readonly string[] | null): Promise<Map<string, { all: number; restricted: number }>> {
  const rows = await tx.query<{ category: string; n: number; held: number }>(
    `select d.category, count(*)::int as n, count(r.id)::int as held from dossier d
     left join restriction r on r.subject_id = d.subject_id and r.lifted_at_ms is null where $1::uuid[] is null or d.fonds_id = any($1) group by 1`,
    [fonds],
  );
  return new Map(rows.map((r) => [r.category, { all: r.n, restricted: r.held }]));
}

const LINES_MAX = 5000;

/** The register of provision for a time, newest first, to 5,000 lines. One entry. */
export function listProvisions(desk: Desk, time: { readonly fromMs: number; readonly toMs: number }): Promise<ProvisionLine[]> {
  return openRegister(desk, 'provision', async (tx) => {
    const rows = await tx.query<{
      id: string;
      at_ms: number;
      kind: string;
      dossier_id: string | null;
      code: string | null;
      actor_id: string | null;
      purpose: string | null;
    }>(
      `select e.id, e.at_ms, e.kind, e.dossier_id, coalesce(d.code, x.code) as code, e.actor_id,
         convert_from(e.bytes, 'UTF8')::jsonb->'params'->>'purpose' as purpose
       from entry e left join dossier d on d.id = e.dossier_id left join destruction x on x.dossier_id = e.dossier_id
       where e.kind = any($1::text[]) and e.at_ms >= $2 and e.at_ms < $3
         and ($4::uuid[] is null or coalesce(d.fonds_id, x.fonds_id, e.fonds_id) = any($4)) order by e.id desc limit ${LINES_MAX}`,
      [PROVIDING, time.fromMs, time.toMs, fondsOf(desk)],
    );
    return rows.map((r) => ({
      entryId: r.id,
      atMs: r.at_ms,
      kind: r.kind,
      dossierId: r.dossier_id,
      dossierCode: r.code,
      actorId: r.actor_id,
      purpose: r.purpose,
    }));
  });
}

/** The register of destructions (销毁清册), newest first. One entry. */
export function listDestructions(desk: Desk): Promise<DestructionLine[]> {
  return openRegister(desk, 'destruction', async (tx) => {
    const rows = await tx.query<{
      dossier_id: string;
      code: string;
      category: string;
      ground: string;
      approved_by: string | null;
      second_by: string | null;
      repeated_by: 'log' | 'keys' | null;
      intended_at_ms: number;
      done_at_ms: number | null;
      page_count: number;
      object_count: number;
      backups_until_ms: number;
    }>(
      `select dossier_id, code, category, ground, approved_by, second_by, repeated_by, intended_at_ms, done_at_ms, page_count, object_count,
         backups_until_ms
       from destruction where $1::uuid[] is null or fonds_id = any($1) order by intended_at_ms desc limit ${LINES_MAX}`,
      [fondsOf(desk)],
    );
    return rows.map((r) => ({
      dossierId: r.dossier_id,
      code: r.code,
      category: r.category,
      ground: r.ground,
      approvedBy: r.approved_by,
      secondBy: r.second_by,
      repeatedBy: r.repeated_by,
      intendedAtMs: r.intended_at_ms,
      doneAtMs: r.done_at_ms,
      pages: r.page_count,
      objects: r.object_count,
      backupsUntilMs: r.backups_until_ms,
    }));
  });
}

/** Makes an exported register an entry that vouches for its bytes. */
export function logExport(
  archive: Archive,
  desk: Desk,
  register: string,
  bytes: Uint8Array,
  counts: Readonly<Record<string, number>>,
  reason: string,
): Promise<string> {
  return desk.act('processing.read', (tx) =>
    tx.log({
      kind: 'register.exported',
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
      params: { register, ...counts },
      ...(reason ? { detail: reason } : {}),
    }),
  );
}
