import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { readLimit } from './limits.ts';
import { openBody, sealBody } from './sealed-body.ts';

/** When an assessment is due: 个人信息保护法第五十五条, items 1 to 5. */
export const OCCASIONS = ['sensitive', 'automated', 'entrust', 'provide', 'publish', 'cross_border', 'other'] as const;
export type Occasion = (typeof OCCASIONS)[number];

/** What an assessment says: 第五十六条, items 1 to 3, and who made it. */
export interface AssessmentBody {
  readonly title: string;
  /** Whether purpose and manner are lawful, proper and necessary. */
  readonly necessity: string;
  /** Effect upon the person, and the risk. */
  readonly risks: string;
  /** Whether the measures are lawful, effective and fit for the risk. */
  readonly measures: string;
  readonly conclusion: string;
  readonly assessors: string;
}

export interface Assessment extends AssessmentBody {
  readonly id: string;
  readonly occasion: Occasion;
  readonly purposeCode: string | null;
  readonly madeAtMs: number;
  readonly keepUntilMs: number;
  readonly replaces: string | null;
  readonly isReplaced: boolean;
}

/**
 * Records an impact assessment (个人信息保护影响评估). It is never changed: a later one replaces it, and both are kept.
 * @throws ArchiveError `assessment/not-found` (caller) when it replaces none that there is
 */
export function recordAssessment(
  desk: Desk,
  input: AssessmentBody & { readonly occasion: Occasion; readonly purposeCode: string | null; readonly replaces: string | null },
): Promise<string> {
  const { occasion, purposeCode, replaces, ...body } = input;
  return desk.act('processing.keep', async (tx) => {
    if (replaces && !(await tx.one('select 1 as one from impact_assessment where id = $1', [replaces])))
      throw new ArchiveError('assessment/not-found', 'caller');
    const id = desk.clock.newId();
    const now = new Date(desk.clock.nowMs());
    const keepUntilMs = Date.UTC(now.getUTCFullYear() + (await readLimit(tx, 'assessmentYears')), now.getUTCMonth(), now.getUTCDate() + 1);
    const entryId = await tx.log({ kind: 'assessment.recorded', objectId: id, params: { occasion, ...(replaces ? { replaces } : {}) } });
    await tx.query(
      `insert into impact_assessment (id, occasion, purpose_code, body, made_by, made_at_ms, keep_until_ms, replaces, entry_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        id,
        occasion,
        purposeCode,
        sealBody(desk.sealer, 'impact_assessment', id, body),
        desk.actor.accountId,
        now.getTime(),
        keepUntilMs,
        replaces,
        entryId,
      ],
    );
    return id;
  });
}

/** Every assessment, newest first; one entry. */
export function listAssessments(archive: Archive, desk: Desk): Promise<Assessment[]> {
  return desk.act('processing.read', async (tx) => {
    const rows = await tx.query<{
      id: string;
      occasion: Occasion;
      purpose_code: string | null;
      body: Uint8Array;
      made_at_ms: number;
      keep_until_ms: number;
      replaces: string | null;
      replaced: boolean;
    }>(
      `select a.id, a.occasion, a.purpose_code, a.body, a.made_at_ms, a.keep_until_ms, a.replaces,
         exists (select 1 from impact_assessment n where n.replaces = a.id) as replaced from impact_assessment a order by a.id desc limit 500`,
    );
    await tx.log({ kind: 'assessments.listed', params: { count: rows.length } });
    return rows.map((r) => ({
      ...openBody<AssessmentBody>(archive, 'impact_assessment', r.id, r.body),
      id: r.id,
      occasion: r.occasion,
      purposeCode: r.purpose_code,
      madeAtMs: r.made_at_ms,
      keepUntilMs: r.keep_until_ms,
      replaces: r.replaces,
      isReplaced: r.replaced,
    }));
  });
}
