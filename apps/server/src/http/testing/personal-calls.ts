import { call, type OperationCall, one, owner, type Stage } from './operation-stage.ts';
import type { WebFixture } from './web-fixture.ts';

const newestRequest = (web: WebFixture, kind: string) =>
  one(web, 'select id as value from subject_request where kind = $1 order by id desc limit 1', kind);

/** A request of the person, as a step before the operation that is called. */
async function ask(stage: Stage, kind: string): Promise<string> {
  const asked = { dossierId: stage.fileId, kind, text: '请予办理' };
  const made = await stage.person.call('POST', '/api/v1/subject-requests', asked);
  if (made.status !== 201) throw new Error(`a request to ${kind} was not taken: ${JSON.stringify(made.body)}`);
  return made.body.id as string;
}

async function grant(stage: Stage, web: WebFixture, requestId: string, more: object = {}): Promise<void> {
  // However slow the machine is: nobody is asked for the password again.
  await web.archive.db.system('test').query('update session set fresh_at_ms = $1', [web.served.clock.nowMs()]);
  const decision = { decision: 'granted', reason: '符合规定', ...more };
  const { status, body } = await stage.owner.call('POST', `/api/v1/subject-requests/${requestId}/decision`, decision);
  if (status !== 204) throw new Error(`a request was not granted: ${JSON.stringify(body)}`);
}

const REQUESTS: OperationCall[] = [
  call('makeSubjectRequest', (s) => ({
    as: s.person,
    method: 'POST',
    path: '/api/v1/subject-requests',
    body: { dossierId: s.fileId, kind: 'see', text: '请提供本人员工档案目录' },
  })),
  call('getSubjectRequest', async (s, w) => ({
    as: s.person,
    method: 'GET',
    path: `/api/v1/subject-requests/${await newestRequest(w, 'see')}`,
  })),
  call('extendSubjectRequest', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/subject-requests/${await newestRequest(w, 'see')}/extension`,
    body: { reason: '案卷在外单位' },
  })),
  call('decideSubjectRequest', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/subject-requests/${await newestRequest(w, 'see')}/decision`,
    body: { decision: 'granted', reason: '本人身份核实无误' },
  })),
  call('getSubjectAnswer', async (s, w) => ({
    as: s.person,
    method: 'GET',
    path: `/api/v1/subject-requests/${await newestRequest(w, 'see')}/answer`,
  })),
  call('fulfilSubjectRequest', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/subject-requests/${await newestRequest(w, 'see')}/result`,
    body: { result: '已提供目录一份' },
  })),
  call('withdrawSubjectRequest', async (s) => ({
    as: s.person,
    method: 'DELETE',
    path: `/api/v1/subject-requests/${await ask(s, 'copy')}`,
  })),
  call('liftRestriction', async (s, w) => {
    await grant(s, w, await ask(s, 'restrict'));
    const id = await one(w, 'select id as value from restriction where lifted_at_ms is null');
    return { as: s.owner, method: 'DELETE', path: `/api/v1/restrictions/${id}` };
  }),
];

const CONSENTS: OperationCall[] = [
  owner(
    'keepNotice',
    'POST',
    () => '/processing/notices',
    () => ({ code: 'reading-told', kind: 'notice', purposeCode: 'reading-room', text: { zh: '本馆为提供查阅而处理您的信息', en: '' } }),
  ),
  call('recordConsent', async (s, w) => {
    const consented = {
      name: { zh: '自愿材料', en: 'Voluntary' },
      kinds: '荣誉证书',
      sensitive: false,
      necessity: '本人自愿提供',
      retention: '撤回为止',
      recipients: '无',
      categories: [],
      basis: 'consent',
      retired: false,
      after: 0,
    };
    await w.archive.db.system('test').query('update session set fresh_at_ms = $1', [w.served.clock.nowMs()]);
    await s.owner.call('PUT', '/api/v1/processing/purposes/by-consent', consented);
    const text = { zh: '本人同意保存', en: '' };
    const notice = { code: 'by-consent', kind: 'consent', purposeCode: 'by-consent', text };
    const kept = await s.owner.call('POST', '/api/v1/processing/notices', notice);
    if (kept.status !== 201) throw new Error(`a notice was not kept: ${JSON.stringify(kept.body)}`);
    return { as: s.person, method: 'POST', path: '/api/v1/consents', body: { dossierId: s.fileId, noticeCode: 'by-consent' } };
  }),
  call('withdrawConsent', async (s, w) => ({
    as: s.person,
    method: 'DELETE',
    path: `/api/v1/consents/${await one(w, 'select id as value from consent where withdrawn_at_ms is null')}`,
  })),
];

const REGISTERS: OperationCall[] = [
  owner(
    'countRegister',
    'POST',
    () => '/registers/processing/counts',
    () => ({}),
  ),
  call('exportRegister', async (s) => {
    const counted = await s.owner.call('POST', '/api/v1/registers/processing/counts', {});
    const leave = { confirmed: counted.body, reason: '年度核查' };
    return { as: s.owner, method: 'POST', path: '/api/v1/registers/processing/sheets', body: { leave } };
  }),
  owner(
    'recordAssessment',
    'POST',
    () => '/impact-assessments',
    () => ({
      title: '阅览服务影响评估',
      necessity: '提供查阅',
      risks: '泄露',
      measures: '遮盖、水印',
      conclusion: '可行',
      assessors: '安全管理员',
      occasion: 'sensitive',
      purposeCode: null,
      replaces: null,
    }),
  ),
  owner(
    'recordBreach',
    'POST',
    () => '/breaches',
    (_, w) => ({
      title: '季度演练',
      kinds: '目录',
      cause: '误发',
      harm: '轻微',
      remedies: '收回',
      contact: '值班室',
      isDrill: true,
      foundAtMs: w.served.clock.nowMs() - 1000,
      personsCount: 3,
    }),
  ),
  call('markBreach', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/breaches/${await one(w, 'select id as value from breach')}/steps`,
    body: { step: 'authority' },
  })),
  call('makeBreachNotice', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/breaches/${await one(w, 'select id as value from breach')}/notices`,
    body: { to: 'persons' },
  })),
];

/** Calls of operations by the law on personal information; the last one destroys the person's dossier. */
export const PERSONAL: OperationCall[] = [
  ...REQUESTS,
  ...CONSENTS,
  ...REGISTERS,
  call('approveDestruction', async (s, w) => {
    const id = await ask(s, 'delete');
    await grant(s, w, id, { deletion: { ground: 'retention_over', endedOn: '2010-03-31' } });
    return { as: s.second, method: 'POST', path: `/api/v1/subject-requests/${id}/destruction` };
  }),
];
