import type { Reading } from '@lantai/reading';
import { idNumberCheck } from '@lantai/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { deskTx } from '../desk/index.ts';
import { storeReading } from '../ingest/readings.ts';
import { REVEAL_MS } from '../masking/index.ts';
import { useWeb } from './testing/web-fixture.ts';

const web = useWeb();

const ID = '11010119491231002'.replace(/$/, idNumberCheck('11010119491231002'));
const ID_MASKED = `1****************${ID[17]}`;
const PHONE = '13800138000';
const LINES = ['履历表 张三', `身份证号 ${ID.slice(0, 10)}`, ID.slice(10), `电话 ${PHONE}`, '家庭住址 山东省济南市历下区泉城路18号'];

type Visitor = Awaited<ReturnType<typeof web.enter>>;
let dossierId: string;
let pageId: string;
let materialId: string;
let archivist: Visitor;

beforeAll(async () => {
  dossierId = await web.addDossier({ name: '张三' });
  await web.importPages(dossierId, [`张三${PHONE}.png`]);
  const page = await web.database.systemDb.one<{ id: string; fonds_id: string; unit_id: string; category: string; level: number }>(
    'select id, fonds_id, unit_id, category, level from page where dossier_id = $1',
    [dossierId],
  );
  pageId = page!.id;
  const place = { fondsId: page!.fonds_id, unitId: page!.unit_id, category: page!.category, level: page!.level };
  const lines = LINES.map((text, i) => ({ text, box: [10, 10 + i * 30, 300, 20] as const, confidence01: 0.9, source: 'normal' as const }));
  const unsure = { at: LINES[2]!.length - 2, options: [{ char: '7', confidence01: 0.3 }] };
  const reading: Reading = {
    engine: 'test',
    version: '1',
    pageDigest: '',
    widthPx: 600,
    heightPx: 900,
    orientation: 0,
    skewDegrees: 0,
    lines: lines.map((line, i) => (i === 2 ? { ...line, candidates: [unsure] } : line)),
  };
  await web.archive.db.system('test').tx(async (raw) => {
    const tx = deskTx(raw, web.archive, null, 'archive_work');
    await storeReading(tx, web.archive, { pageId, dossierId, place }, reading);
    await tx.query(`update page set read_state = 'read' where id = $1`, [pageId]);
  });
  archivist = await web.enter('archivist', { fondsId: web.fondsId });
  const made = await operate([
    {
      type: 'assemble',
      pageIds: [pageId],
      edit: {
        classCode: '1',
        title: '干部履历表',
        remarks: `原件在${PHONE}处`,
        fields: [
          { code: 'idNumber', value: ID },
          { code: 'school', value: '山东大学' },
        ],
      },
    },
  ]);
  expect(made.status).toBe(200);
  materialId = made.body.materials[0].id;
});

const desk = (visitor = archivist) => visitor.call('GET', `/api/v1/dossiers/${dossierId}/desk`);
const operate = async (operations: unknown[]) => {
  const { body } = await desk();
  return archivist.call('POST', `/api/v1/dossiers/${dossierId}/operations`, { baseVersion: body.version, operations });
};
const reveal = (visitor: Visitor, kinds: string[], page?: string) =>
  visitor.call('POST', `/api/v1/dossiers/${dossierId}/reveals`, { kinds, reason: '核对身份', ...(page ? { pageId: page } : {}) });
const readingOf = async (visitor: Visitor) => {
  const view = await visitor.call('POST', `/api/v1/pages/${pageId}/view`);
  return visitor.call('GET', `/api/v1/page-views/${view.body.viewToken}/reading`);
};
const material = (answer: { body: { materials: { fields: { code: string; value: string }[]; remarks: string }[] } }) =>
  answer.body.materials[0]!;

