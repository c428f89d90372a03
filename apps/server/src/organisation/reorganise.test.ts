import { beforeAll, describe, expect, it } from 'vitest';
import { createDossier, listDossiers } from '../catalogue/index.ts';
import { type Actor, openDesk } from '../desk/index.ts';
import { searchArchive } from '../search/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import {
  createOrganisation,
  createUnit,
  describeUnit,
  getReorganisation,
  listReorganisations,
  mergeUnit,
  moveUnit,
  previewReorganisation,
  runReorganisation,
  splitUnit,
} from './index.ts';

const fixture = useArchive();
const deskOf = (actor: Actor) => openDesk(fixture.archive, actor, 'archive_work');

/** Dossiers an account lists and finds; both must be the same, and the count with them. */
async function seenBy(actor: Actor, name: string): Promise<string[]> {
  const desk = await deskOf(actor);
  const listed = (await listDossiers(fixture.archive, desk, {})).items.map((d) => d.id).sort();
  const found = await searchArchive(desk, { query: name, filters: { kinds: ['dossier'] } });
  expect({ found: found.hits.map((h) => h.dossierId).sort(), count: found.count?.value }).toEqual({ found: listed, count: listed.length });
  return listed;
}

let system: Actor;
beforeAll(async () => {
  system = await fixture.addAccount({ role: 'system_admin' });
});

