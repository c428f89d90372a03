import { readTables, receiveFile } from '@lantai/documents';
import { collect, tools } from '@lantai/documents/testing';
import { describe, expect, it } from 'vitest';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeCatalogueSheet } from './catalogue-sheet.ts';

const a = useArchive();
const LIMITS = { rows: 1000 };

const make = async (dossierId: string, format: 'pdf' | 'xlsx', sheet: 'remarks' | 'chase') =>
  makeCatalogueSheet(a.archive, await a.desk(), dossierId, format, 'zh', sheet);
const textOf = async (pdf: Uint8Array) => {
  const { pages } = await collect(receiveFile(pdf, tools));
  return pages.flatMap((p) => (p.text ?? []).map((l) => l.text)).join('\n');
};

describe('the sheets that lie beside the catalogue', () => {
  it('are a remarks sheet that counts, with rules for people, and a chase list of what is missing, both as PDF', async () => {
    const dossierId = await a.addDossier({ name: '欧阳某某' });
    await a.importPages(dossierId, ['1.png', '2.png']);
    const remarks = await make(dossierId, 'pdf', 'remarks');
    expect(remarks.fileName).toMatch(/-remarks\.pdf$/);
    const said = await textOf(remarks.bytes);
    for (const words of ['卷内备考表', '欧阳某某', '材料 0 份', '整理人', '检查日期']) expect(said).toContain(words);
    const chase = await textOf((await make(dossierId, 'pdf', 'chase')).bytes);
    for (const words of ['催缴清单', '高中毕业生登记表', '工资变动审批表']) expect(chase).toContain(words);
    const kinds = await a.database.db.query<{ sheet: string }>(
      `select convert_from(bytes, 'UTF8')::jsonb->'params'->>'sheet' as sheet from entry where dossier_id = $1 and kind = 'catalogue.exported' order by id`,
      [dossierId],
    );
    expect(kinds.map((k) => k.sheet)).toEqual(['remarks', 'chase']);
  });

  it('are tables of Excel as well', async () => {
    const dossierId = await a.addDossier();
    const tables = await readTables((await make(dossierId, 'xlsx', 'chase')).bytes, LIMITS);
    expect(JSON.stringify(tables)).toContain('工资变动审批表');
  });

  it('are not made for a scheme without a standard, or for who may not export', async () => {
    const other = await a.addDossier({ scheme: 'labour-contract' });
    await expect(make(other, 'pdf', 'chase')).rejects.toThrow('quality/no-standard');
    const clerk = await a.desk({ role: 'reader' });
    await expect(makeCatalogueSheet(a.archive, clerk, other, 'pdf', 'zh', 'remarks')).rejects.toThrow(
      /desk\/not-allowed|dossier\/not-found/,
    );
  });
});
