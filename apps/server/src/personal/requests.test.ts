import { endOfWorkingDay, type HolidayCalendar } from '@lantai/catalogue';
import { beforeAll, describe, expect, it } from 'vitest';
import { adoptStandard, editDossiers, listDossiers, onlyStandardInForce, readStandardText } from '../catalogue/index.ts';
import { type Actor, type Desk, openDesk } from '../desk/index.ts';
import { tieSubject } from '../organisation/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import {
  decideRequest,
  extendRequest,
  fulfilRequest,
  listOwnDossiers,
  listRequests,
  makeRequest,
  readAnswer,
  setLimit,
  withdrawRequest,
} from './index.ts';

const fixture = useArchive();
const DAY_MS = 24 * 60 * 60_000;
const deskOf = (actor: Actor, purpose: Desk['purpose'] = 'archive_work') => openDesk(fixture.archive, actor, purpose);

let security: Actor;
let archivist: Actor;
let unitId: string;
beforeAll(async () => {
  security = await fixture.addAccount({ role: 'security_admin' });
  archivist = await fixture.addAccount({ role: 'archivist' });
  unitId = await fixture.addUnit('U1');
});

/** A person with an account tied to a dossier of this scheme. */
async function addPerson(
  scheme: 'cadre-2018' | 'employee-lifecycle',
  name: string,
  unit = unitId,
): Promise<{ actor: Actor; dossierId: string }> {
  const actor = await fixture.addAccount({ role: 'person' });
  const dossierId = await fixture.addDossier({ unitId: unit, name, scheme });
  await tieSubject(fixture.archive, await deskOf(security), actor.accountId, dossierId, true);
  return { actor, dossierId };
}
const archivistOf = (unit: string) => fixture.addAccount({ role: 'archivist', unitId: unit });
const requestOf = async (actor: Actor, id: string) => (await listRequests(fixture.archive, await deskOf(actor), { requestId: id }))[0];

