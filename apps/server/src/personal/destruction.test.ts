import { verifyReceipt } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../archive/index.ts';
import { type Actor, type Desk, openDesk } from '../desk/index.ts';
import { checkArchive } from '../keeping/index.ts';
import { tieSubject } from '../organisation/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import type { DeletionTerms } from './deletion-terms.ts';
import {
  approveDestruction,
  decideRequest,
  finishDestructions,
  keepNotice,
  keepPurpose,
  listConsents,
  listPurposes,
  listRequests,
  makeRequest,
  recordConsent,
  runDestruction,
  withdrawConsent,
} from './index.ts';

const fixture = useArchive({ sequenced: true });
const deskOf = (actor: Actor, purpose: Desk['purpose'] = 'archive_work') => openDesk(fixture.archive, actor, purpose);
/** Long ended: two years and more have passed. */
const ENDED = { ground: 'retention_over', endedOn: '2020-03-31' } as const;

let security: Actor;
let first: Actor;
let second: Actor;
let unitId: string;
beforeAll(async () => {
  security = await fixture.addAccount({ role: 'security_admin' });
  first = await fixture.addAccount({ role: 'archivist' });
  second = await fixture.addAccount({ role: 'archivist' });
  unitId = await fixture.addUnit('U1');
});

async function addPerson(name: string, scheme = 'employee-lifecycle'): Promise<{ actor: Actor; dossierId: string }> {
  const actor = await fixture.addAccount({ role: 'person' });
  const dossierId = await fixture.addDossier({ unitId, name, scheme });
  await fixture.importPages(dossierId, ['1.png', '2.png']);
  await tieSubject(fixture.archive, await deskOf(security), actor.accountId, dossierId, true);
  return { actor, dossierId };
}

/** A deletion, asked by the person and granted by the first archivist. */
async function granted(actor: Actor, dossierId: string): Promise<string> {
  const id = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'delete', text: '已离职多年，请删除' });
  await decideRequest(await deskOf(first), id, { decision: 'granted', reason: '保管期限届满', deletion: ENDED });
  return id;
}
const codes = async () => (await checkArchive(fixture.archive)).findings.map((f) => `${f.kind} ${f.code}`);

