import { decodeEntry } from '@lantai/log';
import { beforeAll, describe, expect, it } from 'vitest';
import { findOfficeConflicts } from '../access/index.ts';
import type { Actor } from '../desk/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { checkArchive } from './index.ts';

const a = useArchive();
const sql = () => a.archive.db.system('test');
const conflicts = async (nowMs = a.archive.clock.nowMs()) =>
  (await findOfficeConflicts(sql(), nowMs)).filter((c) => c.sign !== 'none').map((c) => [c.code, c.sign, c.accountId, c.otherId]);
/** Each test ends with what it planted taken out again by the same door: nothing stands. */
const setHolder = (actor: Actor, byte: number | null) =>
  a.database.ownerDb.query('update account set holder_token = $2 where id = $1', [
    actor.accountId,
    byte === null ? null : Buffer.alloc(32, byte),
  ]);
const setDisabled = (actor: Actor, disabled: boolean) =>
  a.database.ownerDb.query('update account set disabled = $2 where id = $1', [actor.accountId, disabled]);
const sorted = (...actors: Actor[]) => actors.map((x) => x.accountId).sort();

describe('offices that do not go together, planted behind the program', () => {
  let [system, security, audit, archivist, clerk]: Actor[] = [];
  let entryId = '';
  const tie = (actor: Actor, dossierId: string) =>
    a.database.ownerDb.query(
      'insert into subject_tie (account_id, subject_id, created_at_ms, entry_id) select $1, subject_id, 0, $3 from dossier where id = $2',
      [actor.accountId, dossierId, entryId],
    );
  beforeAll(async () => {
    system = await a.addAccount({ role: 'system_admin' });
    security = await a.addAccount({ role: 'security_admin' });
    audit = await a.addAccount({ role: 'audit_admin' });
    archivist = await a.addAccount({ role: 'archivist' });
    clerk = await a.addAccount({ role: 'unit_clerk', unitId: await a.addUnit('OC1') });
    await Promise.all([system, security, audit].map((actor, i) => setHolder(actor!, i + 1)));
    await a.addDossier();
    entryId = (await sql().one<{ id: string }>('select id from entry limit 1'))!.id;
  });

  it('are none where everybody is one person in one office, whoever shares a number below it', async () => {
    await setHolder(archivist!, 9);
    await setHolder(clerk!, 9);
    expect(await conflicts()).toEqual([]);
    expect((await findOfficeConflicts(sql(), 0)).filter((c) => c.sign === 'none')).toEqual([]);
  });

  it('are found where two administrators are tied to one subject, once, and not while one of them is disabled', async () => {
    // That two bear one number, an index of the database refuses.
    await expect(setHolder(security!, 1)).rejects.toMatchObject({ code: 'db/unique' });
    const dossierId = await a.addDossier({ name: '公冶长' });
    await tie(system!, dossierId);
    await tie(security!, dossierId);
    const [first, second] = sorted(system!, security!);
    expect(await conflicts()).toEqual([['conflict/two-offices', 'subject', first, second]]);
    await setDisabled(security!, true);
    expect(await conflicts()).toEqual([]);
    await setDisabled(security!, false);
    await a.database.ownerDb.query('delete from subject_tie');
    expect(await conflicts()).toEqual([]);
  });

  it('are found where an administrator has a second account for archive business, by number or by the subject of both', async () => {
    await setHolder(archivist!, 3);
    expect(await conflicts()).toEqual([['conflict/office-and-archive', 'holder', audit!.accountId, archivist!.accountId]]);
    await setHolder(archivist!, 9);
    // Two subjects of one ID number: the account of each is the same person's.
    const [one, other] = [await a.addDossier({ name: '公冶长' }), await a.addDossier({ name: '公冶长' })];
    await a.database.ownerDb.query(
      'update subject set id_number_token = $2 where id in (select subject_id from dossier where id = any($1::uuid[]))',
      [[one, other], Buffer.alloc(32, 77)],
    );
    await tie(audit!, one);
    expect(await conflicts()).toEqual([]);
    await tie(clerk!, other);
    expect(await conflicts()).toEqual([['conflict/office-and-archive', 'subject', audit!.accountId, clerk!.accountId]]);
    await a.database.ownerDb.query('delete from subject_tie');
  });

  it('are found where an administrator holds a post of archive business, and not once it ended', async () => {
    await a.database.ownerDb.query(
      `insert into post (id, account_id, role, fonds_id, level_max, created_at_ms, entry_id) values (gen_random_uuid(), $1, 'archivist', $2, 1, 0, $3)`,
      [system!.accountId, a.fondsId, entryId],
    );
    expect(await conflicts()).toEqual([['conflict/office-and-archive', 'post', system!.accountId, null]]);
    await a.database.ownerDb.query('update post set ended_at_ms = 1');
    expect(await conflicts()).toEqual([]);
  });

  it('are findings of fsck and entries of the log, and no damage; an administrator without a number is told, not by fsck', async () => {
    await setHolder(audit!, null);
    const dossierId = await a.addDossier({ name: '公冶长' });
    await tie(system!, dossierId);
    await tie(security!, dossierId);
    const [first, second] = sorted(system!, security!);
    const walk = await checkArchive(a.archive);
    expect(walk.findings.filter((f) => f.code.startsWith('conflict/'))).toEqual([
      { kind: 'conflict', code: 'conflict/two-offices', what: `account/${first} account/${second}` },
    ]);
    const told = await sql().query<{ bytes: Uint8Array }>(`select bytes from entry where kind = 'check.found'`);
    expect(told.map(({ bytes }) => decodeEntry(bytes).params)).toContainEqual({
      purpose: 'administration',
      finding: 'conflict',
      code: 'conflict/two-offices',
      what: `account/${first}+account/${second}`,
    });
    const counted = await sql().one<{ bytes: Uint8Array }>(
      `select bytes from entry where kind = 'archive.checked' order by id desc limit 1`,
    );
    expect(decodeEntry(counted!.bytes).params).toMatchObject({ conflicts: 1 });
    const nameless = (await findOfficeConflicts(sql(), 0)).filter((c) => c.sign === 'none');
    expect(nameless).toEqual([{ code: 'conflict/holder-unknown', sign: 'none', accountId: audit!.accountId, otherId: null }]);
  });
});
