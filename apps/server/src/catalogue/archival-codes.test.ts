import { beforeAll, describe, expect, it } from 'vitest';
import { type Actor, openDesk } from '../desk/index.ts';
import { checkStates } from '../keeping/check-states.ts';
import { FsckWalk } from '../keeping/fsck-report.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { listCodeRules, setCodeRule } from './code-rules.ts';
import { createDossier, createNumberedDossier } from './create-dossier.ts';
import { readOtherCodes } from './dossier-codes.ts';
import { findDossierByCode } from './find-dossier.ts';
import { listDossiers } from './list-dossiers.ts';
import { type Recoded, recodeDossiers } from './recode-dossiers.ts';

const a = useArchive();
let [staff, clerk]: Actor[] = [];
let unit = '';
const SCHEME = 'cadre-2018';

const deskOf = (actor: Actor | undefined = staff) => openDesk(a.archive, actor!, 'archive_work');
const sql = () => a.archive.db.system('test');
const YEAR = new Date().getUTCFullYear();
const choose = async (leading: 'da-t-13' | 'da-t-22' | null, second: 'da-t-13' | 'da-t-22' | null, by?: Actor) =>
  setCodeRule(a.archive, await deskOf(by), { fondsId: a.fondsId, schemeId: SCHEME, leading, second });
const subject = { kind: 'person', name: '祝允明' } as const;
const open = async (code?: string) => {
  const input = { unitId: unit, scheme: SCHEME, category: 'cadre', subject };
  const made =
    code === undefined
      ? createNumberedDossier(a.archive, await deskOf(), input)
      : createDossier(a.archive, await deskOf(), { ...input, code });
  return (await made).dossierId;
};
const codesOf = async (dossierId: string) => {
  const { code } = (await sql().one<{ code: string }>('select code from dossier where id = $1', [dossierId]))!;
  const others = (await readOtherCodes(sql(), [dossierId])).get(dossierId) ?? [];
  return [code, ...others.map((c) => `${c.standing} ${c.code}`)];
};
const found = async (code: string, by?: Actor) => (await findDossierByCode(a.archive, await deskOf(by), code))?.dossierId ?? null;
async function rewrite(): Promise<Omit<Recoded, 'after'>> {
  const sum = { changed: 0, second: 0, unfit: 0 };
  for (let after: string | null | undefined; after !== null; ) {
    const done = await recodeDossiers(a.archive, await deskOf(), { fondsId: a.fondsId, schemeId: SCHEME, after: after ?? null });
    for (const key of ['changed', 'second', 'unfit'] as const) sum[key] += done[key];
    after = done.after;
  }
  return sum;
}

beforeAll(async () => {
  unit = await a.addUnit('RSC');
  [staff, clerk] = [await a.addAccount({ role: 'archivist' }), await a.addAccount({ role: 'unit_clerk', unitId: unit })];
});