describe('what is sensitive', () => {
  it('is masked on the desk, over the page, in a hit and in the list, and found by its whole value all the same', async () => {
    const seen = await desk();
    expect(material(seen).fields).toMatchObject([
      { code: 'idNumber', value: ID_MASKED },
      { code: 'school', value: '山东大学' },
    ]);
    expect(material(seen).remarks).toBe('原件在138****8000处');
    expect(seen.body.masking).toEqual({ hidden: ['id_number', 'phone'], shownUntilMs: null });
    const { body } = await readingOf(archivist);
    expect(body.lines.map((l: { text: string }) => l.text)).toEqual([
      '履历表 张三',
      '身份证号 1*********',
      `*******${ID[17]}`,
      '电话 138****8000',
      '家庭住址 山东省济南市历下区******',
    ]);
    // What else might stand at a hidden place would say what does.
    expect(body.lines[2].candidates).toEqual([]);
    expect(body.masking.hidden).toEqual(['id_number', 'phone', 'address']);
    for (const query of [ID, PHONE]) {
      const found = await archivist.call('POST', '/api/v1/search', { query });
      const hit = found.body.hits.find((h: { pageId: string | null }) => h.pageId === pageId);
      expect({ query, found: hit !== undefined }).toEqual({ query, found: true });
      expect(JSON.stringify(found.body).replace(/[^0-9]/g, '')).not.toContain(query);
      expect(hit.marks.length).toBeGreaterThan(0);
    }
    for (const answer of [seen, await readingOf(archivist), await archivist.call('GET', `/api/v1/dossiers/${dossierId}`)])
      for (const whole of [ID, PHONE, '泉城路']) expect(JSON.stringify(answer.body)).not.toContain(whole);
  });

  it('is shown by an act of its own: the kinds asked for, of the thing asked for, to this session, for a while', async () => {
    const other = await web.enter('archivist', { fondsId: web.fondsId });
    const shown = await reveal(archivist, ['id_number']);
    expect([shown.status, shown.body.kinds]).toEqual([201, ['id_number']]);
    const seen = await desk();
    expect(material(seen)).toMatchObject({ fields: [{ value: ID }, {}], remarks: '原件在138****8000处' });
    expect(seen.body.masking).toEqual({ hidden: ['phone'], shownUntilMs: shown.body.expiresAtMs });
    expect(JSON.stringify((await readingOf(archivist)).body)).not.toContain(ID.slice(10));
    expect(material(await desk(other)).fields[0]?.value).toBe(ID_MASKED);
    expect((await reveal(archivist, ['id_number', 'phone'], pageId)).status).toBe(201);
    expect((await readingOf(archivist)).body.lines[2].text).toBe(ID.slice(10));
    const rows = await web.database.db.query<{ entry: { object: string; params: Record<string, string> } }>(
      `select convert_from(bytes, 'UTF8')::jsonb as entry from entry where kind = 'sensitive.revealed' and actor_id = $1 order by id`,
      [archivist.accountId],
    );
    expect(rows.map((r) => [r.entry.object, r.entry.params.kinds])).toEqual([
      [dossierId, 'id_number'],
      [pageId, 'id_number+phone'],
    ]);
    web.moveClock(REVEAL_MS + 1);
    expect(material(await desk()).fields[0]?.value).toBe(ID_MASKED);
    expect((await readingOf(archivist)).body.lines[2].text).toBe(`*******${ID[17]}`);
    await reveal(archivist, ['phone']);
    expect(material(await desk()).remarks).toContain(PHONE);
    expect((await archivist.call('DELETE', `/api/v1/dossiers/${dossierId}/reveals`)).status).toBe(204);
    expect(material(await desk()).remarks).not.toContain(PHONE);
  });

  it('is not shown to who has no right to it, nor of what they cannot see', async () => {
    const stranger = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: await web.addUnit('FAR') });
    expect((await reveal(stranger, ['phone'])).status).toBe(404);
    const reader = await web.enter('reader');
    expect((await reveal(reader, ['phone'])).status).toBe(403);
    const clerk = await web.enter('unit_clerk', { fondsId: web.fondsId, unitId: web.rootUnitId });
    expect((await reveal(clerk, ['phone'])).status).toBe(201);
    const elsewhere = await web.addDossier();
    const foreign = await archivist.call('POST', `/api/v1/dossiers/${elsewhere}/reveals`, { kinds: ['phone'], pageId, reason: '核对' });
    expect(foreign.status).toBe(404);
  });

  it('comes back from a form as it was shown and stays, and is never overwritten by its mask', async () => {
    const edit = (value: string, remarks: string) =>
      operate([{ type: 'edit', materialId, edit: { remarks, fields: [{ code: 'idNumber', value }] } }]);
    expect((await edit(ID_MASKED, '原件在138****8000处')).status).toBe(200);
    await reveal(archivist, ['id_number', 'phone']);
    expect(material(await desk())).toMatchObject({ fields: [{ value: ID }, {}], remarks: `原件在${PHONE}处` });
    const changed = await edit(`2${ID_MASKED.slice(1)}`, '原件');
    expect([changed.status, changed.body.code]).toEqual([422, 'catalogue/masked-value']);
    const fresh = await operate([
      { type: 'addRecord', edit: { classCode: '1', title: '补充', fields: [{ code: 'idNumber', value: ID_MASKED }] } },
    ]);
    expect(fresh.body.code).toBe('catalogue/masked-value');
    await archivist.call('DELETE', `/api/v1/dossiers/${dossierId}/reveals`);
    expect((await edit('110101195001010010', '原件在库')).status).toBe(200);
    await reveal(archivist, ['id_number']);
    expect(material(await desk())).toMatchObject({ fields: [{ value: '110101195001010010' }, {}], remarks: '原件在库' });
  });
});
