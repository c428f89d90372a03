import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useWeb, type Visitor } from '../http/testing/web-fixture.ts';
import { writeBreachNotice } from './breach-notice.ts';
import { csvCell } from './register-sheet.ts';

const web = useWeb();
const BREACH = {
  title: '借阅终端遗失',
  kinds: '姓名、公民身份号码 <script>alert(1)</script>',
  cause: '终端未锁屏',
  harm: '可能被冒用身份',
  remedies: '已远程注销会话；请留意陌生来电',
  contact: '档案室 010-00000000',
  isDrill: true,
  personsCount: 3,
};
const ASSESSMENT = {
  title: '人事档案数字化外包',
  occasion: 'entrust',
  purposeCode: 'employment',
  necessity: '受托方仅在场内处理',
  risks: '接触敏感个人信息',
  measures: '水印、监控、保密协议',
  conclusion: '可以实施',
  assessors: '档案室、法务部',
  replaces: null,
};

/** Reads one line of RFC 4180 back. */
function readCell(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

describe('a cell of a register', () => {
  it('reads back as it was, and is never a formula', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readCell(csvCell(text));
        expect(read === text || read === `'${text}`).toBe(true);
        expect(/^[=+\-@\t\r]/.test(read)).toBe(false);
      }),
    );
    expect([csvCell('=1+1'), csvCell(-5), csvCell(null), csvCell(true), csvCell('甲,"乙"')]).toEqual([
      "'=1+1",
      '-5',
      '',
      '1',
      '"甲,""乙"""',
    ]);
  });
});

const NOTHING = { confirmed: { rows: 0, id_number: 0, phone: 0, address: 0, bank_account: 0, discipline: 0, health: 0 }, reason: '' };

/** A register as CSV, as it was counted just before. */
async function sheetOf(visitor: Visitor, register: string, over: { reason?: string; rows?: number } = {}) {
  const counted = await visitor.call('POST', `/api/v1/registers/${register}/counts`, {});
  const confirmed = { ...counted.body, ...(over.rows === undefined ? {} : { rows: over.rows }) };
  return visitor.call('POST', `/api/v1/registers/${register}/sheets`, { leave: { confirmed, reason: over.reason ?? '' } });
}

