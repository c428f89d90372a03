import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIRECTORY_CALLS } from './directory-calls.ts';
import { KEY_FACTS } from './key-facts-calls.ts';
import { MANIFEST_CALLS } from './manifest-calls.ts';
import { call, type OperationCall, one, owner, type Stage, versionOf } from './operation-stage.ts';
import { PERSONAL } from './personal-calls.ts';
import { ACCOUNTS, ORGANISATION } from './rights-calls.ts';
import { SCIM_CALLS } from './scim-calls.ts';
import { BOXES, CODES, COUNTING, PROPERTIES } from './storeroom-calls.ts';
import { PACKS, TAKING } from './taking-calls.ts';
import { PASSWORD, type WebFixture } from './web-fixture.ts';

export { type OperationCall, prepareCalls } from './operation-stage.ts';

const LOOKS: OperationCall[] = [
  call('signIn', (s, w) => ({
    as: w.visitor(),
    method: 'POST',
    path: '/api/v1/session',
    body: { name: s.owner.name, password: PASSWORD },
  })),
  owner('listDossiers', 'GET', () => '/dossiers'),
  owner(
    'queryDossiers',
    'POST',
    () => '/dossiers/query',
    () => ({ name: '公孙度' }),
  ),
  owner('getDossier', 'GET', (s) => `/dossiers/${s.dossierId}`),
  owner('listReviewQueue', 'GET', () => '/review-queue'),
  owner('listCounterchecks', 'GET', () => '/counterchecks?as=second'),
  owner('scoreDossier', 'GET', (s) => `/dossiers/${s.dossierId}/quality`),
  owner('getDesk', 'GET', (s) => `/dossiers/${s.dossierId}/desk`),
  owner('getKeyFacts', 'GET', (s) => `/dossiers/${s.dossierId}/key-facts`),
  owner('openThumbnails', 'POST', (s) => `/dossiers/${s.dossierId}/thumbnails`),
  owner('viewPage', 'POST', (s) => `/pages/${s.pageIds[0]}/view`),
  owner('downloadOriginal', 'POST', (s) => `/pages/${s.pageIds[0]}/original`),
  owner(
    'search',
    'POST',
    () => '/search',
    () => ({ query: '公孙度' }),
  ),
  owner(
    'makeCatalogueSheet',
    'POST',
    (s) => `/dossiers/${s.dossierId}/catalogue-sheets`,
    () => ({ format: 'xlsx' }),
  ),
  owner('listAccounts', 'GET', () => '/accounts'),
  owner('listEveryPost', 'GET', () => '/posts'),
  owner(
    'findDossierByCode',
    'POST',
    () => '/dossier-codes',
    () => ({ code: 'P0001' }),
  ),
  owner('listAdministratorActs', 'GET', () => '/administrator-acts'),
  owner('listOfficeConflicts', 'GET', () => '/office-conflicts'),
  owner(
    'explainAccess',
    'POST',
    () => '/policy-explanations',
    (s) => ({ dossierId: s.dossierId, action: 'page.view' }),
  ),
  owner('listOwnDossiers', 'GET', () => '/own-dossiers'),
  owner('listSubjectRequests', 'GET', () => '/subject-requests'),
  owner('listRestrictions', 'GET', () => '/restrictions'),
  owner('listConsents', 'GET', () => '/consents'),
  owner('listProcessing', 'GET', () => '/registers/processing'),
  owner('listProvisions', 'GET', () => '/registers/provision'),
  owner('listDestructions', 'GET', () => '/registers/destruction'),
  owner('listAssessments', 'GET', () => '/impact-assessments'),
  owner('listBreaches', 'GET', () => '/breaches'),
];

/** The program's quality standard under the next number. */
async function nextQuality(web: WebFixture): Promise<string> {
  const next = await one(web, `select (coalesce(max(version), 1) + 1)::text as value from standard_version where kind = 'quality'`);
  const own = readFileSync(join(web.archive.config.programFolder, 'schemes/quality/cadre-100.yaml'), 'utf8');
  return own.replace(/^version: 1$/m, `version: ${next}`);
}

