import { PDFiumLibrary } from '@hyzyla/pdfium';
import { beforeAll, describe, expect, it } from 'vitest';
import { listDossiers } from '../catalogue/index.ts';
import { type Actor, type Desk, openDesk } from '../desk/index.ts';
import { nameToReaders, REQUEST } from '../testing/approved-consultation.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import {
  approveConsultation,
  askConsultation,
  attendConsultation,
  type Consultation,
  declareKinship,
  endConsultation,
  expireConsultations,
  listConsultations,
  type NewConsultation,
  printConsultationForm,
  readConsultationRequest,
  refuseConsultation,
  withdrawConsultation,
} from './index.ts';

const fixture = useArchive();
const HOUR_MS = 60 * 60_000;
const OPINION = { opinion: '同意，限阅任免材料', leader: null };

const deskOf = (actor: Actor, purpose: Desk['purpose'] = 'archive_work') => openDesk(fixture.archive, actor, purpose);
const system = () => fixture.archive.db.system('test');

let archivist: Actor;
let approver: Actor;
let clerk: Actor;
let security: Actor;
let [first, second]: Actor[] = [];
let dossierId = '';
let unitId = '';
beforeAll(async () => {
  unitId = await fixture.addUnit('U1');
  archivist = await fixture.addAccount({ role: 'archivist' });
  approver = await fixture.addAccount({ role: 'archivist' });
  security = await fixture.addAccount({ role: 'security_admin' });
  clerk = await fixture.addAccount({ role: 'unit_clerk', unitId });
  [first, second] = [await fixture.addAccount({ role: 'reader' }), await fixture.addAccount({ role: 'reader' })];
  dossierId = await fixture.addDossier({ unitId, name: '周季秋' });
});

const wanted = (over: Partial<NewConsultation> = {}): NewConsultation => {
  const nowMs = fixture.archive.clock.nowMs();
  return {
    target: { kind: 'dossier', id: dossierId },
    readers: [first!, second!].map((r) => ({ accountId: r.accountId, partyMember: true })),
    rights: ['view'],
    purposes: ['archive_work'],
    audiences: [],
    fromMs: nowMs - 1000,
    untilMs: nowMs + HOUR_MS,
    request: REQUEST,
    ...over,
  };
};
const ask = async (by: Actor, over: Partial<NewConsultation> = {}) => askConsultation(await deskOf(by), wanted(over));
const approve = async (by: Actor, id: string) => approveConsultation(await deskOf(by), id, OPINION);
const lineOf = async (by: Actor, id: string): Promise<Consultation | undefined> =>
  (await listConsultations(fixture.archive, await deskOf(by))).find((c) => c.id === id);
const isOpen = async (by: Actor) => (await listDossiers(fixture.archive, await deskOf(by), {})).items.some((d) => d.id === dossierId);
const kindsOf = async (id: string) =>
  (
    await fixture.database.ownerDb.query<{ kind: string }>(
      `select kind from entry where position(convert_to($1, 'UTF8') in bytes) > 0 order by id`,
      [id],
    )
  ).map((row) => row.kind);

