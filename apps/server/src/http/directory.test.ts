import { XLSX } from '@lantai/contract';
import { readTables, type TableSheet } from '@lantai/documents';
import { type PlainTable, writeTableXlsx } from '@lantai/documents/sheets';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWeb, type Visitor } from './testing/web-fixture.ts';

const web = useWeb();
type Entered = Visitor & { accountId: string; name: string };
let [security, system]: Entered[] = [];

const PEOPLE = ['工号 Staff no. *', '登录名', '姓名 Name', '机构代码', '角色', 'Clearance', '停用'];
const table = (name: string, headings: readonly string[], rows: readonly string[][]): PlainTable => ({
  name,
  columns: headings.map((heading) => ({ heading, width: 12 })),
  rows,
});
const people = (...rows: string[][]) => writeTableXlsx([table('人员 People', PEOPLE, rows)]);

async function send(visitor: Visitor, path: string, bytes: Uint8Array, query: Record<string, string> = {}) {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const url = `/api/v1/directory/${path}?${new URLSearchParams({ fondsId: web.fondsId, ...query })}`;
  const answer = await web.app.inject({ method: 'POST', url, headers: { cookie, 'content-type': XLSX }, payload: Buffer.from(bytes) });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, body: isJson ? answer.json() : null, bytes: new Uint8Array(answer.rawPayload) };
}
const plan = (visitor: Visitor, bytes: Uint8Array, query = {}) => send(visitor, 'plans', bytes, query);
async function apply(visitor: Visitor, bytes: Uint8Array, query: Record<string, string> = {}) {
  const { slips: _, ...asked } = query;
  const { body } = await plan(visitor, bytes, asked);
  return send(visitor, 'runs', bytes, { ...query, plan: body.digest });
}

beforeAll(async () => {
  security = await web.enter('security_admin');
  system = await web.enter('system_admin');
});