describe('a request', () => {
  it('is made from the own account of the own dossier alone, and seen by the person and the archivist alone', async () => {
    const { actor, dossierId } = await addPerson('employee-lifecycle', '周正言');
    const other = await addPerson('employee-lifecycle', '吴静安');
    const id = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'see', text: '请提供本人员工档案目录' });
    const seen = await requestOf(actor, id);
    expect(seen).toMatchObject({ kind: 'see', state: 'received', way: 'account', isOwn: true, mayAnswer: false, isOverdue: false });
    expect(seen?.steps.map((s) => [s.kind, s.text])).toEqual([['received', '请提供本人员工档案目录']]);
    expect(await requestOf(archivist, id)).toMatchObject({ isOwn: false, mayAnswer: true });

    expect(await requestOf(other.actor, id)).toBeUndefined();
    const strangers = makeRequest(fixture.archive, await deskOf(other.actor), { dossierId, kind: 'see', text: '…' });
    await expect(strangers).rejects.toThrow('dossier/not-found');
    const clerk = await fixture.addAccount({ role: 'unit_clerk', unitId });
    expect(await requestOf(clerk, id)).toBeUndefined();
    await expect(makeRequest(fixture.archive, await deskOf(clerk), { dossierId, kind: 'copy', text: '…' })).rejects.toThrow(
      'desk/not-allowed',
    );
    const again = makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'see', text: '…' });
    await expect(again).rejects.toThrow('subject-request/open');
  });

  it('goes with its dossier to another unit: the archivist there answers it, the one of before sees nothing of it', async () => {
    const [here, there] = [await fixture.addUnit('U-HERE'), await fixture.addUnit('U-THERE')];
    const [before, after] = [await archivistOf(here), await archivistOf(there)];
    const { actor, dossierId } = await addPerson('employee-lifecycle', '褚迁', here);
    const id = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'see', text: '请提供目录' });
    expect([await requestOf(before, id), await requestOf(after, id)]).toEqual([expect.objectContaining({ id }), undefined]);
    await editDossiers(fixture.archive, await deskOf(archivist), [dossierId], { unitId: there });
    expect([await requestOf(before, id), await requestOf(after, id)]).toEqual([undefined, expect.objectContaining({ id })]);
    const decision = { decision: 'granted', reason: '依法' } as const;
    await expect(decideRequest(await deskOf(before), id, decision)).rejects.toThrow('subject-request/not-found');
    await decideRequest(await deskOf(after), id, decision);
    expect(await requestOf(actor, id)).toMatchObject({ state: 'granted', isOwn: true });
  });

  it('is decided by an archivist with a reason, never by the person or a relative, and once', async () => {
    const { actor, dossierId } = await addPerson('employee-lifecycle', '郑思齐');
    const id = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'explain', text: '为何收集体检表' });
    const decision = { decision: 'granted', reason: '依规章制度收集' } as const;
    await expect(decideRequest(await deskOf(actor), id, decision)).rejects.toThrow('desk/not-allowed');
    const own = await fixture.addAccount({ role: 'archivist' });
    await tieSubject(fixture.archive, await deskOf(security), own.accountId, dossierId, true);
    await expect(decideRequest(await deskOf(own), id, decision)).rejects.toThrow('subject-request/not-found');
    await expect(fulfilRequest(await deskOf(archivist), id, '已说明')).rejects.toThrow('subject-request/state');
    await decideRequest(await deskOf(archivist), id, decision);
    await expect(decideRequest(await deskOf(archivist), id, decision)).rejects.toThrow('subject-request/state');
    await fulfilRequest(await deskOf(archivist), id, '已书面说明');
    const done = await requestOf(actor, id);
    expect(done?.state).toBe('done');
    expect(done?.steps.map((s) => [s.kind, s.text])).toEqual([
      ['received', '为何收集体检表'],
      ['granted', '依规章制度收集'],
      ['fulfilled', '已书面说明'],
    ]);
    const kinds = await fixture.archive.db
      .system('test')
      .query<{ kind: string; bytes: Uint8Array }>('select kind, bytes from entry where dossier_id = $1 order by id', [dossierId]);
    expect(kinds.map((k) => k.kind).filter((k) => k.startsWith('subject-request.'))).toEqual([
      'subject-request.received',
      'subject-request.granted',
      'subject-request.fulfilled',
    ]);
    expect(kinds.map((k) => new TextDecoder().decode(k.bytes)).join('')).not.toMatch(/体检|说明|郑/);
  });

  it('of a correction needs evidence, and changes nothing of the dossier: its result is recorded', async () => {
    const { actor, dossierId } = await addPerson('employee-lifecycle', '冯远');
    const versionOf = async () =>
      (await fixture.archive.db.system('test').one<{ version: number }>('select version from dossier where id = $1', [dossierId]))?.version;
    const before = await versionOf();
    const bare = makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'correct', text: '出生日期有误' });
    await expect(bare).rejects.toThrow('subject-request/evidence-needed');
    const id = await makeRequest(fixture.archive, await deskOf(actor), {
      dossierId,
      kind: 'correct',
      text: '出生日期有误',
      evidence: '户口簿复印件 2 页',
    });
    await decideRequest(await deskOf(archivist), id, { decision: 'granted', reason: '户口簿与原始登记表一致' });
    expect((await requestOf(archivist, id))?.state).toBe('granted');
    expect(await versionOf()).toBe(before);
    await fulfilRequest(await deskOf(archivist), id, '已补充更正说明材料一份');
    expect(await versionOf()).toBe(before);
  });

  it('to see gives the catalogue of an employment file, and of a personnel dossier its custody and what is missing alone', async () => {
    for (const [scheme, readable] of [
      ['employee-lifecycle', true],
      ['cadre-2018', false],
    ] as const) {
      const { actor, dossierId } = await addPerson(scheme, readable ? '陈有据' : '褚在册');
      const id = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'see', text: '查阅' });
      await expect(readAnswer(fixture.archive, await deskOf(actor), id)).rejects.toThrow('subject-request/state');
      await decideRequest(await deskOf(archivist), id, { decision: 'granted', reason: '同意' });
      const answer = await readAnswer(fixture.archive, await deskOf(actor), id);
      expect({ isReadable: answer.isReadable, hasMaterials: answer.materials !== null }).toEqual({
        isReadable: readable,
        hasMaterials: readable,
      });
      expect(answer.missing.length).toBeGreaterThan(0);
      expect((await listOwnDossiers(fixture.archive, await deskOf(actor))).map((d) => d.dossierId)).toEqual([dossierId]);
      const listed = (await listDossiers(fixture.archive, await deskOf(actor), {})).items.map((d) => d.id);
      expect(listed).toEqual(readable ? [dossierId] : []);
      const stranger = await fixture.addAccount({ role: 'person' });
      await expect(readAnswer(fixture.archive, await deskOf(stranger), id)).rejects.toThrow('subject-request/not-found');
      expect(await listOwnDossiers(fixture.archive, await deskOf(stranger))).toEqual([]);
    }
  });

  it('is put off once with a reason, counted overdue behind its day, refused with its ground, and taken back by the person alone', async () => {
    const { actor, dossierId } = await addPerson('cadre-2018', '蒋若水');
    await setLimit(await deskOf(security), 'answerWorkingDays', 3);
    await expect(setLimit(await deskOf(security), 'answerWorkingDays', 0)).rejects.toThrow('limit/out-of-range');
    await expect(setLimit(await deskOf(archivist), 'answerWorkingDays', 5)).rejects.toThrow('desk/not-allowed');
    const id = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'copy', text: '复制全卷' });
    const { dueAtMs } = (await requestOf(actor, id))!;
    const calendar = await onlyStandardInForce(fixture.archive.db, fixture.archive, 'calendar');
    const end = (fromMs: number, days: number) => endOfWorkingDay(fromMs, days, 480, calendar).endMs;
    expect(dueAtMs).toBe(end(fixture.archive.clock.nowMs(), 3));
    const later = await extendRequest(fixture.archive, await deskOf(archivist), id, '需向原单位核实');
    expect(later.dueAtMs).toBe(end(dueAtMs - 1, 15));
    await expect(extendRequest(fixture.archive, await deskOf(archivist), id, '再延')).rejects.toThrow('subject-request/extended');
    await fixture.archive.db.system('test').query('update subject_request set due_at_ms = 1 where id = $1', [id]);
    expect((await requestOf(archivist, id))?.isOverdue).toBe(true);
    await decideRequest(await deskOf(archivist), id, { decision: 'refused', ground: 'secrecy', reason: '任何人不得查阅本人档案' });
    expect(await requestOf(actor, id)).toMatchObject({ state: 'refused', ground: 'secrecy', isOverdue: false });

    const second = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'copy', text: '复制目录' });
    await expect(withdrawRequest(fixture.archive, await deskOf(archivist), second)).rejects.toThrow('subject-request/not-found');
    await withdrawRequest(fixture.archive, await deskOf(actor), second);
    expect((await requestOf(actor, second))?.state).toBe('withdrawn');
    const atDesk = await makeRequest(fixture.archive, await deskOf(archivist), { dossierId, kind: 'copy', text: '来窗口申请' });
    expect(await requestOf(archivist, atDesk)).toMatchObject({ way: 'desk' });
  });
});

