import { decide, type PolicyThing, scope } from '@lantai/policy';
import { planSearch } from '@lantai/search';
import { utf8 } from '@lantai/values';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  Dice,
  SMALL_WORLD,
  throwAction,
  throwActor,
  throwThing,
  throwWhen,
  type World,
} from '../../../../test/policy-matrix/random-cases.ts';
import { reachSettings } from '../db/index.ts';
import { useTestDatabase } from '../db/test-database.ts';
import { type ActorFacts, actorReach, BESIDE_SUBJECTS, defaultPolicy, inScope, scopeSql } from '../desk/index.ts';
import { resolveScope } from '../desk/scope.ts';
import { CATALOGUE_INDEX, fetchCandidates, NEWEST } from './candidates.ts';
import { FilingTokens } from './filing.ts';
import { indexCipher } from './index-cipher.ts';
import { int4Array } from './int4-array.ts';
import { scopeNeeds } from './scope-needs.ts';
import { createSearchFixture, type SearchFixture } from './testing/search-fixture.ts';

/** Cases of one run: actors times things. More by `AGREEMENT_CASES=1000000 npx vitest run apps/server/src/search/scope-agreement.test.ts`. */
const CASES = Number(process.env.AGREEMENT_CASES ?? 21_000);
const THINGS = 70;
const NOBODY = '00000000-0000-7000-8000-000000000000';

interface Placed {
  readonly id: string;
  readonly thing: PolicyThing;
}

describe('one scope', () => {
  const database = useTestDatabase();
  let fixture: SearchFixture;
  let world: World;
  let placed: Placed[];
  const unitsUnder = new Map<string, { id: string; depth: number }[]>();

  beforeAll(async () => {
    fixture = await createSearchFixture(database.db, { units: 0 });
    world = await buildWorld(fixture);
    placed = await placeThings(fixture, world);
    for (const root of world.units)
      unitsUnder.set(
        root.id,
        world.units.flatMap((u) => (u.path.includes(root.id) ? { id: u.id, depth: u.path.indexOf(root.id) } : [])),
      );
  });

  it('decides, is SQL inside row-level security and is tokens alike, and no line is reached by two ways', async () => {
    const parentOfFonds = new Map(world.fonds.flatMap((f) => (f.path[1] ? [[f.id, f.path[1]] as const] : [])));
    const dossiers = placed.map(({ id, thing }) => ({
      id,
      subjectId: thing.subjectId ?? '',
      fondsId: thing.fondsPath[0]!,
      restricted: thing.restricted,
    }));
    const ids = placed.map((p) => p.id);
    const frequencies = { lineCount: THINGS, share01: () => 0.5, rareShare: 0 };
    let [allowed, asked] = [0, 0];
    for (let seed = 1; asked < CASES; seed++) {
      const dice = new Dice(seed);
      const actor = throwActor(dice, world);
      const [action, when] = [throwAction(dice), throwWhen(dice)];
      const predicate = scope(defaultPolicy(), actor, action, when);
      asked += THINGS;
      if (!predicate) continue;
      const facts: ActorFacts = { policy: defaultPolicy(), actor, use: 'free', unitsUnder, parentOfFonds, dossiers };
      const rows = resolveScope(predicate, facts);
      const expected = placed.filter((p) => decide(defaultPolicy(), actor, action, p.thing, when).allowed).map((p) => p.id);
      const sql = scopeSql(rows, 'd', 2);
      // Under the actor's reach: the second net takes nothing away of what the policy gives. An action beside subjects asks for no row.
      const reach = reachSettings(actorReach(facts, NOBODY));
      const within = BESIDE_SUBJECTS.includes(action) ? database.systemDb : database.db.within(reach);
      const bySql = await within.query<{ id: string }>(`select d.id from dossier d where d.id = any($1::uuid[]) and ${sql.sql}`, [
        ids,
        ...sql.params,
      ]);
      const byTokens: string[] = [];
      for (const { id: fondsId } of world.fonds)
        for (const needs of scopeNeeds(indexCipher(fixture.sealer, fondsId), rows, fondsId)) {
          const plan = planSearch(needs, frequencies);
          byTokens.push(...(await fetchCandidates(database.db, CATALOGUE_INDEX, 'probe', { plan, before: NEWEST, limit: 1000 })));
        }
      const byCheck = placed.filter((p) => inScope(rows, placeOf(p))).map((p) => p.id);
      expect({ seed, sql: bySql.map((r) => r.id).sort(), tokens: byTokens.sort(), check: byCheck.sort() }).toEqual({
        seed,
        sql: expected.sort(),
        tokens: [...expected].sort(),
        check: [...expected].sort(),
      });
      allowed += expected.length;
    }
    expect(allowed).toBeGreaterThan(CASES / 50);
  }, 1_800_000);
});