describe('a sheet of units and people', () => {
  it('is shown as a plan, applied by each administrator for the own part, and leaves an entry for each', async () => {
    const bytes = await writeTableXlsx([
      table(
        '机构',
        ['机构名称', '机构代码', '上级机构代码'],
        [
          ['人事科', 'HR', 'OFFICE'],
          ['办公室', 'OFFICE', ''],
        ],
      ),
      table('People', PEOPLE, [
        ['007', 'gongye.chang', '公冶长', 'HR', '单位经办人', '秘密', ''],
        ['008', 'nangong.kuo', '南宫括', '', '', '', '是'],
      ]),
    ]);
    const shown = await plan(system!, bytes);
    expect(shown.body.lines).toMatchObject([
      { sheet: 'units', row: 2, act: 'create' },
      { sheet: 'units', row: 3, act: 'create' },
      { sheet: 'people', row: 2, what: '007', act: 'refused', code: 'directory/not-your-office' },
      { sheet: 'people', row: 3, what: '008', act: 'refused', code: 'directory/not-your-office' },
    ]);
    expect((await plan(security!, bytes)).body.lines[2]).toMatchObject({ code: 'directory/unit-pending', column: 'D', row: 2 });
    expect((await apply(system!, bytes)).status).toBe(200);
    const done = await apply(security!, bytes, { slips: 'true' });
    expect(done.body.lines.map((l: { act: string }) => l.act)).toEqual(['nothing', 'nothing', 'create', 'create']);
    expect(done.body.passwords).toMatchObject([{ what: '007', loginName: 'gongye.chang' }]);
    const visitor = web.visitor();
    const signedIn = await visitor.signIn('gongye.chang', done.body.passwords[0].password);
    expect(signedIn.status).toBe(200);
    expect((await visitor.call('GET', '/api/v1/dossiers')).body.code).toBe('password/change-needed');
    expect((await web.visitor().signIn('nangong.kuo', 'none')).status).toBe(401);
    const kinds = await web.kindsOf(security!.accountId);
    expect(kinds).toEqual(
      expect.arrayContaining(['directory.planned', 'directory.opened', 'account.created', 'directory.person-kept', 'directory.applied']),
    );
    expect(await web.kindsOf(system!.accountId)).toEqual(expect.arrayContaining(['unit.created', 'directory.applied']));
    const sources = await security!.call('GET', '/api/v1/directory/sources');
    expect(sources.body.items).toMatchObject([{ kind: 'sheet', people: 2, fault: null }]);
  });

  it('ends the sessions of whom it disables: the next request is refused, and another’s is not', async () => {
    const sheet = (off: string) => people(['101', 'gone.soon', '', '', '查阅人', '', off], ['102', 'stays.on', '', '', '查阅人', '', '']);
    const { passwords } = (await apply(security!, await sheet(''), { slips: 'true' })).body;
    const visitors = await Promise.all(
      passwords.map(async (p: { loginName: string; password: string }) => {
        const visitor = web.visitor();
        expect((await visitor.signIn(p.loginName, p.password)).status).toBe(200);
        return visitor;
      }),
    );
    expect((await apply(security!, await sheet('是'))).body.lines).toMatchObject([{ act: 'disable' }, { act: 'nothing' }]);
    const answers = await Promise.all(visitors.map((v) => v.call('GET', '/api/v1/session')));
    expect(answers.map((a) => a.body.code ?? 'in')).toEqual(['session/needed', 'in']);
  });

  it('with errors tells each by row and column, does the rest, and gives them as a sheet', async () => {
    const bytes = await people(
      ['201', 'fine.one', '', '', '', '', ''],
      ['202', 'bad.role', '', '', '安全审计员', '', ''],
      ['203', 'bad.level', '', '', '', '绝密', ''],
      ['204', 'bad.truth', '', '', '', '', '也许'],
      ['', 'no.number', '', '', '', '', ''],
    );
    const { body } = await plan(security!, bytes);
    expect(body.lines.map((l: Record<string, string>) => [l.row, l.column, l.code])).toEqual([
      [2, null, null],
      [3, 'E', 'directory/administrator-refused'],
      [4, 'F', 'directory/level-too-high'],
      [5, 'G', 'directory/truth-unknown'],
      [6, 'A', 'directory/external-malformed'],
    ]);
    const sheet = await send(security!, 'error-sheets', bytes);
    const [errors] = (await readTables(sheet.bytes, { rows: 100 })) as readonly TableSheet[];
    expect(errors?.rows.map((r) => r.cells.map((c) => c.text).slice(1, 3))).toEqual([
      ['行', '列'],
      ['3', 'E'],
      ['4', 'F'],
      ['5', 'G'],
      ['6', 'A'],
    ]);
    expect((await plan(security!, bytes, { complete: 'true' })).body.code).toBe('directory/complete-with-errors');
    expect((await apply(security!, bytes)).body.lines.map((l: { act: string }) => l.act)).toEqual(['create', ...Array(4).fill('refused')]);
  });

  it('that is no sheet of the form is refused whole with a code', async () => {
    const cases: [Uint8Array, string][] = [
      [new TextEncoder().encode('not a workbook'), 'table/not-xlsx'],
      [await writeTableXlsx([table('Tabelle', PEOPLE, [])]), 'directory/sheet-missing'],
      [await people(), 'directory/sheet-empty'],
      [await writeTableXlsx([table('人员', ['工号', '登录名', '是否管理员'], [])]), 'directory/column-unknown'],
      [await writeTableXlsx([table('人员', ['工号', '登录名', 'Staff no.'], [])]), 'directory/column-twice'],
      [await writeTableXlsx([table('人员', ['工号'], [['1']])]), 'directory/column-missing'],
      [await people(...Array.from({ length: 6002 }, (_, i) => [String(i), `u${i}`])), 'table/too-many-rows'],
    ];
    for (const [bytes, code] of cases) expect((await plan(security!, bytes)).body.code).toBe(code);
    expect((await plan(security!, new Uint8Array(8_000_001))).body.code).toBe('request/too-large');
    expect((await send(security!, 'plans', await people(['1', 'a']), { fondsId: security!.accountId })).body.code).toBe('fonds/not-found');
  });

  it('is for whoever keeps units or people, by a session and with a password shown just now, and for nobody else', async () => {
    const bytes = await people(['301', 'one.more']);
    for (const role of ['archivist', 'unit_clerk', 'audit_admin', 'reader', 'person'] as const) {
      const visitor = await web.enter(role, { fondsId: web.fondsId, unitId: role === 'unit_clerk' ? web.rootUnitId : null });
      for (const path of ['plans', 'error-sheets']) expect((await send(visitor, path, bytes)).body.code).toBe('desk/not-allowed');
      expect((await send(visitor, 'runs', bytes, { plan: 'a'.repeat(64) })).body.code).toBe('desk/not-allowed');
      expect((await visitor.call('GET', '/api/v1/directory/template')).status).toBe(403);
      expect((await visitor.call('GET', '/api/v1/directory/sources')).status).toBe(403);
    }
    expect((await send(web.visitor(), 'plans', bytes)).status).toBe(401);
    const template = await security!.call('GET', '/api/v1/directory/template');
    expect([template.status, template.headers['content-type']]).toEqual([200, XLSX]);
    const { body } = await plan(security!, bytes);
    await web.database.ownerDb.query('update session set fresh_at_ms = 0');
    expect((await send(security!, 'runs', bytes, { plan: body.digest })).body.code).toBe('session/fresh-needed');
    await security!.call('POST', '/api/v1/session/fresh', { password: (await import('./testing/web-fixture.ts')).PASSWORD });
    expect((await send(security!, 'runs', bytes, { plan: 'a'.repeat(64) })).body.code).toBe('directory/plan-changed');
    expect((await send(security!, 'runs', bytes, { plan: body.digest })).status).toBe(200);
  });
});
