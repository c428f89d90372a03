import { XLSX } from '@lantai/contract';
import { writeTableXlsx } from '@lantai/documents/sheets';
import { call, type OperationCall } from './operation-stage.ts';
import type { WebFixture } from './web-fixture.ts';

const columns = (...headings: string[]) => headings.map((heading) => ({ heading, width: 12 }));
/** A unit and somebody in it. */
const sheet = () =>
  writeTableXlsx([
    { name: '机构 Units', columns: columns('机构代码', '机构名称', '上级机构代码'), rows: [['CALLED', '来函科', '']] },
    {
      name: '人员 People',
      columns: columns('工号 Staff no. *', '登录名', '姓名 Name', '机构代码', '角色', 'Clearance', '停用'),
      rows: [['C-1', 'called.one', '公冶长', 'CALLED', '', '', '']],
    },
  ]);
const pathOf = (w: WebFixture, path: string, more = '') => `/api/v1/directory/${path}?fondsId=${w.fondsId}${more}`;
const headers = { 'content-type': XLSX };

/** Sheets of units and people; the plan that is applied is looked at before. */
export const DIRECTORY_CALLS: OperationCall[] = [
  call('planDirectory', async (s, w) => ({ as: s.owner, method: 'POST', path: pathOf(w, 'plans'), body: await sheet(), headers })),
  call('makeDirectoryErrorSheet', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: pathOf(w, 'error-sheets'),
    body: await sheet(),
    headers,
  })),
  call('applyDirectory', async (s, w) => {
    const body = await sheet();
    const plan = await s.owner.call('POST', pathOf(w, 'plans'), body, headers);
    const { digest } = plan.body as { digest: string };
    return { as: s.owner, method: 'POST', path: pathOf(w, 'runs', `&plan=${digest}`), body, headers };
  }),
];