describe('the registers', () => {
  it('are kept by the security administrator, read by the archivist, and closed to everybody else', async () => {
    const security = await web.enter('security_admin', { fondsId: web.fondsId });
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId });
    const person = await web.enter('person', { fondsId: web.fondsId });
    const dossierId = await web.addDossier({ name: '何登记', scheme: 'employee-lifecycle' });
    const purposes = (await security.call('GET', '/api/v1/processing/purposes')).body.items;
    const { version, madeAtMs: _, code, ...body } = purposes.find((p: { code: string }) => p.code === 'employment');
    expect(version).toBe(0);
    const kept = await security.call('PUT', `/api/v1/processing/purposes/${code}`, { ...body, after: 0 });
    expect(kept.body).toEqual({ version: 1 });
    expect((await archivist.call('PUT', `/api/v1/processing/purposes/${code}`, { ...body, after: 1 })).status).toBe(403);

    const assessed = await security.call('POST', '/api/v1/impact-assessments', ASSESSMENT);
    expect(assessed.status).toBe(201);
    expect((await archivist.call('POST', '/api/v1/impact-assessments', ASSESSMENT)).status).toBe(403);
    const again = await security.call('POST', '/api/v1/impact-assessments', { ...ASSESSMENT, replaces: assessed.body.id });
    const [newest, oldest] = (await archivist.call('GET', '/api/v1/impact-assessments')).body.items;
    expect([newest.id, newest.isReplaced, oldest.id, oldest.isReplaced]).toEqual([again.body.id, false, assessed.body.id, true]);
    const keptYears = (oldest.keepUntilMs - oldest.madeAtMs) / (365.25 * 24 * 3600_000);
    expect(keptYears).toBeGreaterThanOrEqual(2.99);

    const [line] = (await archivist.call('GET', '/api/v1/registers/processing')).body.items;
    expect(line).toMatchObject({ code: 'employment', basis: 'contract_hr', dossiers: 1, restricted: 0, assessedAtMs: newest.madeAtMs });

    const nowMs = web.served.clock.nowMs();
    const opened = await archivist.call('POST', `/api/v1/dossiers/${dossierId}/catalogue-sheets`, { format: 'xlsx' });
    expect(opened.status).toBe(200);
    const given = (await archivist.call('GET', `/api/v1/registers/provision?fromMs=${nowMs - 1000}`)).body.items;
    expect(given).toMatchObject([{ kind: 'catalogue.exported', dossierId, actorId: archivist.accountId, purpose: 'archive_work' }]);
    const other = await web.enter('system_admin');
    const founded = await other.call('POST', '/api/v1/fonds', { code: 'Z997', name: '他全宗', parentId: null });
    const foreign = await web.enter('archivist', { fondsId: founded.body.fondsId });
    expect((await foreign.call('GET', '/api/v1/registers/provision')).body.items).toEqual([]);

    for (const visitor of [clerk, person, other])
      for (const path of ['registers/processing', 'registers/provision', 'registers/destruction', 'impact-assessments', 'breaches'])
        expect((await visitor.call('GET', `/api/v1/${path}`)).status).toBe(403);
    for (const register of ['processing', 'provision', 'destruction', 'assessment', 'breach']) {
      const sheet = await sheetOf(security, register);
      expect({ register, status: sheet.status }).toEqual({ register, status: 200 });
      expect(sheet.body).not.toContain('何登记');
      expect((await clerk.call('POST', `/api/v1/registers/${register}/sheets`, { leave: NOTHING })).status).toBe(403);
    }
    // What speaks of single dossiers' persons is the archivist's alone.
    for (const register of ['request', 'consent']) {
      expect((await sheetOf(archivist, register)).status).toBe(200);
      expect((await clerk.call('POST', `/api/v1/registers/${register}/sheets`, { leave: NOTHING })).status).toBe(403);
    }
    expect(await web.kindsOf(archivist.accountId)).toEqual(expect.arrayContaining(['register.counted', 'register.exported']));
  });

  it('leave as they were counted, and with a reason where their words hold anything sensitive', async () => {
    const security = await web.enter('security_admin', { fondsId: web.fondsId });
    expect((await sheetOf(security, 'processing', { rows: 99 })).body).toMatchObject({ status: 409, code: 'export/not-as-confirmed' });
    // The archive's own statement names kinds of information, health among them, and nobody.
    expect((await sheetOf(security, 'processing')).status).toBe(200);
    const title = '体检报告外借，联系电话 13800138000';
    expect((await security.call('POST', '/api/v1/impact-assessments', { ...ASSESSMENT, title })).status).toBe(201);
    const counted = await security.call('POST', '/api/v1/registers/assessment/counts', {});
    expect(counted.body.phone).toBe(1);
    expect((await sheetOf(security, 'assessment')).body).toMatchObject({ status: 422, code: 'export/reason-needed' });
    const given = await sheetOf(security, 'assessment', { reason: '网信部门检查' });
    expect(given.status).toBe(200);
    expect(given.body).toContain('13800138000');
  });

  it('time a drill, write its notice without script, and note who was told late', async () => {
    const security = await web.enter('security_admin', { fondsId: web.fondsId });
    const foundAtMs = web.served.clock.nowMs() - 1000;
    const future = await security.call('POST', '/api/v1/breaches', { ...BREACH, foundAtMs: foundAtMs + 3600_000 });
    expect(future.body.code).toBe('breach/in-future');
    const { id } = (await security.call('POST', '/api/v1/breaches', { ...BREACH, foundAtMs })).body;
    const shown = async () => (await security.call('GET', '/api/v1/breaches')).body.items[0];
    expect(await shown()).toMatchObject({ isDrill: true, isLate: false, authorityDueMs: foundAtMs + 24 * 3600_000, kinds: BREACH.kinds });
    const step = (name: string) => security.call('POST', `/api/v1/breaches/${id}/steps`, { step: name });
    expect((await step('closed')).status).toBe(409);
    expect((await step('authority')).status).toBe(204);
    expect((await step('authority')).status).toBe(409);
    const notice = await security.call('POST', `/api/v1/breaches/${id}/notices`, { to: 'persons' });
    expect(notice.headers['content-type']).toContain('text/html');
    expect(notice.body).toContain('个人信息安全事件告知书');
    expect(notice.body).toContain('演练');
    expect(notice.body).toContain('&lt;script&gt;');
    expect(notice.body).not.toContain('<script>');
    web.moveClock(80 * 3600_000);
    const later = await web.enter('security_admin', { fondsId: web.fondsId });
    expect((await later.call('GET', '/api/v1/breaches')).body.items[0]).toMatchObject({ isLate: true, personsToldAtMs: null });
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    expect((await archivist.call('POST', `/api/v1/breaches/${id}/notices`, { to: 'persons' })).status).toBe(403);
    const rows = await web.served.db.query<{ body: Uint8Array }>('select body from breach');
    expect(Buffer.concat(rows.map((r) => r.body)).includes(Buffer.from('终端'))).toBe(false);
  });

  it('say the same in English', () => {
    const breach = { ...BREACH, id: 'x', foundAtMs: 0, authorityDueMs: 0, personsDueMs: 0, isLate: false };
    const told = { authorityToldAtMs: null, personsToldAtMs: null, closedAtMs: null };
    const page = new TextDecoder().decode(writeBreachNotice({ ...breach, ...told, isDrill: false }, 'authority', 'en', 480));
    expect(page).toContain('Report of a personal-information security incident');
    expect(page).toContain('1970-01-01 08:00');
    expect(page).not.toContain('DRILL');
  });
});
