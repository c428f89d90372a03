import type { FindingView } from '@lantai/contract';
import { ArchiveError, formatPartialDate } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { readStatus } from '../catalogue/index.ts';
import { type Desk, type DeskTx, isRestricted, scopeSql } from '../desk/index.ts';
import { READABLE_CATEGORIES } from './law.ts';
import { type RequestRow, requestScopeSql } from './request-rows.ts';

/** What a person may know of the own dossier, whatever its category: that it is kept, where, since when, and what is missing (存档状态、缺少材料). */
export interface OwnDossier {
  readonly dossierId: string;
  readonly code: string;
  readonly category: string;
  readonly schemeId: string;
  readonly state: string;
  readonly keptSinceMs: number;
  /** Processing is restricted at present. */
  readonly isRestricted: boolean;
  /** Its contents may be read by the person (employment and insurance files); of personnel dossiers they may not. */
  readonly isReadable: boolean;
  readonly missing: readonly FindingView[];
}

/** What is handed to the person upon a granted request to see or copy. */
export interface SubjectAnswer extends OwnDossier {
  /** Null where the person may not read the contents (干部人事档案工作条例: nobody consults the own dossier). */
  readonly materials: readonly { classCode: string | null; title: string; date: string | null; pages: number }[] | null;
}

const MISSING = /^completeness\//;

/** The dossiers of the account's own subjects; one entry. Nobody's else, whatever the account may see. */
export function listOwnDossiers(archive: Archive, desk: Desk): Promise<OwnDossier[]> {
  return desk.act('custody.read', async (tx, scope) => {
    const seen = scopeSql(scope, 'd', 2);
    const rows = await tx.query<{ id: string }>(
      `with mine as (select s.id, s.fonds_id, s.id_number_token from subject_tie t join subject s on s.id = t.subject_id where t.account_id = $1)
       select d.id from dossier d where d.subject_id in (
         select id from mine union select s.id from mine m join subject s on s.fonds_id = m.fonds_id and s.id_number_token = m.id_number_token)
       and ${seen.sql} order by d.code`,
      [desk.actor.accountId, ...seen.params],
    );
    const own: OwnDossier[] = [];
    for (const { id } of rows) own.push((await describe(tx, archive, id)).own);
    await tx.log({ kind: 'custody.looked-up', params: { dossiers: own.length } });
    return own;
  });
}

async function describe(tx: DeskTx, archive: Archive, dossierId: string) {
  const status = await readStatus(tx, archive, dossierId);
  if (!status) throw new ArchiveError('dossier/not-found', 'caller');
  const own: OwnDossier = {
    dossierId,
    code: status.code,
    category: status.category,
    schemeId: status.schemeId,
    state: status.state,
    keptSinceMs: status.createdAtMs,
    isRestricted: await isRestricted(archive.db.system('restriction'), dossierId),
    isReadable: READABLE_CATEGORIES.includes(status.category),
    missing: status.findings.filter((f) => MISSING.test(f.code)),
  };
  return { own, materials: status.materials };
}

/**
 * The answer to a granted request to see or copy: for the subject itself, and for who answered it. Never more than the subject may read.
 * @throws ArchiveError `subject-request/not-found`, `subject-request/state` (caller)
 */
export function readAnswer(archive: Archive, desk: Desk, requestId: string): Promise<SubjectAnswer> {
  return desk.tx(async (tx) => {
    const answers = desk.may('rights.answer') ? requestScopeSql(desk.scope('rights.answer'), 3) : { sql: 'false', params: [] };
    const row = await tx.one<RequestRow>(
      `select q.* from subject_request q left join dossier d on d.id = q.dossier_id
       where q.id = $1 and (exists (select 1 from subject_tie t where t.account_id = $2 and t.subject_id = q.subject_id) or ${answers.sql})`,
      [requestId, desk.actor.accountId, ...answers.params],
    );
    if (!row) throw new ArchiveError('subject-request/not-found', 'caller');
    const isAnswered = (row.kind === 'see' || row.kind === 'copy') && (row.state === 'granted' || row.state === 'done');
    if (!isAnswered) throw new ArchiveError('subject-request/state', 'caller', { state: row.state });
    const { own, materials } = await describe(tx, archive, row.dossier_id);
    await tx.log({ kind: 'subject-request.answer-opened', dossierId: row.dossier_id, objectId: requestId });
    return {
      ...own,
      materials: own.isReadable
        ? materials.map((m) => ({
            classCode: m.classCode,
            title: m.title ?? '',
            date: m.date && formatPartialDate(m.date),
            pages: m.pages.length,
          }))
        : null,
    };
  });
}