const CATALOGUE: OperationCall[] = [
  owner(
    'createDossier',
    'POST',
    () => '/dossiers',
    (_, w) => ({
      unitId: w.rootUnitId,
      schemeId: 'cadre-2018',
      subject: { kind: 'person', name: '司马徽' },
    }),
  ),
  owner(
    'editDossiers',
    'POST',
    () => '/dossiers/bulk-edits',
    (s) => ({ dossierIds: [s.dossierId], change: { addTags: ['待补'] } }),
  ),
  call('undoBulkEdit', async (s, w) => {
    const token = await one(w, `select id as value from undo where kind = 'bulk' and not done order by id desc limit 1`);
    return { as: s.owner, method: 'POST', path: `/api/v1/dossiers/bulk-edits/${token}/undo` };
  }),
  call('operate', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/dossiers/${s.dossierId}/operations`,
    body: {
      baseVersion: await versionOf(w, s.dossierId),
      operations: [{ type: 'assemble', pageIds: [s.pageIds[0]], edit: { classCode: '1', title: '干部履历表' } }],
    },
  })),
  owner(
    'setCountercheckRule',
    'POST',
    () => '/countercheck-rules',
    (_, w) => ({ fondsId: w.fondsId, schemeId: 'cadre-2018', required: true }),
  ),
  owner(
    'setFilingCheckRule',
    'POST',
    () => '/filing-check-rules',
    (_, w) => ({ fondsId: w.fondsId, schemeId: 'cadre-2018', required: true }),
  ),
  call('countercheck', async (s, w) => {
    const materialId = await one(w, 'select id as value from material where dossier_id = $1 limit 1', s.dossierId);
    const confirming = { baseVersion: await versionOf(w, s.dossierId), operations: [{ type: 'confirm', materialId }] };
    const confirmed = await s.owner.call('POST', `/api/v1/dossiers/${s.dossierId}/operations`, confirming);
    if (confirmed.status !== 200) throw new Error(`nothing is confirmed to be counterchecked: ${JSON.stringify(confirmed.body)}`);
    return {
      as: s.second,
      method: 'POST',
      path: `/api/v1/dossiers/${s.dossierId}/counterchecks`,
      body: { baseVersion: await versionOf(w, s.dossierId), act: { type: 'pass', materialIds: [materialId] } },
    };
  }),
  owner(
    'defineField',
    'POST',
    () => '/field-definitions',
    (_, w) => ({
      fondsId: w.fondsId,
      place: 'dossier',
      code: 'shelf',
      kind: 'text',
      name: { zh: '架位', en: 'Shelf' },
    }),
  ),
  call('adoptStandard', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: '/api/v1/standards',
    body: { kind: 'quality', yaml: await nextQuality(w), effectiveOn: '2999-01-01' },
  })),
  call('withdrawStandard', async (s, w) => {
    const id = await one(w, 'select id as value from standard_version where withdrawn_at_ms is null order by version desc limit 1');
    return { as: s.owner, method: 'DELETE', path: `/api/v1/standards/${id}` };
  }),
];

/** A claim of the owner's at a station, made anew where there is none. */
const claimedAt = async (s: Stage, w: WebFixture, station: string) => {
  const sql = w.archive.db.system('test');
  const open = await sql.one<{ id: string }>('select id from station_claim where station = $1 and ended_at_ms is null', [station]);
  if (open) return open.id;
  const batchId = await one(w, 'select id as value from batch');
  await sql.query('update batch_dossier set station = $2 where batch_id = $1', [batchId, station]);
  return ((await s.owner.call('POST', `/api/v1/batches/${batchId}/claims`, { station })).body as { id: string }).id;
};
const STATIONS: OperationCall[] = [
  owner(
    'createBatch',
    'POST',
    () => '/batches',
    (s) => ({ code: 'PC2026-1', dossierIds: [s.dossierId] }),
  ),
  call('getBatch', async (s, w) => ({
    as: s.owner,
    method: 'GET',
    path: `/api/v1/batches/${await one(w, 'select id as value from batch')}`,
  })),
  call('claimStation', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/batches/${await one(w, 'select id as value from batch')}/claims`,
    body: { station: 'take_out' },
  })),
  call('getClaim', async (s, w) => ({ as: s.owner, method: 'GET', path: `/api/v1/claims/${await claimedAt(s, w, 'take_out')}` })),
  call('releaseClaim', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/claims/${await claimedAt(s, w, 'take_out')}/release`,
  })),
  call('finishClaim', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/claims/${await claimedAt(s, w, 'take_out')}/finish`,
  })),
  call('judgePage', async (s, w) => ({
    as: s.owner,
    method: 'PUT',
    path: `/api/v1/claims/${await claimedAt(s, w, 'check')}/pages/${s.pageIds[0]}`,
    body: { verdict: 'fail', defects: ['blurred'] },
  })),
  call('returnClaim', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/claims/${await claimedAt(s, w, 'check')}/return`,
    body: { toStation: 'scan', reason: '重扫第一页' },
  })),
];

const JOBS: OperationCall[] = [
  owner('checkAnchors', 'POST', () => '/anchors/checks'),
  owner('pauseQueue', 'POST', () => '/queues/read/pause'),
  owner('resumeQueue', 'POST', () => '/queues/read/resume'),
  owner(
    'askLearning',
    'POST',
    () => '/learning',
    (_, w) => ({ fondsId: w.fondsId, schemeId: 'cadre-2018' }),
  ),
  call('useLearningModel', async (s, w) => {
    const model = await one(
      w,
      `insert into learning_model (id, fonds_id, scheme, number, state, body, examples, corrected, evaluation, changes, made_at_ms, entry_id)
       select gen_random_uuid(), $1, 'cadre-2018', coalesce(max(m.number), 0) + 1, 'kept', '\\x00', 0, 0, '{}', '{}', 0,
         (select id from entry limit 1) from learning_model m returning id as value`,
      w.fondsId,
    );
    return { as: s.owner, method: 'PUT', path: `/api/v1/learning/${model}/use`, body: { isUsed: false } };
  }),
  owner('retryJob', 'POST', (s) => `/queues/read/jobs/${s.pageIds[2]}/retry`),
  call('prioritiseJob', async (s, w) => {
    const job = await one(
      w,
      `select id as value from pgboss.job where name = 'read' and data->>'pageId' = $1 order by created_on desc limit 1`,
      s.pageIds[2],
    );
    return { as: s.owner, method: 'POST', path: `/api/v1/queues/read/jobs/${job}/priority`, body: { place: 'last' } };
  }),
  owner(
    'prioritiseDossier',
    'POST',
    (s) => `/queues/read/dossiers/${s.dossierId}/priority`,
    () => ({ place: 'first' }),
  ),
  owner(
    'readMissing',
    'POST',
    () => '/queues/read/missing',
    () => ({}),
  ),
];

/** A call of every operation that leaves an entry and can be called with nothing but requests, in an order in which each can be done. */
export const callsOfOperations = (): OperationCall[] => [
  ...LOOKS,
  ...TAKING,
  ...CATALOGUE,
  ...KEY_FACTS,
  ...COUNTING,
  ...BOXES,
  ...CODES,
  ...PROPERTIES,
  ...STATIONS,
  ...JOBS,
  // Before there is a second fonds of which nobody said that it is the provider's.
  ...SCIM_CALLS,
  ...DIRECTORY_CALLS,
  ...MANIFEST_CALLS,
  ...ORGANISATION,
  ...PACKS,
  ...PERSONAL,
  ...ACCOUNTS,
];

/** Of these, the operations that wait for the log to take their entries in. */
export const NEEDS_LOG: ReadonlySet<string> = new Set(PACKS.map(({ operation }) => operation));
