import { contractPdf, makeSigner, signMessage, signPdf } from '@lantai/documents/signatures/testing';
import { idNumberCheck } from '@lantai/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { importFiles } from '../ingest/index.ts';
import { useWeb } from './testing/web-fixture.ts';

const web = useWeb();
const ID = '11010119491231002'.replace(/$/, idNumberCheck('11010119491231002'));
let pageId: string;

beforeAll(async () => {
  const dossierId = await web.addDossier({ name: '郑试一' });
  // Authorities put ID numbers into names.
  const signer = await makeSigner(`郑试一 ${ID}`);
  const { bytes } = await signPdf(contractPdf(), (content) => signMessage(signer, content));
  const files = [{ path: 'contract.pdf', byteCount: bytes.length, read: async () => bytes }];
  await importFiles(web.archive, await web.desk(), dossierId, files);
  const page = await web.database.systemDb.one<{ id: string }>('select id from page where dossier_id = $1', [dossierId]);
  pageId = page!.id;
});

describe('signatures of the document that a page came out of', () => {
  it('are told to whoever looks at the page, numbers in names hidden, and to nobody else by that token', async () => {
    const archivist = await web.enter('archivist', { fondsId: web.fondsId });
    const { body: view } = await archivist.call('POST', `/api/v1/pages/${pageId}/view`);
    const { status, body } = await archivist.call('GET', `/api/v1/page-views/${view.viewToken}/signatures`);
    expect(status).toBe(200);
    expect(body.items).toEqual([
      expect.objectContaining({ kind: 'signature', verdict: 'signer-unknown', faults: ['time-unproved', 'signer-unknown'] }),
    ]);
    expect(body.items[0].signer.name).toContain('郑试一');
    expect(JSON.stringify(body)).not.toContain(ID);
    expect(body.masking.hidden.length).toBeGreaterThan(0);
    const other = await web.enter('archivist', { fondsId: web.fondsId });
    expect((await other.call('GET', `/api/v1/page-views/${view.viewToken}/signatures`)).status).toBe(404);
    const system = await web.enter('system_admin');
    expect((await system.call('GET', `/api/v1/page-views/${view.viewToken}/signatures`)).status).not.toBe(200);
  });
});
