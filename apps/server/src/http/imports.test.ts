import { wordsOf } from '@lantai/contract';
import { describe, expect, it } from 'vitest';
import { type FileOutcome, importFiles } from '../ingest/index.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { useWeb } from './testing/web-fixture.ts';

const web = useWeb();
const fileOf = (path: string, bytes: Uint8Array) => ({ path, byteCount: bytes.length, read: async () => bytes });
const RAR = new Uint8Array([...new TextEncoder().encode('Rar!\x1a\x07\x00'), ...new Uint8Array(64)]);

describe('the list of an import', () => {
  it('says of a refused file what its words need: the same as the importer was told', async () => {
    const dossierId = await web.addDossier();
    const told: FileOutcome[] = [];
    const files = [fileOf('旧档.rar', RAR), fileOf('1.png', makeSmallPng(7001))];
    const { importId } = await importFiles(web.served, await web.desk(), dossierId, files, { onOutcome: (o) => void told.push(o) });
    expect(told[0]).toMatchObject({ code: 'archive/unsupported', detail: { format: 'rar' } });
    const archivist = await web.enter('archivist');
    const { body } = await archivist.call('GET', `/api/v1/imports/${importId}`);
    expect(body.files).toMatchObject([
      {
        outcome: 'refused',
        code: 'archive/unsupported',
        params: { format: 'rar' },
        reason: wordsOf('zh', 'archive/unsupported', { format: 'rar' }),
      },
      { outcome: 'pages', code: null, reason: null, params: {} },
    ]);
    expect(body.files[0].reason).toContain('rar');
  });
});