describe('the tree of units', () => {
  const unitUnder = async (parentId: string, code: string) =>
    createUnit(fixture.archive, await deskOf(system), { fondsId: fixture.fondsId, parentId, code, name: '某处' });
  const clerkOf = (unitId: string) => fixture.addAccount({ role: 'unit_clerk', unitId });

  it('moves a unit with all below it: the old side loses it, the new side gets it, in lists, searches and counts', async () => {
    const [from, to] = [await unitUnder(fixture.rootUnitId, 'M1'), await unitUnder(fixture.rootUnitId, 'M2')];
    const moved = await unitUnder(from, 'M11');
    const below = await unitUnder(moved, 'M111');
    const dossiers = [
      await fixture.addDossier({ unitId: moved, name: '冯伯英' }),
      await fixture.addDossier({ unitId: below, name: '冯伯英' }),
    ].sort();
    const [before, after, inside] = [await clerkOf(from), await clerkOf(to), await clerkOf(moved)];
    expect([await seenBy(before, '冯伯英'), await seenBy(after, '冯伯英')]).toEqual([dossiers, []]);

    const id = await moveUnit(fixture.archive, await deskOf(system), moved, to);
    // The tokens still say where it was: whoever lost sight of it finds nothing and counts nothing.
    expect(await seenBy(before, '冯伯英')).toEqual([]);
    expect((await getReorganisation(fixture.archive, await deskOf(system), id)).state).toBe('running');
    expect((await fixture.archive.queue.count(fixture.archive.db, 'reorganise')).queued).toBeGreaterThan(0);
    await expect(moveUnit(fixture.archive, await deskOf(system), moved, from)).rejects.toThrow('unit/being-moved');
    await runReorganisation(fixture.archive, id);
    expect(await getReorganisation(fixture.archive, await deskOf(system), id)).toMatchObject({ state: 'done', doneCount: 2 });
    expect([await seenBy(before, '冯伯英'), await seenBy(after, '冯伯英'), await seenBy(inside, '冯伯英')]).toEqual([
      [],
      dossiers,
      dossiers,
    ]);
    // Taken up again by a process that died at the end: nothing changes.
    await runReorganisation(fixture.archive, id);
    expect(await getReorganisation(fixture.archive, await deskOf(system), id)).toMatchObject({ doneCount: 2 });
  });
  it('merges a unit into another: its dossiers and units become the other’s, and it takes no new ones', async () => {
    const [one, other] = [await unitUnder(fixture.rootUnitId, 'N1'), await unitUnder(fixture.rootUnitId, 'N2')];
    const below = await unitUnder(one, 'N11');
    const dossiers = [
      await fixture.addDossier({ unitId: one, name: '蒋仲明' }),
      await fixture.addDossier({ unitId: below, name: '蒋仲明' }),
    ].sort();
    await fixture.importPages(dossiers[0]!, ['a.png']);
    const clerk = await clerkOf(other);
    await runReorganisation(fixture.archive, await mergeUnit(fixture.archive, await deskOf(system), one, other));
    expect(await seenBy(clerk, '蒋仲明')).toEqual(dossiers);
    const left = await fixture.archive.db
      .system('test')
      .one<{ n: number }>(
        'select (select count(*) from dossier where unit_id = $1)::int + (select count(*) from page where unit_id = $1)::int as n',
        [one],
      );
    expect(left?.n).toBe(0);
    const input = { code: 'N9999', unitId: one, scheme: 'cadre-2018', subject: { kind: 'person', name: '' } } as const;
    await expect(createDossier(fixture.archive, await fixture.desk(), input)).rejects.toThrow('unit/not-found');
  });
  it('splits a unit, and refuses what would make a ring, cross a fonds or move a root', async () => {
    const unit = await unitUnder(fixture.rootUnitId, 'S1');
    const child = await unitUnder(unit, 'S11');
    const made = await splitUnit(fixture.archive, await deskOf(system), unit, { code: 'S2', name: '分处', unitIds: [child] });
    const parent = await fixture.archive.db.system('test').one<{ parent_id: string }>('select parent_id from unit where id = $1', [child]);
    expect([parent?.parent_id, made.reorganisationIds.length]).toEqual([made.unitId, 1]);
    for (const id of made.reorganisationIds) await runReorganisation(fixture.archive, id);
    const desk = await deskOf(system);
    await expect(moveUnit(fixture.archive, desk, made.unitId, child)).rejects.toThrow('unit/below-itself');
    await expect(moveUnit(fixture.archive, desk, fixture.rootUnitId, unit)).rejects.toThrow('unit/root');
    const organisation = await createOrganisation(fixture.archive, desk, { code: 'Z998', name: '下属公司', parentId: fixture.fondsId });
    await expect(moveUnit(fixture.archive, desk, unit, organisation.unitId)).rejects.toThrow('unit/other-fonds');
    await expect(createOrganisation(fixture.archive, desk, { code: 'Z998', name: '又一家', parentId: null })).rejects.toThrow(
      'fonds/code-taken',
    );
    await expect(unitUnder(unit, 'S2')).rejects.toThrow('unit/code-taken');
  });
  it('says beforehand what a move, merge or split would change, and what it would be refused with, and changes nothing', async () => {
    const [from, to] = [await unitUnder(fixture.rootUnitId, 'P1'), await unitUnder(fixture.rootUnitId, 'P2')];
    const moved = await unitUnder(from, 'P11');
    await fixture.addDossier({ unitId: moved, name: '沈季文' });
    const [inside] = [await clerkOf(moved), await clerkOf(from), await clerkOf(to), await clerkOf(to)];
    // As administrators are: cleared for nothing, in no audience. What they are told of dossiers are numbers, and the numbers are whole.
    await fixture.archive.db.system('test').query(`update dossier set category = 'discipline', level = 3 where unit_id = $1`, [moved]);
    const desk = await deskOf({ ...system, levelMax: 0 });
    const lines = async () => (await fixture.archive.db.system('test').one<{ n: number }>('select count(*)::int as n from entry'))?.n;
    const before = await lines();
    expect(await previewReorganisation(fixture.archive, desk, { kind: 'move', unitId: moved, parentId: to })).toEqual({
      refusal: null,
      units: 1,
      dossiers: 1,
      gaining: [{ unitId: to, posts: 2 }],
      losing: [{ unitId: from, posts: 1 }],
    });
    expect((await previewReorganisation(fixture.archive, desk, { kind: 'merge', unitId: moved, intoId: to })).losing).toEqual(
      [
        { unitId: moved, posts: 1 },
        { unitId: from, posts: 1 },
      ].sort((a, b) => (a.unitId < b.unitId ? -1 : 1)),
    );
    expect(await previewReorganisation(fixture.archive, desk, { kind: 'split', unitId: from, unitIds: [moved] })).toMatchObject({
      refusal: null,
      losing: [{ unitId: from, posts: 1 }],
      gaining: [],
    });
    expect(await previewReorganisation(fixture.archive, desk, { kind: 'move', unitId: from, parentId: moved })).toMatchObject({
      refusal: 'unit/below-itself',
      gaining: [],
      losing: [],
    });
    expect(await describeUnit(fixture.archive, desk, from)).toEqual({
      dossiers: 0,
      dossiersBelow: 1,
      posts: [{ role: 'unit_clerk', count: 1 }],
      merged: [],
    });
    expect(await lines()).toBe(before);
    // What was said is what happens.
    const id = await moveUnit(fixture.archive, desk, moved, to);
    expect((await listReorganisations(fixture.archive, desk))[0]).toMatchObject({
      id,
      intoId: to,
      state: 'running',
      doneCount: 0,
      totalCount: 1,
    });
    expect((await previewReorganisation(fixture.archive, desk, { kind: 'move', unitId: moved, parentId: from })).refusal).toBe(
      'unit/being-moved',
    );
    await runReorganisation(fixture.archive, id);
    expect((await listReorganisations(fixture.archive, desk))[0]).toMatchObject({ state: 'done', doneCount: 1, totalCount: 1 });
    for (const actor of [inside, await fixture.addAccount({ role: 'archivist' })]) {
      const other = await deskOf(actor);
      await expect(describeUnit(fixture.archive, other, from)).rejects.toThrow('desk/not-allowed');
      await expect(listReorganisations(fixture.archive, other)).rejects.toThrow('desk/not-allowed');
      await expect(previewReorganisation(fixture.archive, other, { kind: 'merge', unitId: moved, intoId: to })).rejects.toThrow(
        'desk/not-allowed',
      );
    }
  });
  it('is changed by a system administrator alone', async () => {
    for (const role of ['archivist', 'security_admin', 'audit_admin', 'unit_clerk'] as const) {
      const actor = await fixture.addAccount({ role });
      await expect(
        createUnit(fixture.archive, await deskOf(actor), {
          fondsId: fixture.fondsId,
          parentId: fixture.rootUnitId,
          code: 'X1',
          name: '某处',
        }),
      ).rejects.toThrow('desk/not-allowed');
    }
  });
});
