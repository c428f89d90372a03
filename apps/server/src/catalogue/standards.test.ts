import { describe, expect, it } from 'vitest';
import type { Archive } from '../archive/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { adoptStandard, draftQuality, listStandards, readStandardText, tryStandard, withdrawStandard } from './adopt-standard.ts';
import { operateDossier } from './operate.ts';
import { scoreDossierQuality } from './quality.ts';
import { openDossierDesk } from './read-desk.ts';
import { getScheme } from './schemes.ts';

const a = useArchive();

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(a.archive.clock.nowMs() + 480 * 60_000 + days * DAY_MS).toISOString().slice(0, 10);
/** The same archive some days later. */
const later = (days: number): Archive => ({
  ...a.archive,
  clock: { ...a.archive.clock, nowMs: () => a.archive.clock.nowMs() + days * DAY_MS },
});
const linesOf = async (archive: Archive, kind: string) =>
  (await listStandards(archive.db, archive)).find((s) => s.kind === kind && /cadre/.test(s.id))!;
const statesOf = async (archive: Archive, kind: string) => (await linesOf(archive, kind)).versions.map((v) => [v.version, v.state]);

async function addLeader(): Promise<string> {
  const dossierId = await a.addDossier();
  const desk = await a.desk();
  const { version } = await openDossierDesk(a.archive, desk, dossierId);
  const facts = { conditions: { cadre: false, party_member: false }, service: { firstYear: 2019, lastYear: 2020 } };
  await operateDossier(a.archive, desk, dossierId, {
    baseVersion: version,
    operations: [
      { type: 'editDossier', facts },
      { type: 'addRecord', edit: { classCode: '3', title: '2019年度考核登记表', date: '2020-01' } },
    ],
  });
  return dossierId;
}

