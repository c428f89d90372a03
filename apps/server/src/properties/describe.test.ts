import { SaxesParser } from 'saxes';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeDescription } from './index.ts';

const a = useArchive();
let dossierId = '';

interface Seen {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Every element of the document with its own text; not well formed: throws. */
function readXml(bytes: Uint8Array): Seen[] {
  const seen: Seen[] = [];
  const open: Seen[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: '' };
    seen.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const last = open.at(-1);
    if (last) last.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(Buffer.from(bytes).toString('utf8')).close();
  return seen;
}

beforeEach(async () => {
  dossierId = await a.addDossier({ name: '卞之琳' });
  await a.importPages(dossierId, ['1.png', '2.png']);
  const desk = await a.desk();
  const { version, pages } = await openDossierDesk(a.archive, desk, dossierId);
  const [first, second] = pages.map((p) => p.id) as [string, string];
  await operateDossier(a.archive, desk, dossierId, {
    baseVersion: version,
    operations: [
      {
        type: 'assemble',
        pageIds: [first],
        edit: { classCode: '1', title: '干部履历表', date: '1999-05', remarks: '电话13800138000 <补>' },
      },
      { type: 'assemble', pageIds: [second], edit: { classCode: '1' } },
    ],
  });
});

describe('the description of a dossier', () => {
  it('says of each material what the elements have, what is missing, and masks numbers', async () => {
    const seen = readXml((await makeDescription(a.archive, await a.desk(), dossierId)).bytes);
    const values = (standard: string, code: string) =>
      seen.filter((e) => e.name === 'element' && e.attributes.standard === standard && e.attributes.code === code).map((e) => e.text);
    expect(values('da-t-18', 'title')).toEqual(['卞之琳', '干部履历表']);
    expect(values('da-t-18', 'date')).toContain('1999-05');
    expect(values('da-t-46', 'M42')).toEqual(['2']);
    expect(values('da-t-46', 'M43')).toEqual(['2', '1', '1']);
    expect(values('da-t-18', 'notes').join()).toContain('<补>');
    expect(values('da-t-18', 'notes').join()).not.toContain('13800138000');
    const missing = seen.filter((e) => e.name === 'missing').map((e) => `${e.attributes.standard} ${e.attributes.code}`);
    // The second material has neither title nor date, and no code before it is confirmed.
    expect(missing).toEqual(expect.arrayContaining(['da-t-18 title', 'da-t-18 date', 'da-t-18 archivalCode', 'da-t-46 M22', 'da-t-46 M8']));
  });

  it('tells every act by its entry, with who did it and when, and no look', async () => {
    const made = await makeDescription(a.archive, await a.desk(), dossierId);
    const acts = readXml(made.bytes).filter((e) => e.name === 'act');
    const count = (activity: string) => acts.filter((e) => e.attributes.activity === activity).length;
    expect({ registration: count('registration'), capture: count('capture'), arrangement: count('arrangement') }).toEqual({
      registration: 1,
      capture: 4,
      arrangement: 1,
    });
    for (const { attributes } of acts) {
      const entry = await a.archive.db
        .system('test')
        .one<{ kind: string; at_ms: number }>('select kind, at_ms from entry where id = $1', [attributes.entry]);
      expect(attributes).toMatchObject({ agent: a.owner.accountId, mandate: 'archive_work', time: new Date(entry!.at_ms).toISOString() });
      expect(entry!.kind).not.toMatch(/opened|viewed|listed/);
    }
    expect(readXml(made.bytes).filter((e) => e.name === 'agent')).toHaveLength(1);
    // The export is an act itself, of the next description.
    const again = readXml((await makeDescription(a.archive, await a.desk(), dossierId)).bytes).filter((e) => e.name === 'act');
    expect(again.map((e) => e.attributes.activity)).toEqual([...acts.map((e) => e.attributes.activity), 'copying']);
  });

  it('says the retention period of a material where the scheme says one, as the desk does, and none elsewhere', async () => {
    const periods = async (id: string) =>
      readXml((await makeDescription(a.archive, await a.desk(), id)).bytes)
        .filter((e) => e.name === 'element' && e.attributes.code === 'M12')
        .map((e) => e.text);
    const desk = await a.desk();
    expect(await periods(dossierId)).toEqual([]);
    expect((await openDossierDesk(a.archive, desk, dossierId)).materials.map((m) => m.retention)).toEqual([null, null]);
    const insured = await a.addDossier({ name: '工伤待遇某案', scheme: 'social-insurance' });
    await a.importPages(insured, ['1.png', '2.png']);
    const { version, pages } = await openDossierDesk(a.archive, desk, insured);
    const edits = [
      { classCode: '6', title: '认定工伤决定书', date: '2014-05-06' },
      { classCode: '8', title: '某某月度简况' },
    ];
    await operateDossier(a.archive, desk, insured, {
      baseVersion: version,
      operations: edits.map((edit, i) => ({ type: 'assemble', pageIds: [pages[i]!.id], edit })),
    });
    expect(await periods(insured)).toEqual(['D50']);
    expect((await openDossierDesk(a.archive, desk, insured)).materials.map((m) => m.retention)).toEqual([
      { code: 'D50', from: 'formed', until: '2064-12-31' },
      null,
    ]);
  });

  it('is for who reaches the dossier alone', async () => {
    const other = await a.addAccount({ role: 'archivist', unitId: await a.addUnit('ELSEWHERE') });
    await expect(makeDescription(a.archive, await a.desk(other), dossierId)).rejects.toMatchObject({ code: 'dossier/not-found' });
    const admin = await a.addAccount({ role: 'security_admin' });
    await expect(makeDescription(a.archive, await a.desk(admin), dossierId)).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });
});
