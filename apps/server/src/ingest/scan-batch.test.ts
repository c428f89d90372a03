import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSeparator } from '@lantai/catalogue';
import { receiveFile } from '@lantai/documents';
import { writeSeparatorsPdf } from '@lantai/documents/sheets';
import * as images from '@lantai/images';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDossierDesk } from '../catalogue/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { ScanBatch } from './index.ts';

const a = useArchive();
let dossierId: string;
beforeAll(async () => {
  dossierId = await a.addDossier({ code: 'P5201' });
});

async function separator(): Promise<Uint8Array> {
  const sheets = [{ code: formatSeparator({ dossier: 'P5201', classCode: '1', isMaterial: true }), dossier: 'P', lines: ['1'] }];
  const pdf = await writeSeparatorsPdf({ kind: 'sheets', sheets, printedOn: { year: 2026 } });
  for await (const page of receiveFile(pdf, images, { check: 'structure', depth: 0 })) if (page.kind === 'page') return page.bytes;
  throw new Error('a separator sheet has a page');
}

/** Everything that lies in the folder of uploads. */
async function uploaded(): Promise<Buffer> {
  const root = join(a.archive.config.dataFolder, 'uploads');
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  return Buffer.concat(await Promise.all(names.filter((n) => n.isFile()).map((n) => readFile(join(n.parentPath, n.name)))));
}

describe('a stack that a scanner gives face by face', () => {
  it('lies sealed as it comes, and becomes pages where its separator sheets say once it is whole', async () => {
    const batch = new ScanBatch(a.archive, await a.desk(), 'scan-1');
    const faces = [makeSmallPng(8_000_001), await separator(), makeSmallPng(8_000_002), makeSmallPng(8_000_003)];
    for (const face of faces) await batch.add(face);
    expect(batch.count).toBe(4);
    const lying = await uploaded();
    expect(lying.length).toBeGreaterThan(faces.reduce((sum, face) => sum + face.length, 0));
    for (const face of faces) expect(lying.includes(Buffer.from(face.subarray(16, 80)))).toBe(false);
    await batch.finish(dossierId, true, false);
    const view = await openDossierDesk(a.archive, await a.desk(), dossierId);
    expect(view.pages.map((p) => p.fileName)).toEqual(['scan-1-00001.png', 'scan-1-00003.png', 'scan-1-00004.png']);
    expect(view.materials.map((m) => [m.classCode, m.pageIds.length])).toEqual([['1', 2]]);
    expect((await uploaded()).length).toBe(0);
  });
  it('that is thrown away leaves nothing', async () => {
    const batch = new ScanBatch(a.archive, await a.desk(), 'scan-2');
    await batch.add(makeSmallPng(8_000_004));
    await batch.discard();
    expect([batch.count, (await uploaded()).length]).toEqual([0, 0]);
  });
});
