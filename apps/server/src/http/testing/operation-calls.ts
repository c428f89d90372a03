import { DEFAULT_POLICY } from '@lantai/policy/document';
import { totpCode, totpStep } from '../../access/totp.ts';
import { PASSWORD, type Visitor, type WebFixture } from './web-fixture.ts';

/** One request that does its operation well. */
export interface PreparedCall {
  readonly as: Visitor;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** How an operation is called; the calls are made in their order, each may rest on those before. */
export interface OperationCall {
  readonly operation: string;
  call(web: WebFixture): Promise<PreparedCall>;
}

type Entered = Visitor & { accountId: string; name: string };

/** What the calls are about. */
interface Stage {
  owner: Entered;
  clerk: Entered;
  reader: Entered;
  passing: Entered;
  other: Entered;
  dossierId: string;
  pageIds: string[];
  units: string[];
}

const stages = new WeakMap<object, Stage>();
const stageOf = (web: WebFixture): Stage => {
  const stage = stages.get(web);
  if (!stage) throw new Error('prepareCalls comes first');
  return stage;
};

/** Lays out a dossier, units and accounts for the calls. */
export async function prepareCalls(web: WebFixture): Promise<void> {
  const dossierId = await web.addDossier({ name: '公孙度' });
  await web.importPages(dossierId, ['1.png', '2.png', '3.png']);
  const pages = await web.archive.db
    .system('test')
    .query<{ id: string }>('select id from page where dossier_id = $1 order by arrival', [dossierId]);
  await web.archive.db
    .system('test')
    .query(`update page set read_state = 'needs_person', read_reason = 'reading/failed' where id = $1`, [pages[2]!.id]);
  const units: string[] = [];
  for (const code of ['U1', 'U2', 'U3', 'U4', 'U5', 'U6']) units.push(await web.addUnit(code));
  stages.set(web, {
    owner: await web.enter('trial_owner'),
    clerk: await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: units[0]! }),
    reader: await web.enter('reader'),
    passing: await web.enter('archivist', { fondsId: web.fondsId }),
    other: await web.enter('archivist', { fondsId: web.fondsId }),
    dossierId,
    pageIds: pages.map((p) => p.id),
    units,
  });
}

type Make = (stage: Stage, web: WebFixture) => PreparedCall | Promise<PreparedCall>;

const call = (operation: string, make: Make): OperationCall => ({ operation, call: async (web) => make(stageOf(web), web) });
/** A call of the trial's owner, who may do almost everything. */
const owner = (
  operation: string,
  method: PreparedCall['method'],
  path: (s: Stage, w: WebFixture) => string,
  body?: (s: Stage, w: WebFixture) => unknown,
) => call(operation, (s, w) => ({ as: s.owner, method, path: `/api/v1${path(s, w)}`, ...(body ? { body: body(s, w) } : {}) }));

/** The one value that a statement finds. */
async function one(web: WebFixture, text: string, ...params: unknown[]): Promise<string> {
  const [row] = await web.archive.db.system('test').query<{ value: string }>(text, params);
  if (!row) throw new Error(`a call rests on what is not there: ${text}`);
  return String(row.value);
}

const versionOf = async (web: WebFixture, dossierId: string) =>
  Number(await one(web, 'select version as value from dossier where id = $1', dossierId));

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
  owner('getDesk', 'GET', (s) => `/dossiers/${s.dossierId}/desk`),
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
];

