import { createHash } from 'node:crypto';
import { indexMaterials, indexSubject, type MaterialToIndex, refreshFrequencies } from '../apps/server/src/search/index.ts';
import { createSearchFixture, type FixturePage, type SearchFixture } from '../apps/server/src/search/testing/search-fixture.ts';
import { Corpus } from './corpus.ts';
import type { BenchDatabase } from './search-build.ts';

/** Materials of a dossier: a personnel file of middle age. */
export const MATERIALS_A_DOSSIER = 50;
const PAGES_A_DOSSIER = 3;
const DOSSIERS_AT_ONCE = 20;
const KINDS = ['履历表', '登记表', '考核表', '任免审批表', '工资审批表', '学历证明', '体检表', '奖励决定', '思想汇报', '介绍信'];

const keyBytes = () => {
  let made = 0;
  return (length: number) => createHash('sha256').update(`scope ${made++}`).digest().subarray(0, length);
};

/** A dossier as it is filled: its subject's name in the clear, for what is indexed. */
interface Filled {
  readonly dossierId: string;
  readonly subjectId: string;
  readonly sourceFileId: string;
  readonly name: string;
  readonly place: { fondsId: string; unitId: string; category: string; level: number };
}

/** Fills the database with dossiers of fifty titled materials and three read pages each, spread evenly over the units. */
export async function buildScopeArchive(bench: BenchDatabase, materials: number, units: number): Promise<SearchFixture> {
  const fixture = await createSearchFixture(bench.db, { units, keyBytes: keyBytes() });
  const corpus = new Corpus();
  const pages = corpus.pages((materials / MATERIALS_A_DOSSIER) * PAGES_A_DOSSIER);
  const dossiers = materials / MATERIALS_A_DOSSIER;
  for (let at = 0; at < dossiers; at += DOSSIERS_AT_ONCE) {
    const batch: Filled[] = [];
    for (let n = at; n < Math.min(at + DOSSIERS_AT_ONCE, dossiers); n++) batch.push(await addDossier(bench, fixture, n, units, corpus));
    const read: FixturePage[] = batch.flatMap(({ dossierId }) =>
      Array.from({ length: PAGES_A_DOSSIER }, () => ({ dossierId, lines: pages.next().value!.lines })),
    );
    await fixture.addIndexedPages(read);
    await addCatalogue(bench, fixture, batch, corpus);
    if (at && at % 2000 === 0) console.error(`${at} of ${dossiers} dossiers`);
  }
  await bench.ownerDb.query(
    'update dossier d set page_count = $1, material_count = $2, changed_at_ms = n from (select id, row_number() over () as n from dossier) o where o.id = d.id',
    [PAGES_A_DOSSIER, MATERIALS_A_DOSSIER],
  );
  await bench.ownerDb.query('vacuum analyze');
  await refreshFrequencies(bench.db, Date.now());
  return fixture;
}

async function addDossier({ db }: BenchDatabase, fixture: SearchFixture, n: number, units: number, corpus: Corpus): Promise<Filled> {
  const unitId = fixture.unitIds[1 + (n % units)]!;
  const { dossierId, subjectId, place } = await fixture.addDossier({ unitId });
  await fixture.sealer.keys.create('dossier', subjectId, { kind: 'fonds', id: fixture.fondsId });
  const name = corpus.name();
  const sealed = fixture.sealer.seal(
    { kind: 'dossier', id: subjectId },
    { table: 'subject', column: 'name', rowId: subjectId, version: 1 },
    name,
  );
  const whole = db.system('test');
  await whole.query('update subject set name = $2, birth_year = $3 where id = $1', [subjectId, sealed, 1950 + (n % 50)]);
  const file = await whole.one<{ id: string }>('select id from source_file where dossier_id = $1', [dossierId]);
  const at = { table: 'source_file', column: 'name', rowId: file!.id, version: 1 };
  await whole.query('update source_file set name = $2 where id = $1', [
    file!.id,
    fixture.sealer.seal({ kind: 'dossier', id: dossierId }, at, `${n}.pdf`),
  ]);
  return { dossierId, subjectId, sourceFileId: file!.id, name, place };
}

/** Rows and lines of the index of all materials, in a few statements. */
async function addCatalogue({ db }: BenchDatabase, fixture: SearchFixture, batch: readonly Filled[], corpus: Corpus): Promise<void> {
  const lines = batch.flatMap((filled) =>
    Array.from({ length: MATERIALS_A_DOSSIER }, (_, i) => ({
      filled,
      material: {
        materialId: fixture.clock.newId(),
        dossierId: filled.dossierId,
        place: filled.place,
        classCode: String(1 + (i % 10)),
        materialYear: 1975 + (i % 50),
        title: `${corpus.word()}${KINDS[i % KINDS.length]}`,
      } satisfies MaterialToIndex,
      sequence: 1 + Math.floor(i / 10),
    })),
  );
  const titleOf = ({ materialId, dossierId, title }: MaterialToIndex) =>
    fixture.sealer.seal({ kind: 'dossier', id: dossierId }, { table: 'material', column: 'title', rowId: materialId, version: 1 }, title);
  await db.system('test').tx(async (tx) => {
    for (const { dossierId, subjectId, name, place } of batch) await indexSubject(tx, fixture, { dossierId, subjectId, name, place });
    await tx.queryNamed(
      'bench-materials',
      `insert into material (id, fonds_id, unit_id, category, level, dossier_id, class_code, sequence, material_year, title, state, filed, entry_id, created_at_ms, changed_at_ms)
       select m.id, d.fonds_id, d.unit_id, d.category, d.level, d.id, m.k, m.s, m.y, m.t, 'confirmed', (m.s - 1) * 10 + m.k::int - 1, $7, 0, 0
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::smallint[], $6::bytea[]) as m(id, d, k, s, y, t) join dossier d on d.id = m.d`,
      [
        lines.map((l) => l.material.materialId),
        lines.map((l) => l.material.dossierId),
        lines.map((l) => l.material.classCode),
        lines.map((l) => l.sequence),
        lines.map((l) => l.material.materialYear),
        lines.map((l) => titleOf(l.material)),
        fixture.entryId,
      ],
    );
    await indexMaterials(
      tx,
      fixture,
      lines.map((l) => l.material),
    );
  });
}