describe('asking for a consultation', () => {
  it('is for a clerk of the unit and for the archivist at the counter, within the own reach, for readers; it opens nothing', async () => {
    const id = await ask(clerk);
    await attendConsultation(fixture.archive, await deskOf(first!), id).then(
      () => expect.fail('nobody comes to what is not approved'),
      (error: Error) => expect(error.message).toContain('consultation/undecided'),
    );
    expect(await isOpen(first!)).toBe(false);
    // Who is named reads of it when it is approved, not before.
    expect(await lineOf(first!, id)).toBeUndefined();
    expect(await lineOf(clerk, id)).toMatchObject({ state: 'requested', isOwn: true, mayDecide: false, mayRead: true });
    expect(await lineOf(approver, id)).toMatchObject({ state: 'requested', isOwn: false, mayDecide: true, mayRead: true });
    expect(await lineOf(security, id)).toMatchObject({ mayDecide: false, mayRead: false });
    await withdrawConsultation(await deskOf(clerk), id);
    for (const role of ['reader', 'person', 'system_admin', 'security_admin', 'audit_admin'] as const)
      await expect(ask(await fixture.addAccount({ role }))).rejects.toThrow('desk/not-allowed');
  });
  it('is refused beyond the reach, for who is no reader, for too long or for what is past, and for a relative', async () => {
    const elsewhere = await fixture.addAccount({ role: 'unit_clerk', unitId: await fixture.addUnit('U2') });
    await expect(ask(elsewhere)).rejects.toThrow('dossier/not-found');
    await expect(ask(elsewhere, { target: { kind: 'unit', id: unitId } })).rejects.toThrow('unit/not-found');
    await expect(ask(archivist, { readers: [{ accountId: clerk.accountId, partyMember: true }] })).rejects.toThrow(
      'consultation/not-a-reader',
    );
    await expect(ask(archivist, { readers: [] })).rejects.toThrow('consultation/readers');
    const nowMs = fixture.archive.clock.nowMs();
    await expect(ask(archivist, { untilMs: nowMs + 93 * 24 * HOUR_MS })).rejects.toThrow('consultation/time');
    await expect(ask(archivist, { fromMs: nowMs - HOUR_MS, untilMs: nowMs })).rejects.toThrow('consultation/time');
    await expect(ask(archivist, { audiences: ['discipline'] })).rejects.toThrow('consultation/audience');
    const related = await fixture.addAccount({ role: 'archivist' });
    await declareKinship(fixture.archive, await deskOf(related), { dossierId, relation: 'child' });
    await expect(ask(related)).rejects.toThrow('dossier/not-found');
    const waiting = await ask(archivist);
    await expect(approve(related, waiting)).rejects.toThrow('dossier/not-found');
    expect((await lineOf(related, waiting))?.mayDecide).toBe(false);
  });
  it('seals its words, and tells them to who asked and who may approve, each reading an entry', async () => {
    const id = await ask(clerk);
    const row = await system().one<{ request: Uint8Array }>('select request from consultation where id = $1', [id]);
    expect(Buffer.from(row!.request).includes(Buffer.from('云岭县'))).toBe(false);
    for (const by of [clerk, approver]) {
      const words = await readConsultationRequest(fixture.archive, await deskOf(by), id);
      expect(words).toEqual({ request: REQUEST, decision: null });
    }
    const elsewhere = await fixture.addAccount({ role: 'unit_clerk', unitId: await fixture.addUnit('U3') });
    await expect(deskOf(elsewhere).then((desk) => readConsultationRequest(fixture.archive, desk, id))).rejects.toThrow(
      'consultation/not-found',
    );
    await expect(deskOf(first!).then((desk) => readConsultationRequest(fixture.archive, desk, id))).rejects.toThrow('desk/not-allowed');
    expect((await kindsOf(id)).filter((kind) => kind === 'consultation.request-read')).toHaveLength(2);
  });
});

