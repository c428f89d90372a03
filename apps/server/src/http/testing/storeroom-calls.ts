import { runPropertyCheck } from '../../properties/index.ts';
import { call, type OperationCall, one, owner, type Stage } from './operation-stage.ts';
import type { WebFixture } from './web-fixture.ts';

/** Calls of counting and filing. */
export const COUNTING: OperationCall[] = [
  owner(
    'declareSlip',
    'POST',
    (s) => `/dossiers/${s.dossierId}/slips`,
    () => ({ sheets: 9, faces: 17, blankFaces: 0, note: '第三张背面空白' }),
  ),
  owner('checkCount', 'POST', (s) => `/dossiers/${s.dossierId}/counts`),
  owner('getCount', 'GET', (s) => `/dossiers/${s.dossierId}/count`),
  owner('printSlip', 'POST', (s) => `/dossiers/${s.dossierId}/slip-sheets`),
  owner('listCountExceptions', 'GET', () => '/count-exceptions'),
  call('settleCountException', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/count-exceptions/${await one(w, `select id as value from count_exception where state = 'open'`)}/settlement`,
    body: { way: 'explained', words: '两面原缺' },
  })),
  call('fileDossier', async (s, w) => {
    // Two persons and a check are asked for no more: what the other calls made was looked at by one, and has faults.
    const rule = { fondsId: w.fondsId, schemeId: 'cadre-2018', required: false };
    for (const path of ['countercheck-rules', 'filing-check-rules']) {
      const { status } = await s.owner.call('POST', `/api/v1/${path}`, rule);
      if (status >= 300) throw new Error(`still asked for: ${path}`);
    }
    return { as: s.owner, method: 'POST', path: `/api/v1/dossiers/${s.dossierId}/filing` };
  }),
];

const NEW_BOX = {
  ...{ category: 'cadre', spineMm: 20, retention: 'Y', year: 2026, schemeId: 'cadre-2018', classCode: null },
  place: { repository: '1', zone: '', rack: '3', bay: '', shelf: '', slot: '' },
};
const aBox = (w: WebFixture) => one(w, 'select id as value from box order by number limit 1');
/** Calls of archival codes. */
export const CODES: OperationCall[] = [
  call('setCodeRule', async (s, w) => ({
    as: s.owner,
    method: 'PUT',
    path: '/api/v1/code-rules',
    body: {
      fondsId: await one(w, 'select fonds_id as value from dossier where id = $1', s.dossierId),
      schemeId: 'cadre-2018',
      leading: null,
      second: 'da-t-13',
    },
  })),
  call('recodeDossiers', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: '/api/v1/recodings',
    body: { fondsId: await one(w, 'select fonds_id as value from dossier where id = $1', s.dossierId), schemeId: 'cadre-2018' },
  })),
];
/** Calls of boxes. */
export const BOXES: OperationCall[] = [
  call('createBoxes', async (s, w) => {
    const [unitId, category] = [
      await one(w, 'select unit_id as value from dossier where id = $1', s.dossierId),
      await one(w, 'select category as value from dossier where id = $1', s.dossierId),
    ];
    return { as: s.owner, method: 'POST', path: '/api/v1/boxes', body: { ...NEW_BOX, unitId, category } };
  }),
  call('editBox', async (s, w) => ({
    as: s.owner,
    method: 'PATCH',
    path: `/api/v1/boxes/${await aBox(w)}`,
    body: { version: 1, place: { ...NEW_BOX.place, slot: '7' } },
  })),
  call('putIntoBox', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/boxes/${await aBox(w)}/volumes`,
    body: { volumes: [{ dossier: { id: s.dossierId }, sheets: 3 }] },
  })),
  call('getBox', async (s, w) => ({ as: s.owner, method: 'GET', path: `/api/v1/boxes/${await aBox(w)}` })),
  call('makeBoxLabels', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: '/api/v1/box-labels',
    body: { boxIds: [await aBox(w)], kind: 'qr' },
  })),
  call('makeBoxList', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: '/api/v1/box-lists',
    body: { boxIds: [await aBox(w)], format: 'xlsx' },
  })),
  call('takeFromBox', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/boxes/${await aBox(w)}/takings`,
    body: { volumes: [{ dossierId: s.dossierId, volume: 1 }] },
  })),
];

/** The check of the dossier, run here as its job would: nobody works the queue in these tests. */
const checkThatRan = async (s: Stage, w: WebFixture) => {
  const id = await one(w, 'select id as value from property_check where dossier_id = $1 order by id desc limit 1', s.dossierId);
  await runPropertyCheck(w.archive, id);
  return id;
};
/** Calls of the four-property check. */
export const PROPERTIES: OperationCall[] = [
  owner(
    'startPropertyCheck',
    'POST',
    (s) => `/dossiers/${s.dossierId}/property-checks`,
    () => ({ moment: 'filing' }),
  ),
  owner('listPropertyChecks', 'GET', (s) => `/dossiers/${s.dossierId}/property-checks`),
  call('getPropertyCheck', async (s, w) => ({ as: s.owner, method: 'GET', path: `/api/v1/property-checks/${await checkThatRan(s, w)}` })),
  call('answerPropertyItem', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/property-checks/${await checkThatRan(s, w)}/answers`,
    body: { item: 'GD-3-4', result: 'pass', words: '抽查三页，均可打开浏览' },
  })),
  call('makePropertyReport', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: `/api/v1/property-checks/${await checkThatRan(s, w)}/reports`,
    body: { form: 'xml' },
  })),
  owner('makeDescription', 'POST', (s) => `/dossiers/${s.dossierId}/descriptions`),
];
