import { appendUpload, createUpload, getUpload } from '../../ingest/index.ts';
import { makeSmallPng } from '../../testing/small-png.ts';
import { call, type OperationCall, type Stage } from './operation-stage.ts';
import type { WebFixture } from './web-fixture.ts';

const LIST = [
  '档号,姓名,类号,序号,材料名称,形成时间,页数',
  'P3901,公冶长,一,1,干部履历表,19850701,1',
  'P3902,南宫适,一,1,干部履历表,1982-02-30,1',
];

async function upload(s: Stage, w: WebFixture, bytes: Uint8Array): Promise<string> {
  const { accountId } = s.owner;
  const id = await createUpload(w.served, accountId, bytes.length);
  async function* whole() {
    yield bytes;
  }
  await appendUpload(w.served, await getUpload(w.served, accountId, id), 0, whole());
  return id;
}

let image = 9_200_000;
/** A list whose second row is wrong, or, mended, none. */
async function order(s: Stage, w: WebFixture, isMended: boolean) {
  const images = [];
  for (const code of ['P3901', 'P3902']) images.push({ uploadId: await upload(s, w, makeSmallPng(image++)), path: `${code}/1/1/001.png` });
  return {
    uploadId: await upload(s, w, new TextEncoder().encode(LIST.join('\r\n'))),
    images,
    scheme: 'cadre-2018',
    unitId: null,
    dossierCode: null,
    edits: isMended ? [{ row: 3, column: 6, text: '1982-02' }] : [],
  };
}

/** Lists of materials with their images; the plan that is applied is looked at before, and no worker files it here. */
export const MANIFEST_CALLS: OperationCall[] = [
  call('checkManifest', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: '/api/v1/manifests/checks',
    body: await order(s, w, false),
  })),
  call('makeManifestErrorSheet', async (s, w) => ({
    as: s.owner,
    method: 'POST',
    path: '/api/v1/manifests/error-sheets',
    body: await order(s, w, false),
  })),
  call('applyManifest', async (s, w) => {
    const body = await order(s, w, true);
    const checked = await s.owner.call('POST', '/api/v1/manifests/checks', body);
    const { digest } = checked.body as { digest: string };
    return { as: s.owner, method: 'POST', path: '/api/v1/manifests', body: { ...body, plan: digest } };
  }),
];
