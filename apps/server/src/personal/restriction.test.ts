import { beforeAll, describe, expect, it } from 'vitest';
import { listDossiers, makeCatalogueSheet, openDossierDesk, operateDossier } from '../catalogue/index.ts';
import { type Actor, type Desk, openDesk } from '../desk/index.ts';
import { queueMissing } from '../ingest/queue-missing.ts';
import { readPage } from '../ingest/read-page.ts';
import { attendConsultation, explainAccess, tieSubject } from '../organisation/index.ts';
import { redeemView, viewPage } from '../pages/index.ts';
import { searchArchive } from '../search/index.ts';
import { nameToReaders } from '../testing/approved-consultation.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { decideRequest, liftRestriction, listOwnDossiers, listRestrictions, makeRequest } from './index.ts';

const fixture = useArchive();
const HOUR_MS = 60 * 60_000;
const deskOf = (actor: Actor, purpose: Desk['purpose'] = 'archive_work') => openDesk(fixture.archive, actor, purpose);

/** What each door says to an actor of one dossier: found or not. A door that the role may never pass says `refused`. */
async function doorsOf(actor: Actor, dossierId: string, pageId: string, name: string): Promise<Record<string, boolean | 'refused'>> {
  const { archive } = fixture;
  const desk = await deskOf(actor);
  const tried = async (work: () => Promise<boolean>): Promise<boolean | 'refused'> => {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'desk/not-allowed') return 'refused';
      if (code?.endsWith('/not-found')) return false;
      throw error;
    }
  };
  const done = (work: () => Promise<unknown>) =>
    tried(async () => {
      await work();
      return true;
    });
  return {
    list: await tried(async () => (await listDossiers(archive, desk, {})).items.some((d) => d.id === dossierId)),
    search: await tried(async () => (await searchArchive(desk, { query: name })).hits.some((h) => h.dossierId === dossierId)),
    count: await tried(async () => ((await searchArchive(desk, { query: name, counts: 'only' })).count?.value ?? 0) > 0),
    byName: await tried(async () => (await listDossiers(archive, desk, { name })).items.some((d) => d.id === dossierId)),
    read: await done(() => openDossierDesk(archive, desk, dossierId)),
    look: await done(() => viewPage(archive, desk, pageId, null)),
    sheet: await tried(async () => {
      // The thread that writes the sheet is not what is asked here: whether the door lets the question through is.
      await makeCatalogueSheet(archive, desk, dossierId, 'xlsx', 'zh').catch((error) => {
        if (!String((error as Error).message).startsWith('sheet/')) throw error;
      });
      return true;
    }),
    // A version that never was: whoever gets so far as to hear that it changed is through the door.
    change: await tried(() =>
      operateDossier(archive, desk, dossierId, { baseVersion: 999, operation: { kind: 'dissolve', materialId: dossierId } } as never).then(
        () => true,
        (error: { code?: string }) => {
          if (error.code === 'dossier/changed') return true;
          throw error;
        },
      ),
    ),
    jobs: await tried(async () => (await queueMissing(archive, desk, { dossierId, olderVersions: false })) > 0),
  };
}