const JOBS: OperationCall[] = [
  owner('checkAnchors', 'POST', () => '/anchors/checks'),
  owner('pauseQueue', 'POST', () => '/queues/read/pause'),
  owner('resumeQueue', 'POST', () => '/queues/read/resume'),
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

const ORGANISATION: OperationCall[] = [
  owner(
    'createOrganisation',
    'POST',
    () => '/fonds',
    () => ({ code: 'Z998', name: '子公司', parentId: null }),
  ),
  owner(
    'createUnit',
    'POST',
    () => '/units',
    (_, w) => ({ fondsId: w.fondsId, parentId: w.rootUnitId, code: 'NEW', name: '新处' }),
  ),
  owner(
    'moveUnit',
    'POST',
    (s) => `/units/${s.units[1]}/move`,
    (s) => ({ parentId: s.units[0] }),
  ),
  owner(
    'mergeUnit',
    'POST',
    (s) => `/units/${s.units[2]}/merge`,
    (s) => ({ intoId: s.units[3] }),
  ),
  call('splitUnit', async (s, w) => {
    await w.archive.db.system('test').query('update unit set parent_id = $2 where id = $1', [s.units[5], s.units[4]]);
    return {
      as: s.owner,
      method: 'POST',
      path: `/api/v1/units/${s.units[4]}/split`,
      body: { code: 'HALF', name: '分出处', unitIds: [s.units[5]] },
    };
  }),
  owner(
    'givePost',
    'POST',
    (s) => `/accounts/${s.other.accountId}/posts`,
    (_, w) => ({
      role: 'archivist',
      fondsId: w.fondsId,
      unitId: null,
      levelMax: 1,
    }),
  ),
  owner('listPosts', 'GET', (s) => `/accounts/${s.other.accountId}/posts`),
  call('endPost', async (s, w) => {
    const post = await one(w, 'select id as value from post where account_id = $1', s.other.accountId);
    return { as: s.owner, method: 'DELETE', path: `/api/v1/accounts/${s.other.accountId}/posts/${post}` };
  }),
  owner('tieSubject', 'PUT', (s) => `/accounts/${s.other.accountId}/subjects/${s.dossierId}`),
  owner('untieSubject', 'DELETE', (s) => `/accounts/${s.other.accountId}/subjects/${s.dossierId}`),
  owner(
    'declareKinship',
    'POST',
    () => '/kinships',
    (s) => ({ accountId: s.other.accountId, dossierId: s.dossierId, relation: 'child' }),
  ),
  owner('listKinships', 'GET', () => '/kinships'),
  call('endKinship', async (s, w) => ({
    as: s.owner,
    method: 'DELETE',
    path: `/api/v1/kinships/${await one(w, 'select id as value from kinship where ended_at_ms is null')}`,
  })),
  owner(
    'makeConsultation',
    'POST',
    () => '/consultations',
    (s, w) => ({
      target: { kind: 'dossier', id: s.dossierId },
      readers: [{ accountId: s.reader.accountId, partyMember: true }],
      rights: ['view'],
      purposes: ['archive_work'],
      fromMs: w.served.clock.nowMs() - 1000,
      untilMs: w.served.clock.nowMs() + 3_600_000,
    }),
  ),
  call('attendConsultation', async (s, w) => ({
    as: s.reader,
    method: 'POST',
    path: `/api/v1/consultations/${await one(w, 'select id as value from consultation')}/presence`,
    body: { notRelated: true },
  })),
  call('endConsultation', async (s, w) => ({
    as: s.owner,
    method: 'DELETE',
    path: `/api/v1/consultations/${await one(w, 'select id as value from consultation')}`,
  })),
  owner(
    'draftPolicy',
    'POST',
    () => '/policies',
    () => ({ yaml: DEFAULT_POLICY }),
  ),
  owner(
    'tryPolicy',
    'POST',
    () => '/policies/trials',
    () => ({ yaml: DEFAULT_POLICY }),
  ),
  owner(
    'activatePolicy',
    'POST',
    () => '/policies/1/activation',
    () => ({ baseVersion: 0 }),
  ),
  owner(
    'keepProcessingPurpose',
    'PUT',
    () => '/processing/purposes/reading-room',
    () => ({
      name: { zh: '阅览服务', en: 'Reading room' },
      kinds: '查阅登记',
      sensitive: false,
      necessity: '提供查阅',
      retention: '十年',
      recipients: '无',
      categories: [],
      basis: 'legal_duty',
      retired: false,
      after: 0,
    }),
  ),
  call('setPersonalLimit', async (s) => {
    const { body } = await s.owner.call('GET', '/api/v1/processing/limits');
    const [limit] = (body.items ?? body.limits) as { code: string; value: number }[];
    return { as: s.owner, method: 'PUT', path: `/api/v1/processing/limits/${limit!.code}`, body: { value: limit!.value + 1 } };
  }),
];

const decode = (base32: string): Uint8Array => {
  const bits = [...base32].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (b) => Number.parseInt(b, 2));
};