describe('deciding upon it', () => {
  it('is for another person than the one who asked and than the readers, under whichever account', async () => {
    const reading = await fixture.addAccount({ role: 'reader' });
    const also = await fixture.addAccount({ role: 'archivist' });
    const id = await ask(archivist, { readers: [first!, reading].map((r) => ({ accountId: r.accountId, partyMember: true })) });
    await expect(approve(archivist, id)).rejects.toThrow('consultation/own');
    await expect(refuseConsultation(await deskOf(archivist), id, { reason: '撤' })).rejects.toThrow('consultation/own');
    for (const other of [archivist, reading]) {
      await system().query(`update account set holder_token = decode(repeat('07', 32), 'hex') where id = any($1::uuid[])`, [
        [also.accountId, other.accountId],
      ]);
      await expect(approve(also, id)).rejects.toThrow('consultation/own');
      expect((await lineOf(also, id))?.mayDecide).toBe(false);
      await system().query('update account set holder_token = null where id = any($1::uuid[])', [[also.accountId, other.accountId]]);
    }
    expect((await lineOf(also, id))?.mayDecide).toBe(true);
    await expect(approve(clerk, id)).rejects.toThrow('desk/not-allowed');
    await expect(approve(security, id)).rejects.toThrow('desk/not-allowed');
    await approve(also, id);
    await expect(approve(approver, id)).rejects.toThrow('consultation/decided');
    await expect(withdrawConsultation(await deskOf(archivist), id)).rejects.toThrow('consultation/decided');
  });
  it('opens what was approved to two readers who came, for as long as was asked, and each step is an entry', async () => {
    const id = await ask(clerk);
    const asked = (await lineOf(clerk, id))!;
    await approve(approver, id);
    const approved = (await lineOf(clerk, id))!;
    expect(approved).toMatchObject({ state: 'approved', decidedBy: approver.accountId });
    expect(approved.fromMs).toBeGreaterThan(asked.fromMs);
    expect(approved.untilMs - approved.fromMs).toBe(asked.untilMs - asked.fromMs);
    await attendConsultation(fixture.archive, await deskOf(first!), id);
    expect([(await lineOf(first!, id))?.state, await isOpen(first!)]).toEqual(['approved', false]);
    await attendConsultation(fixture.archive, await deskOf(second!), id);
    expect([(await lineOf(first!, id))?.state, await isOpen(first!)]).toEqual(['open', true]);
    expect((await readConsultationRequest(fixture.archive, await deskOf(clerk), id)).decision).toEqual({
      words: OPINION.opinion,
      leader: null,
    });
    await endConsultation(await deskOf(security), id);
    expect([(await lineOf(first!, id))?.state, await isOpen(first!)]).toEqual(['ended', false]);
    expect((await kindsOf(id)).filter((kind) => kind !== 'consultation.request-read')).toEqual([
      'consultation.requested',
      'consultation.approved',
      'consultation.attended',
      'consultation.attended',
      'consultation.opened',
      'consultation.ended',
    ]);
  });
  it('refuses with the reason, told to who asked; what is refused or withdrawn opens nothing and is not approved any more', async () => {
    const id = await ask(clerk);
    await refuseConsultation(await deskOf(approver), id, { reason: '查阅人不足两名中共党员' });
    expect(await lineOf(clerk, id)).toMatchObject({ state: 'refused', decidedByName: expect.stringMatching(/./) });
    const words = await readConsultationRequest(fixture.archive, await deskOf(clerk), id);
    expect(words.decision?.words).toBe('查阅人不足两名中共党员');
    await expect(approve(approver, id)).rejects.toThrow('consultation/decided');
    await expect(deskOf(first!).then((desk) => attendConsultation(fixture.archive, desk, id))).rejects.toThrow('consultation/over');
    await expect(endConsultation(await deskOf(security), id)).rejects.toThrow('consultation/not-found');
    const own = await ask(clerk);
    await expect(withdrawConsultation(await deskOf(archivist), own)).rejects.toThrow('consultation/not-found');
    await withdrawConsultation(await deskOf(clerk), own);
    expect((await lineOf(clerk, own))?.state).toBe('withdrawn');
    await expect(approve(approver, own)).rejects.toThrow('consultation/decided');
  });
  it('comes too late when the time asked for is over, which is written down once', async () => {
    const id = await ask(clerk);
    const approved = await nameToReaders({ asker: await deskOf(clerk), approver: await deskOf(approver) }, wanted());
    await system().query('update consultation set until_ms = $2::bigint, from_ms = $2::bigint - 1 where id = any($1::uuid[])', [
      [id, approved],
      fixture.archive.clock.nowMs(),
    ]);
    expect((await lineOf(clerk, id))?.state).toBe('expired');
    await expect(approve(approver, id)).rejects.toThrow('consultation/over');
    await expect(deskOf(first!).then((desk) => attendConsultation(fixture.archive, desk, approved))).rejects.toThrow('consultation/over');
    expect(await expireConsultations(fixture.archive)).toBe(2);
    expect(await expireConsultations(fixture.archive)).toBe(0);
    expect((await kindsOf(id)).at(-1)).toBe('consultation.expired');
    expect((await lineOf(clerk, approved))?.state).toBe('expired');
  });
});

describe('the form', () => {
  it('prints what was asked and decided, for who asked and who approves, and for nobody else', async () => {
    const id = await nameToReaders({ asker: await deskOf(clerk), approver: await deskOf(approver) }, wanted());
    const { bytes } = await printConsultationForm(fixture.archive, await deskOf(clerk), id, 'zh');
    const library = await PDFiumLibrary.init();
    const document = await library.loadDocument(bytes);
    const text = [...document.pages()].map((page) => page.getText()).join('');
    document.destroy();
    library.destroy();
    for (const part of ['查（借）阅档案审批表', REQUEST.unitName, REQUEST.reason, REQUEST.leader.name, '温明远', '周季秋', '已批准'])
      expect(text).toContain(part);
    expect((await kindsOf(id)).at(-1)).toBe('consultation.form-printed');
    const elsewhere = await fixture.addAccount({ role: 'unit_clerk', unitId: await fixture.addUnit('U4') });
    await expect(deskOf(elsewhere).then((desk) => printConsultationForm(fixture.archive, desk, id, 'zh'))).rejects.toThrow(
      'consultation/not-found',
    );
  });
});
