import { emptyDescription, planAssemble } from '@lantai/catalogue';
import type { Operation } from '@lantai/contract';
import type { MaterialId, PageId } from '@lantai/values';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Desk } from '../desk/index.ts';
import { deskTx } from '../desk/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { CatalogueDraft } from './catalogue-draft.ts';
import { lockCatalogueUnscoped } from './catalogue-state.ts';
import { operateDossier } from './operate.ts';
import { openDossierDesk } from './read-desk.ts';
import { listReviewQueue } from './review-queue.ts';
import { saveCatalogue } from './save-catalogue.ts';

const a = useArchive();
let desk: Desk;
let dossierId = '';

/** Lays a material as proposals do, this sure of its title. */
async function lay(page: number, title: string | null, sure01: number, doubts: readonly string[] = []): Promise<string> {
  const id = a.archive.clock.newId() as MaterialId;
  await a.archive.db.system('test').tx(async (raw) => {
    const tx = deskTx(raw, a.archive, null, 'archive_work');
    const loaded = (await lockCatalogueUnscoped(tx, a.archive, dossierId))!;
    const pages = loaded.pages.map((p) => p.id as PageId);
    const draft = new CatalogueDraft(loaded.state, pages);
    draft.take(planAssemble(draft.arrangement, { ...emptyDescription(id), classCode: '9-1', title }, [pages[page]!]));
    draft.setMark(id, { state: 'proposed', confidence: { classCode: 0.99, title: sure01, date: null } });
    draft.setDoubts(
      id,
      doubts.map((code) => ({ code, field: null, pageId: null, box: null })),
    );
    const entryId = a.archive.clock.newId();
    await saveCatalogue(tx, a.archive, loaded, draft.state, entryId);
    await tx.log({ id: entryId, kind: 'dossier.arranged', place: loaded.state.head.place, dossierId, objectId: dossierId });
  });
  return id;
}

const operate = async (...operations: Operation[]) => {
  const { version } = await openDossierDesk(a.archive, desk, dossierId);
  await operateDossier(a.archive, desk, dossierId, { baseVersion: version, operations });
};
const listed = async (by = desk) => (await listReviewQueue(a.archive, by, {})).items.filter((line) => line.dossierId === dossierId);

beforeEach(async () => {
  desk = await a.desk();
  dossierId = await a.addDossier({ name: '闵子骞' });
  await a.importPages(dossierId, ['1.png', '2.png', '3.png', '4.png']);
});

describe('the queue of reviews', () => {
  it('holds what was proposed, the least sure first, and lets go of what a person has settled', async () => {
    const sure = await lay(0, '工资变动审批表', 0.98);
    const doubted = await lay(1, '职工登记表', 0.99, ['proposal/check-digit']);
    const nameless = await lay(2, null, 0.99);
    expect((await listed()).map((line) => [line.materialId, Math.round(line.least01 * 100)])).toEqual([
      [nameless, 0],
      [doubted, 50],
      [sure, 98],
    ]);
    expect((await listed())[2]).toMatchObject({ name: '闵子骞', title: '工资变动审批表', classCode: '9-1', pages: 1 });
    await operate({ type: 'confirm', materialId: sure }, { type: 'dissolve', materialId: doubted });
    expect((await listed()).map((line) => line.materialId)).toEqual([nameless]);
  });

  it('goes on where the page before ended, also among materials equally sure', async () => {
    const ids = [await lay(0, '甲', 0.4), await lay(1, '乙', 0.4), await lay(2, '丙', 0.4)];
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listReviewQueue(a.archive, desk, { limit: 1, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.filter((line) => line.dossierId === dossierId).map((line) => line.materialId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.sort()).toEqual(ids.sort());
    await expect(listReviewQueue(a.archive, desk, { cursor: 'bm90IG91cnM' })).rejects.toMatchObject({ code: 'request/malformed' });
  });

  it('shows nobody a dossier beyond the own reach, and nothing to who may not arrange', async () => {
    await lay(0, '工资变动审批表', 0.5);
    const unit = await a.addUnit('U-REVIEW');
    expect(await listed(await a.desk(await a.addAccount({ role: 'archivist', unitId: unit })))).toEqual([]);
    const reader = await a.desk(await a.addAccount({ role: 'reader', unitId: unit }));
    await expect(listReviewQueue(a.archive, reader, {})).rejects.toMatchObject({ code: 'desk/not-allowed' });
  });
});