const ACCOUNTS: OperationCall[] = [
  owner(
    'createAccount',
    'POST',
    () => '/accounts',
    (_, w) => ({ name: 'wenshu', role: 'archivist', fondsId: w.fondsId, unitId: null, levelMax: 1 }),
  ),
  owner(
    'changeAccount',
    'PATCH',
    (s) => `/accounts/${s.other.accountId}`,
    () => ({ baseVersion: 1, levelMax: 2 }),
  ),
  owner('resetPassword', 'POST', (s) => `/accounts/${s.other.accountId}/password`),
  call('makeToken', (s) => ({
    as: s.passing,
    method: 'POST',
    path: '/api/v1/tokens',
    body: { label: '报表', scopes: ['search'], days: 7 },
  })),
  call('revokeToken', async (s, w) => ({
    as: s.passing,
    method: 'DELETE',
    path: `/api/v1/tokens/${await one(w, 'select id as value from api_token where account_id = $1', s.passing.accountId)}`,
  })),
  call('askBreakGlass', (s) => ({
    as: s.clerk,
    method: 'POST',
    path: '/api/v1/break-glass',
    body: { reason: '防汛指挥部急调干部名册，主管外出', minutes: 15 },
  })),
  call('openBreakGlass', async (s, w) => ({
    as: s.passing,
    method: 'POST',
    path: `/api/v1/break-glass/${await one(w, 'select id as value from break_glass')}/opening`,
  })),
  call('endBreakGlass', async (s, w) => ({
    as: s.passing,
    method: 'DELETE',
    path: `/api/v1/break-glass/${await one(w, 'select id as value from break_glass')}`,
  })),
  call('confirmTotp', async (s, w) => {
    const { body } = await s.passing.call('POST', '/api/v1/session/totp');
    const code = totpCode(decode(body.secret as string), totpStep(w.served.clock.nowMs()));
    return { as: s.passing, method: 'POST', path: '/api/v1/session/totp/confirmation', body: { code } };
  }),
  call('makeRecoveryCodes', (s) => ({ as: s.passing, method: 'POST', path: '/api/v1/session/recovery-codes' })),
  call('removeTotp', (s) => ({ as: s.passing, method: 'DELETE', path: '/api/v1/session/totp' })),
  call('proveFresh', (s) => ({ as: s.passing, method: 'POST', path: '/api/v1/session/fresh', body: { password: PASSWORD } })),
  call('changePassword', (s) => ({
    as: s.passing,
    method: 'POST',
    path: '/api/v1/session/password',
    body: { current: PASSWORD, next: '春江潮水连海平的第一夜灯火' },
  })),
  call('endSession', async (s, w) => {
    await w.visitor().signIn(s.clerk.name);
    const id = await one(
      w,
      'select id as value from session where account_id = $1 order by created_at_ms desc, id desc limit 1',
      s.clerk.accountId,
    );
    return { as: s.clerk, method: 'DELETE', path: `/api/v1/sessions/${id}` };
  }),
  call('endOtherSessions', (s) => ({ as: s.clerk, method: 'DELETE', path: '/api/v1/sessions' })),
  call('removeFactors', async (s, w) => {
    // Somebody with an authenticator, so that something is taken away.
    const { body } = await s.reader.call('POST', '/api/v1/session/totp');
    const code = totpCode(decode(body.secret as string), totpStep(w.served.clock.nowMs()));
    await s.reader.call('POST', '/api/v1/session/totp/confirmation', { code });
    return { as: s.owner, method: 'DELETE', path: `/api/v1/accounts/${s.reader.accountId}/factors` };
  }),
  call('endAccountSessions', async (s) => {
    await s.clerk.call('POST', '/api/v1/tokens', { label: '报表', scopes: ['search'], days: 7 });
    return { as: s.owner, method: 'DELETE', path: `/api/v1/accounts/${s.clerk.accountId}/sessions` };
  }),
  call('signOut', (s) => ({ as: s.passing, method: 'DELETE', path: '/api/v1/session' })),
];

/** A call of every operation that leaves an entry and can be called with nothing but requests, in an order in which each can be done. */
export const callsOfOperations = (): OperationCall[] => [...LOOKS, ...CATALOGUE, ...JOBS, ...ORGANISATION, ...ACCOUNTS];
