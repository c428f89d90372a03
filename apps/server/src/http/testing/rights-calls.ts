import { DEFAULT_POLICY } from '@lantai/policy/document';
import { ACCOUNT_KEY } from '../../access/index.ts';
import { totpCode, totpStep } from '../../access/totp.ts';
import { REQUEST } from '../../testing/approved-consultation.ts';
import { call, type Make, type OperationCall, one, owner, type Stage } from './operation-stage.ts';
import { PASSWORD, type WebFixture } from './web-fixture.ts';

const ask: Make = (s, w) => ({
  as: s.passing,
  method: 'POST',
  path: '/api/v1/consultations',
  body: {
    target: { kind: 'dossier', id: s.dossierId },
    readers: [{ accountId: s.reader.accountId, partyMember: true }],
    rights: ['view'],
    purposes: ['archive_work'],
    fromMs: w.served.clock.nowMs() - 1000,
    untilMs: w.served.clock.nowMs() + 3_600_000,
    request: REQUEST,
  },
});
/** The newest consultation, asked for anew when what it had has come of it. */
const askedAnew = async (s: Stage, w: WebFixture) => {
  const { as, method, path, body } = await ask(s, w);
  return ((await as.call(method, path, body)).body as { id: string }).id;
};
const ASKED_CONSULTATIONS: OperationCall[] = [
  call('askConsultation', ask),
  call('getConsultationRequest', async (s, w) => ({
    as: s.passing,
    method: 'GET',
    path: `/api/v1/consultations/${await one(w, 'select id as value from consultation')}/request`,
  })),
  call('printConsultationForm', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/consultations/${await one(w, 'select id as value from consultation order by id limit 1')}/form`,
  })),
  call('approveConsultation', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/consultations/${await one(w, 'select id as value from consultation')}/approval`,
    body: { opinion: '同意', leader: { name: '温明远', signedOn: '2026-11-21' } },
  })),
  call('refuseConsultation', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/consultations/${await askedAnew(s, w)}/refusal`,
    body: { reason: '查阅事由与所列材料无关' },
  })),
  call('withdrawConsultation', async (s, w) => ({
    as: s.passing,
    method: 'POST',
    path: `/api/v1/consultations/${await askedAnew(s, w)}/withdrawal`,
  })),
];

/** Calls of operations on organisations, rights and accounts. */
export const ORGANISATION: OperationCall[] = [
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
  ...ASKED_CONSULTATIONS,
  owner(
    'registerUnitLeader',
    'POST',
    () => '/unit-leaders',
    (s) => ({ dossierId: s.dossierId, unitId: s.units[0] }),
  ),
  owner('listUnitLeaders', 'GET', () => '/unit-leaders'),
  call('endUnitLeader', async (s, w) => ({
    as: s.owner,
    method: 'DELETE',
    path: `/api/v1/unit-leaders/${await one(w, 'select id as value from unit_leader')}`,
  })),
  call('attendConsultation', async (s, w) => ({
    as: s.reader,
    method: 'POST',
    path: `/api/v1/consultations/${await one(w, 'select id as value from consultation order by id limit 1')}/presence`,
    body: { notRelated: true },
  })),
  call('endConsultation', async (s, w) => ({
    as: s.owner,
    method: 'DELETE',
    path: `/api/v1/consultations/${await one(w, 'select id as value from consultation order by id limit 1')}`,
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

export const ACCOUNTS: OperationCall[] = [
  call('removePasskey', async (s, w) => {
    const id = w.archive.clock.newId();
    const label = w.archive.sealer.seal(ACCOUNT_KEY, { table: 'passkey', column: 'label', rowId: id, version: 1 }, '指纹');
    await w.archive.db.system('test').query(
      `insert into passkey (id, account_id, credential_id, public_key, counter, transports, label, created_at_ms)
       values ($1, $2, $3, '\\x00', 0, '{}', $4, 0)`,
      [id, s.owner.accountId, Buffer.from(id), label],
    );
    return { as: s.owner, method: 'DELETE', path: `/api/v1/session/passkeys/${id}` };
  }),
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