describe('archival codes', () => {
  let [kept, typed]: string[] = [];

  it('are given as they always were until a fonds chooses, and then by the form that leads, with a second beside it', async () => {
    kept = await open();
    expect(await codesOf(kept)).toEqual(['Z999-RS-001']);
    await choose('da-t-22', 'da-t-13');
    const [one, two] = [await open(), await open()];
    expect(await codesOf(one)).toEqual([`Z999-RS·${YEAR}-Y-RSC-0001`, `second Z999-RS·${YEAR}·Y·RSC-0001`]);
    expect((await codesOf(two))[0]).toBe(`Z999-RS·${YEAR}-Y-RSC-0002`);
    typed = await open('旧字第17号');
    expect((await codesOf(typed))[0]).toBe('旧字第17号');
  });

  it('find their dossier whichever form is typed, and only whoever may see it', async () => {
    const [leading, second] = await codesOf((await found(`Z999-RS·${YEAR}-Y-RSC-0001`))!);
    expect(await found(second!.replace('second ', '').replaceAll('·', '.').toLowerCase())).toBe(await found(leading!));
    const { items } = await listDossiers(a.archive, await deskOf(), { code: `Z999-RS·${YEAR}·Y·RSC-000` });
    expect(items).toHaveLength(3);
    const stranger = await a.addAccount({ role: 'unit_clerk', unitId: await a.addUnit('QT') });
    expect(await found(second!.replace('second ', ''), stranger)).toBeNull();
  });

  it('are written anew with those of the materials, and the former ones stay and still find the dossier', async () => {
    const entry = (await sql().one<{ id: string }>('select id from entry limit 1'))!.id;
    await sql().query(
      `insert into material (id, fonds_id, unit_id, category, level, dossier_id, class_code, sequence, filed, code, state, origin, entry_id, created_at_ms, changed_at_ms)
       select $2, d.fonds_id, d.unit_id, d.category, d.level, d.id, '1', 1, 1, d.code || '-1-001', 'confirmed', 'typed', $3, 0, 0 from dossier d where d.id = $1`,
      [kept, a.archive.clock.newId(), entry],
    );
    expect(await rewrite()).toEqual({ changed: 2, second: 1, unfit: 0 });
    // The number that it had is taken in the new series, so it gets the one behind the last.
    expect(await codesOf(kept!)).toEqual([`Z999-RS·${YEAR}-Y-RSC-0003`, `second Z999-RS·${YEAR}·Y·RSC-0004`, 'former Z999-RS-001']);
    expect(await sql().one('select code from material where dossier_id = $1', [kept])).toEqual({
      code: `Z999-RS·${YEAR}-Y-RSC-0003-1-001`,
    });
    expect([await found('Z999-RS-001'), await found('旧字第17号')]).toEqual([kept, typed]);
    expect(await rewrite()).toEqual({ changed: 0, second: 0, unfit: 0 });
  });

  it('that a dossier has or had are given to no other', async () => {
    for (const code of ['Z999-RS-001', `Z999-RS·${YEAR}·Y·RSC-0001`, '旧字第17号'])
      await expect(open(code)).rejects.toMatchObject({ code: 'dossier/code-taken' });
    await expect(sql().query(`update dossier set code = 'Z999-RS-001' where id = $1`, [typed])).rejects.toMatchObject({
      code: 'db/unique',
    });
  });

  it('change places when the forms do, and none is lost', async () => {
    const before = await codesOf(kept!);
    await choose('da-t-13', 'da-t-22');
    await rewrite();
    expect(await codesOf(kept!)).toEqual([before[1]!.replace('second ', ''), `second ${before[0]}`, before[2]]);
    await choose('da-t-22', null);
    await rewrite();
    const after = await codesOf(kept!);
    expect(after[0]).toBe(before[0]);
    expect([...after.slice(1)].sort()).toEqual([before[1]!.replace('second', 'former'), before[2]].sort());
  });

  it('are left as they are where the fonds or unit cannot be written in the form', async () => {
    const odd = await a.addUnit('人事处（二）');
    const { dossierId } = await createDossier(a.archive, await deskOf(), {
      code: 'ODD-1',
      unitId: odd,
      scheme: SCHEME,
      category: 'cadre',
      subject,
    });
    expect(await rewrite()).toMatchObject({ changed: 0, unfit: 1 });
    expect(await codesOf(dossierId)).toEqual(['ODD-1']);
  });

  it('are chosen by who keeps the whole fonds, and by nobody else', async () => {
    await expect(choose(null, null, clerk)).rejects.toMatchObject({ code: 'desk/not-allowed' });
    const ofUnit = { ...staff!, unitId: unit };
    await expect(choose(null, null, ofUnit)).rejects.toMatchObject({ code: 'code/whole-fonds' });
    await expect(choose('da-t-13', 'da-t-13')).rejects.toMatchObject({ code: 'code/same-form' });
    const { items } = await listCodeRules(a.archive, await deskOf());
    expect(items.find((r) => r.schemeId === SCHEME)).toMatchObject({ leading: 'da-t-22', second: null, mayChange: true });
  });

  it('and leave an archive whose states agree with its log', async () => {
    const walk = new FsckWalk();
    await checkStates(a.archive, walk);
    expect(walk.findings.filter((f) => /dossier_code|code_rule/.test(f.what))).toEqual([]);
  });
});