describe('a version of its own that an archive adopts', () => {
  it('of the quality standard judges from its day on, and says where it comes from', async () => {
    const dossierId = await addLeader();
    const desk = await a.desk();
    const scoreOf = (archive: Archive) => scoreDossierQuality(archive, desk, dossierId);
    const before = await scoreOf(a.archive);
    const edits = [{ code: '8', points: '6', lost: ['5'] }];
    const text = await draftQuality(a.archive, desk, { id: 'cadre-100', source: '本馆2026年审定', edits });
    const trial = await tryStandard(a.archive, desk, 'quality', text);
    expect(trial).toMatchObject({ id: 'cadre-100', version: 2, base: 1, problems: [] });
    expect(trial.differences.map((d) => d.code)).toEqual(['standard/part-changed', 'standard/points-changed', 'standard/item-changed']);
    const { version } = await adoptStandard(a.archive, desk, { kind: 'quality', text, effectiveOn: inDays(3) });
    expect([await scoreOf(a.archive), await scoreOf(later(2))]).toEqual([before, before]);
    const after = await scoreOf(later(3));
    expect(after.standard).toMatchObject({ version, source: '本馆2026年审定' });
    expect(before.score - after.score).toBe(4);
    expect(await statesOf(a.archive, 'quality')).toEqual([
      [2, 'to_come'],
      [1, 'in_force'],
    ]);
    expect(await statesOf(later(3), 'quality')).toEqual([
      [2, 'in_force'],
      [1, 'former'],
    ]);
    expect(await readStandardText(a.archive.db, a.archive, { kind: 'quality', id: 'cadre-100', version: 2 })).toBe(text);
  });

  it('of a scheme gives titles to dossiers that are there already, and one that came later wins', async () => {
    const desk = await a.desk();
    const own = await readStandardText(a.archive.db, a.archive, { kind: 'scheme', id: 'cadre-2018', version: 3 });
    const withTitle = (version: number, title: string) =>
      own.replace(/^version: 3$/m, `version: ${version}`).replace(/^( +)titles:\n/m, `$1titles:\n$1  - name: ${title}\n`);
    expect((await tryStandard(a.archive, desk, 'scheme', withTitle(4, '本馆补充登记表'))).differences).toMatchObject([
      { code: 'standard/title-added', params: { title: '本馆补充登记表' } },
    ]);
    await adoptStandard(a.archive, desk, { kind: 'scheme', text: withTitle(4, '本馆补充登记表'), effectiveOn: inDays(0) });
    await adoptStandard(a.archive, desk, { kind: 'scheme', text: withTitle(5, '本馆增补登记表'), effectiveOn: inDays(1) });
    const holds = async (archive: Archive, title: string) =>
      (await getScheme(archive.db, archive, 'cadre-2018')).classes.some((c) => c.titles.some((t) => t.name === title));
    expect([await holds(a.archive, '本馆补充登记表'), await holds(a.archive, '本馆增补登记表')]).toEqual([true, false]);
    expect([await holds(later(1), '本馆补充登记表'), await holds(later(1), '本馆增补登记表')]).toEqual([false, true]);
    // Adopted while dossiers are judged by it, and withdrawn before its day.
    const { versions } = await linesOf(a.archive, 'scheme');
    await withdrawStandard(a.archive, desk, versions[0]!.id!);
    expect(await holds(later(1), '本馆增补登记表')).toBe(false);
    await expect(withdrawStandard(a.archive, desk, versions[1]!.id!)).rejects.toMatchObject({ code: 'standard/in-force' });
    await expect(withdrawStandard(a.archive, desk, versions[0]!.id!)).rejects.toMatchObject({ code: 'standard/not-found' });
    expect((await statesOf(a.archive, 'scheme')).map(([, state]) => state)).toEqual(['withdrawn', 'in_force', 'former']);
  });

  it('is refused whole when it would lose a class, say a number again or begin yesterday', async () => {
    const desk = await a.desk();
    const own = await readStandardText(a.archive.db, a.archive, { kind: 'scheme', id: 'labour-contract', version: 2 });
    const adopt = (text: string, effectiveOn = inDays(0)) => adoptStandard(a.archive, desk, { kind: 'scheme', text, effectiveOn });
    await expect(adopt(own)).rejects.toMatchObject({ code: 'standard/refused', detail: { problem: 'standard/version-not-higher' } });
    const higher = own.replace(/^version: 2$/m, 'version: 3');
    await expect(adopt(higher, inDays(-1))).rejects.toMatchObject({ code: 'standard/day-past' });
    await expect(adopt(`${higher}\nextra: 1\n`)).rejects.toMatchObject({
      code: 'standard/refused',
      detail: { problem: 'scheme/unknown-key' },
    });
    await expect(adopt(higher.replace(/^id: .*$/m, 'id: nobody-knows'))).rejects.toMatchObject({
      detail: { problem: 'standard/not-found' },
    });
    expect(await tryStandard(a.archive, desk, 'quality', 'id: cadre-100\n')).toMatchObject({
      id: null,
      problems: [{ code: 'scheme/missing-key' }],
    });
  });

  it('is the business of an archivist of the whole archive', async () => {
    const text = await readStandardText(a.archive.db, a.archive, { kind: 'quality', id: 'cadre-100', version: 1 });
    const unitId = await a.addUnit('STD');
    const ofUnit = await a.desk({ role: 'archivist', fondsId: a.fondsId, unitId });
    await expect(tryStandard(a.archive, ofUnit, 'quality', text)).rejects.toMatchObject({ code: 'standard/whole-archive' });
    await expect(adoptStandard(a.archive, ofUnit, { kind: 'quality', text, effectiveOn: inDays(1) })).rejects.toMatchObject({
      code: 'standard/whole-archive',
    });
    const clerk = await a.desk({ role: 'unit_clerk', fondsId: a.fondsId, unitId });
    await expect(draftQuality(a.archive, clerk, { id: 'cadre-100', source: null, edits: [] })).rejects.toMatchObject({
      code: 'desk/not-allowed',
    });
    const ofFonds = await a.desk({ role: 'archivist', fondsId: a.fondsId });
    expect((await tryStandard(a.archive, ofFonds, 'quality', text)).id).toBe('cadre-100');
  });
});