describe('a deletion', () => {
  it('is refused where the law keeps the dossier, before its time, and without terms', async () => {
    const cadre = await addPerson('沈守正', 'cadre-2018');
    const kept = await makeRequest(fixture.archive, await deskOf(cadre.actor), {
      dossierId: cadre.dossierId,
      kind: 'delete',
      text: '请删除',
    });
    await expect(decideRequest(await deskOf(first), kept, { decision: 'granted', reason: '…', deletion: ENDED })).rejects.toMatchObject({
      code: 'destruction/kept-by-law',
      detail: { category: 'cadre' },
    });
    await decideRequest(await deskOf(first), kept, { decision: 'refused', ground: 'kept_by_law', reason: '人事档案依法长期保管' });

    const { actor, dossierId } = await addPerson('韩未满');
    const id = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'delete', text: '请删除' });
    const lastYear = new Date(fixture.archive.clock.nowMs() - 365 * 24 * 3600_000).toISOString().slice(0, 10);
    const grant = async (deletion?: DeletionTerms) =>
      decideRequest(await deskOf(first), id, { decision: 'granted', reason: '…', deletion });
    await expect(grant()).rejects.toThrow('destruction/terms-needed');
    await expect(grant({ ground: 'retention_over' })).rejects.toThrow('destruction/terms-needed');
    await expect(grant({ ground: 'retention_over', endedOn: lastYear })).rejects.toThrow('destruction/retention');
    await expect(grant({ ground: 'consent_withdrawn' })).rejects.toThrow('destruction/consent-in-force');
    expect((await listRequests(fixture.archive, await deskOf(first), { requestId: id }))[0]?.state).toBe('received');
  });

  it('rests on consent once it was withdrawn', async () => {
    const keeper = await deskOf(security);
    const proposed = (await listPurposes(fixture.archive.db)).find((p) => p.code === 'voluntary-material')!;
    const { version, madeAtMs: _, ...body } = proposed;
    await keepPurpose(keeper, { ...body, after: version });
    await expect(keepPurpose(keeper, { ...body, after: version })).rejects.toThrow('purpose/changed');
    const notice = { code: 'voluntary', purposeCode: 'voluntary-material', text: { zh: '本人同意…', en: 'I agree …' } } as const;
    await keepNotice(keeper, { ...notice, kind: 'consent' });
    await expect(keepNotice(await deskOf(first), { ...notice, kind: 'consent' })).rejects.toThrow('desk/not-allowed');
    await expect(keepNotice(keeper, { ...notice, purposeCode: 'employment', kind: 'consent' })).rejects.toThrow('purpose/not-adopted');
    await keepPurpose(keeper, { ...body, code: 'sensitive-kinds', sensitive: true, after: 0 });
    const sensitive = { ...notice, code: 'sensitive', purposeCode: 'sensitive-kinds' } as const;
    await expect(keepNotice(keeper, { ...sensitive, kind: 'consent' })).rejects.toThrow('notice/separate-needed');
    await keepNotice(keeper, { ...sensitive, kind: 'separate_consent' });
    await keepPurpose(keeper, { ...body, code: 'by-duty', basis: 'legal_duty', after: 0 });
    await expect(keepNotice(keeper, { ...notice, purposeCode: 'by-duty', kind: 'consent' })).rejects.toThrow('notice/no-consent-needed');

    const { actor, dossierId } = await addPerson('杨自愿');
    const consentId = await recordConsent(await deskOf(actor), { dossierId, noticeCode: 'voluntary' });
    expect(await recordConsent(await deskOf(actor), { dossierId, noticeCode: 'voluntary' })).toBe(consentId);
    const outdated = async () =>
      (await listConsents(fixture.archive, await deskOf(actor), dossierId)).map((c) => [c.noticeVersion, c.isOutdated, c.way]);
    expect(await outdated()).toEqual([[1, false, 'account']]);
    await keepNotice(keeper, { ...notice, kind: 'consent', text: { zh: '本人同意（新）…', en: 'I agree (new) …' } });
    expect(await outdated()).toEqual([[1, true, 'account']]);
    const id = await makeRequest(fixture.archive, await deskOf(actor), { dossierId, kind: 'delete', text: '撤回同意，请删除' });
    const decision = { decision: 'granted', reason: '同意已撤回', deletion: { ground: 'consent_withdrawn' } } as const;
    await expect(decideRequest(await deskOf(first), id, decision)).rejects.toThrow('destruction/consent-in-force');
    await expect(withdrawConsent(await deskOf((await addPerson('朱旁人')).actor), consentId)).rejects.toThrow('consent/not-found');
    await withdrawConsent(await deskOf(actor), consentId);
    await decideRequest(await deskOf(first), id, decision);
  });

  it('needs a second person, then leaves nothing of the dossier but its proofs', async () => {
    const { archive } = fixture;
    const { actor, dossierId } = await addPerson('秦无痕');
    const page = await archive.db
      .system('test')
      .one<{ entry_id: string }>('select entry_id from page where dossier_id = $1 limit 1', [dossierId]);
    const receiptText = await receiptOf(archive, page!.entry_id);
    const verdict = () => verifyReceipt(nodePrimitives, { receiptText, logKeys: archive.identity.logKeys });
    const before = verdict();
    const subject = await archive.db
      .system('test')
      .one<{ subject_id: string }>('select subject_id from dossier where id = $1', [dossierId]);
    const addresses = await archive.db
      .system('test')
      .query<{ address: Uint8Array }>('select address from stored_object where dossier_id = $1', [dossierId]);
    expect(addresses.length).toBeGreaterThan(0);
    const id = await granted(actor, dossierId);
    await expect(approveDestruction(archive, await deskOf(first), id)).rejects.toThrow('destruction/same-person');
    await expect(approveDestruction(archive, await deskOf(actor), id)).rejects.toThrow('desk/not-allowed');
    expect(archive.keys.isDestroyed('dossier', dossierId)).toBe(false);
    await approveDestruction(archive, await deskOf(second), id);

    for (const key of [dossierId, subject!.subject_id]) expect(archive.keys.find('dossier', key)).toBeNull();
    for (const { address } of addresses) expect(await archive.blobs.has(address)).toBe(false);
    const tables = await archive.db
      .system('test')
      .query<{ t: string; c: string }>(
        `select table_name as t, column_name as c from information_schema.columns where table_schema = 'public' and data_type = 'uuid' and is_nullable is not null`,
      );
    const holding: string[] = [];
    for (const { t, c } of tables) {
      const [row] = await archive.db
        .system('test')
        .query(`select 1 from ${t} where ${c} = any($1::uuid[]) limit 1`, [[dossierId, subject!.subject_id]]);
      if (row) holding.push(`${t}.${c}`);
    }
    expect(holding.sort()).toEqual([
      // Under whose destroyed key the digests of changes are.
      'change.key_id',
      'destruction.dossier_id',
      'destruction.subject_id',
      'entry.dossier_id',
      'subject_request.dossier_id',
      'subject_request.subject_id',
    ]);
    const salts = await archive.db.system('test').query('select 1 from entry where dossier_id = $1 and salt is not null', [dossierId]);
    expect(salts).toEqual([]);
    expect((await searchArchive(await deskOf(first), { query: '秦无痕' })).hits).toEqual([]);
    const [shown] = await listRequests(archive, await deskOf(first), { requestId: id });
    expect(shown?.state).toBe('done');
    expect(shown?.steps.map((s) => [s.kind, s.text])).toEqual([
      ['received', null],
      ['granted', null],
      ['approved', null],
    ]);
    // The receipt that was handed out before proves what it proved, and the log is whole.
    expect(verdict()).toEqual(before);
    expect(before.isValid).toBe(true);
    const later = verifyReceipt(nodePrimitives, {
      receiptText: await receiptOf(archive, page!.entry_id),
      logKeys: archive.identity.logKeys,
    });
    expect(later.isValid).toBe(true);
    const walk = await checkArchive(archive);
    expect(walk.findings.filter((f) => f.kind !== 'left_over')).toEqual([]);
    expect(walk.destroyed).toBeGreaterThan(0);
    const again = archive.db.system('test').query('update entry set salt = $2 where dossier_id = $1', [dossierId, new Uint8Array(32)]);
    await expect(again).rejects.toThrow();
  });

  it('that dies at any moment goes on at the next start, and twice does nothing more', async () => {
    for (const moment of ['destruction-intended', 'destruction-key', 'destruction-bytes'] as const) {
      const { actor, dossierId } = await addPerson(`魏${moment.length}生`);
      const id = await granted(actor, dossierId);
      const dying = {
        ...fixture.archive,
        moments: {
          pass: (at: string) => {
            if (at === moment) throw new Error(`died at ${at}`);
          },
        } as unknown as Archive['moments'],
      };
      await expect(approveDestruction(dying, await deskOf(second), id)).rejects.toThrow(`died at ${moment}`);
      const isThere = await fixture.archive.db.system('test').one('select 1 as one from dossier where id = $1', [dossierId]);
      expect({ moment, isThere: isThere !== null, key: fixture.archive.keys.isDestroyed('dossier', dossierId) }).toEqual({
        moment,
        isThere: true,
        key: moment !== 'destruction-intended',
      });
      expect(await codes()).toContain('left_over fsck/destruction-unfinished');
      expect(await finishDestructions(fixture.archive)).toBe(1);
      expect(await finishDestructions(fixture.archive)).toBe(0);
      await runDestruction(fixture.archive, dossierId);
      expect(await fixture.archive.db.system('test').one('select 1 as one from dossier where id = $1', [dossierId])).toBeNull();
      const done = await fixture.archive.db
        .system('test')
        .query(`select 1 from entry where dossier_id = $1 and kind = 'dossier.destroyed'`, [dossierId]);
      expect(done.length).toBe(1);
      expect((await codes()).filter((c) => !c.startsWith('left_over'))).toEqual([]);
    }
  });

  it('is missed by fsck when a key is gone and no law let it go', async () => {
    const dossierId = await fixture.addDossier({ name: '许无据' });
    await fixture.archive.keys.destroy('dossier', dossierId);
    expect(await codes()).toContain('missing fsck/key-destroyed-unrecorded');
  });
});

/** A receipt, once the sequencer has placed its entry. */
async function receiptOf(archive: Archive, entryId: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const outcome = await archive.log.makeReceipt(archive.db, entryId);
    if (outcome.kind === 'receipt') return outcome.text;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`no receipt of ${entryId}`);
}