describe('the day of an answer', () => {
  it('goes by the calendar that the archive adopted, and says of which years no calendar was known', async () => {
    const { archive } = fixture;
    const { actor, dossierId } = await addPerson('cadre-2018', '蒋若川');
    const today = new Date(archive.clock.nowMs() + 480 * 60_000).toISOString().slice(0, 10);
    const year = Number(today.slice(0, 4));
    const asked = async (kind: 'see' | 'copy' | 'explain') =>
      (await requestOf(actor, await makeRequest(archive, await deskOf(actor), { dossierId, kind, text: '…' })))!;
    const adopt = async (version: number, years: string) => {
      const text = await readStandardText(archive.db, archive, { kind: 'calendar', id: 'cn-holidays', version: 1 });
      const own = `${text.replace(/^version: 1$/m, `version: ${version}`).replace(new RegExp(`  - year: ${year}\\n(    .*\\n)+`), '')}${years}`;
      await adoptStandard(archive, await deskOf(await fixture.addAccount({ role: 'archivist' })), {
        kind: 'calendar',
        text: own,
        effectiveOn: today,
      });
    };
    await setLimit(await deskOf(security), 'answerWorkingDays', 1);
    // The next ten days are free, whatever the weekday.
    const days = Array.from({ length: 10 }, (_, i) =>
      new Date(Date.parse(`${today}T00:00:00Z`) + (i + 1) * DAY_MS).toISOString().slice(0, 10),
    );
    const lineOf = (of: number) =>
      `  - { year: ${of}, source: 试验, off: [${days.filter((d) => d.startsWith(`${of}-`)).join(', ')}], work: [] }\n`;
    const touched = [...new Set([year, Number(days.at(-1)!.slice(0, 4))])];
    await adopt(2, touched.map(lineOf).join(''));
    const behind = await asked('see');
    expect(behind.dueAtMs).toBeGreaterThan(Date.parse(`${days.at(-1)}T00:00:00Z`));
    expect(behind.yearsWithoutCalendar).toEqual([]);
    // A limit that reaches into years nobody has announced yet is reckoned by weekends there, and says so.
    await setLimit(await deskOf(security), 'answerWorkingDays', 60);
    const far = await extendRequest(archive, await deskOf(archivist), behind.id, '待核实').then(() => requestOf(actor, behind.id));
    const { years } = (await onlyStandardInForce(archive.db, archive, 'calendar')) as HolidayCalendar;
    const due = new Date(far!.dueAtMs - 1 + 480 * 60_000).getUTCFullYear();
    const reached = Array.from({ length: due - year + 1 }, (_, i) => year + i);
    expect(far?.yearsWithoutCalendar).toEqual(reached.filter((y) => !years.some((known) => known.year === y)));
    // What runs keeps its date.
    expect((await requestOf(actor, behind.id))?.dueAtMs).toBe(far?.dueAtMs);
  });
});