const placeOf = ({ id, thing }: Placed) => ({
  fondsId: thing.fondsPath[0]!,
  unitId: thing.unitPath[0]!,
  category: thing.category,
  level: thing.level,
  dossierId: id,
});

/** The small world of the policy's tests, as rows. */
async function buildWorld({ db, clock, sealer, fondsId: group }: SearchFixture): Promise<World> {
  const idOf = new Map<string, string>([['group', group]]);
  const named = (name: string) => idOf.get(name) ?? idOf.set(name, clock.newId()).get(name)!;
  const [root] = await db.query<{ id: string }>('select id from unit where parent_id is null');
  idOf.set('g1', root!.id);
  await sealer.keys.create('fonds', named('sub'), null);
  await db.query(`insert into fonds (id, code, name, created_at_ms, parent_id) values ($1, 'sub', '\\x00', 0, $2)`, [named('sub'), group]);
  for (const unit of SMALL_WORLD.units.filter((u) => u.id !== 'g1'))
    await db.query(`insert into unit (id, fonds_id, parent_id, code, name) values ($1, $2, $3, $4, '\\x00')`, [
      named(unit.id),
      named(unit.fondsId),
      unit.path[1] ? named(unit.path[1]) : null,
      unit.id,
    ]);
  const mapped = (path: readonly string[]) => path.map(named);
  return {
    fonds: SMALL_WORLD.fonds.map((f) => ({ id: named(f.id), path: mapped(f.path) })),
    units: SMALL_WORLD.units.map((u) => ({ id: named(u.id), fondsId: named(u.fondsId), path: mapped(u.path) })),
    subjects: mapped(SMALL_WORLD.subjects),
    // Those that grants name; the things are laid over them and more.
    dossiers: SMALL_WORLD.dossiers.map((d) => ({ id: named(d.id), subjectId: named(d.subjectId) })),
  };
}

/** Dossiers with their filing tokens; the first few are those that grants name. */
async function placeThings(fixture: SearchFixture, world: World): Promise<Placed[]> {
  const { db, sealer, clock, entryId } = fixture;
  const whole = db.system('test');
  const dice = new Dice(99);
  for (const id of world.subjects)
    await whole.query(
      `insert into subject (id, fonds_id, unit_id, category, level, kind, key_id, name, entry_id, created_at_ms) values ($1, $2, $3, 'cadre', 1, 'person', $1, $4, $5, 0)`,
      [id, world.fonds[0]!.id, world.units[0]!.id, utf8('x'), entryId],
    );
  const placed: Placed[] = [];
  for (let n = 0; n < THINGS; n++) {
    const known = world.dossiers[n];
    const id = known?.id ?? clock.newId();
    const thrown = throwThing(dice, world);
    const thing = { ...thrown, dossierId: id, subjectId: known?.subjectId ?? thrown.subjectId };
    const at = [thing.fondsPath[0], thing.unitPath[0], thing.category, thing.level];
    await whole.query(
      `insert into dossier (id, fonds_id, unit_id, category, level, subject_id, scheme, code, entry_id, created_at_ms, changed_at_ms) values ($1, $2, $3, $4, $5, $6, 'cadre-2018', $8, $7, 0, 0)`,
      [id, ...at, thing.subjectId, entryId, id],
    );
    await whole.tx(async (tx) => {
      const place = { fondsId: thing.fondsPath[0]!, unitId: thing.unitPath[0]!, category: thing.category, level: thing.level };
      const tokens = await new FilingTokens(tx, (f) => indexCipher(sealer, f)).of({
        place,
        dossierId: id,
        classCode: null,
        materialYear: null,
        kind: 'dossier',
      });
      await tx.query(
        `insert into catalogue_gram (id, kind, fonds_id, unit_id, category, level, dossier_id, filing_count, g, fields) values ($1, 'dossier', $2, $3, $4, $5, $1, $6, $7::integer[], '\\x00')`,
        [id, ...at, tokens.length, int4Array(tokens)],
      );
    });
    placed.push({ id, thing });
  }
  return placed;
}