describe('a restriction', () => {
  let archivist: Actor;
  let clerk: Actor;
  let person: Actor;
  let reader: Actor;
  let dossierId: string;
  let pageId: string;
  const name = '卫长庚';
  const everybody = () => [archivist, clerk, reader, person] as const;
  const clearJobs = () => fixture.archive.db.system('test').query(`delete from pgboss.job where name = 'read'`);

  beforeAll(async () => {
    const { archive } = fixture;
    const unitId = await fixture.addUnit('U1');
    const security = await fixture.addAccount({ role: 'security_admin' });
    archivist = await fixture.addAccount({ role: 'archivist' });
    clerk = await fixture.addAccount({ role: 'unit_clerk', unitId });
    person = await fixture.addAccount({ role: 'person' });
    reader = await fixture.addAccount({ role: 'reader' });
    dossierId = await fixture.addDossier({ unitId, name, scheme: 'employee-lifecycle' });
    await fixture.importPages(dossierId, ['1.png']);
    pageId = (await archive.db.system('test').one<{ id: string }>('select id from page where dossier_id = $1', [dossierId]))!.id;
    await tieSubject(fixture.archive, await deskOf(security), person.accountId, dossierId, true);
    const nowMs = archive.clock.nowMs();
    const approver = await fixture.addAccount({ role: 'archivist' });
    const both = { asker: await deskOf(archivist), approver: await deskOf(approver) };
    const consultationId = await nameToReaders(both, {
      target: { kind: 'dossier', id: dossierId },
      readers: [{ accountId: reader.accountId, partyMember: true }],
      rights: ['view'],
      purposes: ['archive_work'],
      audiences: [],
      fromMs: nowMs - HOUR_MS,
      untilMs: nowMs + HOUR_MS,
    });
    await attendConsultation(archive, await deskOf(reader), consultationId);
  });

  it('closes every door to everybody from the next request on but the archivist’s list, and lifting it opens each again', async () => {
    const { archive } = fixture;
    const open = new Map<Actor, Record<string, boolean | 'refused'>>();
    for (const actor of everybody()) {
      await clearJobs();
      open.set(actor, await doorsOf(actor, dossierId, pageId, name));
    }
    expect(open.get(archivist)).toEqual({
      list: true,
      search: true,
      count: true,
      byName: true,
      read: true,
      look: true,
      sheet: true,
      change: true,
      jobs: true,
    });
    expect(open.get(clerk)).toMatchObject({ list: true, search: true, read: true, look: true, change: 'refused' });
    expect(open.get(reader)).toMatchObject({ list: true, search: true, read: true, look: true });
    expect(open.get(person)).toMatchObject({ list: true, search: true, read: true, look: true });
    const view = await viewPage(archive, await deskOf(clerk), pageId, null);

    const requestId = await makeRequest(fixture.archive, await deskOf(person), {
      dossierId,
      kind: 'restrict',
      text: '对内容有争议，核实前请勿使用',
    });
    await decideRequest(await deskOf(archivist), requestId, { decision: 'granted', reason: '核实期间限制处理' });

    for (const actor of everybody()) {
      await clearJobs();
      const before = open.get(actor)!;
      const after = await doorsOf(actor, dossierId, pageId, name);
      const expected = Object.fromEntries(Object.entries(before).map(([door, was]) => [door, was === 'refused' ? 'refused' : false]));
      expect({ role: actor.role, ...after }).toEqual({ role: actor.role, ...expected, ...(actor === archivist ? { list: true } : {}) });
    }
    await expect(redeemView(archive, view.token, clerk, null)).rejects.toThrow('view/not-found');
    expect((await listDossiers(archive, await deskOf(archivist), {})).items.find((d) => d.id === dossierId)?.restricted).toBe(true);
    expect((await listOwnDossiers(archive, await deskOf(person))).map((d) => d.isRestricted)).toEqual([true]);
    const why = await explainAccess(archive, await deskOf(archivist), { action: 'page.view', dossierId, purpose: 'archive_work' });
    expect(why.lines.filter((l) => l.applies).map((l) => l.lineId)).toEqual(['archivist-keeps', 'restricted-not-looked-at']);

    // A named purpose looks, and says so in its entry; it does not search.
    await viewPage(archive, await deskOf(archivist, 'audit'), pageId, null);
    expect((await searchArchive(await deskOf(archivist, 'audit'), { query: name })).hits).toEqual([]);

    await expect(liftRestriction(archive, await deskOf(clerk), requestId)).rejects.toThrow('desk/not-allowed');
    const [restriction] = await listRestrictions(await deskOf(archivist));
    expect(restriction).toMatchObject({ dossierId, requestId, liftedAtMs: null });
    await clearJobs();
    await liftRestriction(archive, await deskOf(archivist), restriction!.id);
    expect(await archive.queue.count(archive.db, 'read')).toMatchObject({ queued: 1 });
    for (const actor of everybody()) {
      await clearJobs();
      expect({ role: actor.role, ...(await doorsOf(actor, dossierId, pageId, name)) }).toEqual({ role: actor.role, ...open.get(actor)! });
    }
    await expect(liftRestriction(archive, await deskOf(archivist), restriction!.id)).rejects.toThrow('restriction/not-found');
  });

  it('keeps a job from reading what is restricted, and holds also for another subject with the same number', async () => {
    const { archive } = fixture;
    const number = new Uint8Array(32).fill(7);
    const twin = await fixture.addDossier({ name: '卫启明', scheme: 'employee-lifecycle' });
    await archive.db
      .system('test')
      .query('update subject set id_number_token = $2 where id in (select subject_id from dossier where id = any($1::uuid[]))', [
        [dossierId, twin],
        number,
      ]);
    const readers = { run: () => Promise.reject(new Error('a restricted page is never handed to a reader')), close: async () => undefined };
    const requestId = await makeRequest(fixture.archive, await deskOf(archivist), {
      dossierId: twin,
      kind: 'restrict',
      text: '来窗口申请',
    });
    const touched = () => readPage({ ...archive, readers: readers as never }, pageId, { isLastTry: true });
    await expect(touched()).resolves.toBeUndefined();
    expect((await archive.db.system('test').one<{ s: string }>('select read_state as s from page where id = $1', [pageId]))?.s).toBe(
      'needs_person',
    );
    await archive.db.system('test').query(`update page set read_state = 'waiting' where id = $1`, [pageId]);
    await decideRequest(await deskOf(archivist), requestId, { decision: 'granted', reason: '同意' });
    await touched();
    expect((await archive.db.system('test').one<{ s: string }>('select read_state as s from page where id = $1', [pageId]))?.s).toBe(
      'waiting',
    );
    expect((await searchArchive(await deskOf(archivist), { query: name })).hits).toEqual([]);
  });
});
