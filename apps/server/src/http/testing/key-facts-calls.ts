import type { Desk, Operation } from '@lantai/contract';
import { call, type Make, type OperationCall, one, owner, type Stage, versionOf } from './operation-stage.ts';
import type { WebFixture } from './web-fixture.ts';

/** A determination that waits, proposed anew when what there was has been decided. */
const proposal: Make = (s) => ({
  as: s.passing,
  method: 'POST',
  path: `/api/v1/dossiers/${s.dossierId}/determinations`,
  body: {
    fact: 'partyDate',
    value: '1986-05',
    documentNo: '组审〔2026〕7号',
    organisation: '组织部',
    decidedOn: '2026-11-20',
    reasons: '以入党志愿书为准',
  },
});
const proposedAnew = async (s: Stage, w: WebFixture) => {
  const waiting = await w.archive.db.system('test').one<{ id: string }>(`select id from determination where state = 'proposed'`);
  if (waiting) return waiting.id;
  const { as, method, path, body } = await proposal(s, w);
  return ((await as.call(method, path, body)).body as { id: string }).id;
};
/** A hint as the examination writes it. */
const hintAnew = async (s: Stage, w: WebFixture) => {
  const id = w.archive.clock.newId();
  await w.archive.db.system('test').query(
    `insert into alteration_hint (id, dossier_id, page_id, material_id, fact, code, box, turned, measured, limit_value, version, state, created_at_ms, entry_id)
     select $1, $2, p.id, $1, 'birthDate', 'ink', '{1,2,3,4}', 0, 40, 30, '1', 'open', 0, d.entry_id from page p, dossier d
     where p.dossier_id = $2 and d.id = $2 limit 1`,
    [id, s.dossierId],
  );
  return id;
};
/** A page of the dossier as a confirmed material of the class that the scheme has for such documents. */
const filedAgain = async (s: Stage, w: WebFixture) => {
  const operate = async (...operations: Operation[]) => {
    const body = { baseVersion: await versionOf(w, s.dossierId), operations };
    const { status, body: desk } = await s.owner.call('POST', `/api/v1/dossiers/${s.dossierId}/operations`, body);
    if (status !== 200) throw new Error(`nothing is filed to be attached: ${JSON.stringify(desk)}`);
    return desk as Desk;
  };
  const pageId = s.pageIds[1]!;
  const { materials } = await operate({ type: 'assemble', pageIds: [pageId], edit: { classCode: '5', title: '认定情况' } });
  const { id } = materials.find((m) => m.pageIds.includes(pageId))!;
  await operate({ type: 'confirm', materialId: id });
  return id;
};
/** Calls of key facts, determinations, hints and versions. */
export const KEY_FACTS: OperationCall[] = [
  owner('makeAuditForm', 'POST', (s) => `/dossiers/${s.dossierId}/audit-forms`),
  call('proposeDetermination', proposal),
  call('confirmDetermination', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/determinations/${await one(w, 'select id as value from determination')}/confirmation`,
    body: { words: '同意' },
  })),
  call('refuseDetermination', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/determinations/${await proposedAnew(s, w)}/refusal`,
    body: { reason: '依据不足' },
  })),
  call('withdrawDetermination', async (s, w) => ({
    as: s.passing,
    method: 'POST',
    path: `/api/v1/determinations/${await proposedAnew(s, w)}/withdrawal`,
  })),
  call('makeDeterminationDocument', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/determinations/${await one(w, `select id as value from determination where state = 'confirmed' limit 1`)}/document-forms`,
  })),
  call('attachDeterminationDocument', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/determinations/${await one(w, `select id as value from determination where state = 'confirmed' limit 1`)}/documents`,
    body: { materialId: await filedAgain(s, w) },
  })),
  call('getMaterialVersions', async (s, w) => ({
    as: s.owner,
    method: 'GET',
    path: `/api/v1/dossiers/${s.dossierId}/materials/${await one(w, 'select id as value from material where dossier_id = $1 limit 1', s.dossierId)}/versions`,
  })),
  call('answerAlterationHint', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/alteration-hints/${await hintAnew(s, w)}/answer`,
    body: { answer: 'concern', reason: '墨色不一' },
  })),
  call('markAssertion', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/dossiers/${s.dossierId}/assertion-marks`,
    body: {
      materialId: await one(w, 'select id as value from material where dossier_id = $1 limit 1', s.dossierId),
      fact: 'birthDate',
      mark: 'altered',
      reason: '墨色不一',
    },
  })),
];
