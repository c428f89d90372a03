import { planDescribe, planMoveToClass, planPlacePages } from '@lantai/catalogue';
import type { Operation } from '@lantai/contract';
import { ArchiveError, type MaterialId, type PageId } from '@lantai/values';
import type { CatalogueDraft } from './catalogue-draft.ts';
import type { FieldEvidence, MaterialDoubt, MaterialMark } from './material-rows.ts';
import type { CataloguedAs } from './material-versions.ts';
import { wellFormed } from './well-formed.ts';

/**
 * A loose page takes the place of one whose scan is bad. The bad one leaves its material and stays with all that is known of it; who is named on
 * the face stays named, and values read on the old scan keep their page, without the box: the sheet lies elsewhere on the new one.
 * @throws ArchiveError (caller) `page/not-found`, `page/superseded`, `page/no-material`, `page/not-loose`
 */
export function replacePage(draft: CatalogueDraft, operation: Extract<Operation, { type: 'replacePage' }>): void {
  const [page, by] = draft.checkPages([operation.pageId, operation.byPageId]);
  const material = draft.arrangement.materials.find((m) => m.pages.includes(page as PageId));
  if (!page || !material) throw new ArchiveError('page/no-material', 'caller');
  if (!by || !draft.arrangement.loose.includes(by)) throw new ArchiveError('page/not-loose', 'caller');
  const index = material.pages.indexOf(page);
  draft.take(planPlacePages(draft.arrangement, [by], { material: material.id, index }));
  draft.take(planPlacePages(draft.arrangement, [page], { material: null, index: draft.arrangement.loose.length }));
  draft.setSuperseded(page, { by, reason: wellFormed(operation.reason) });
  const persons = draft.state.persons.get(page);
  if (persons) draft.setPersons(by, persons);
  draft.setMark(material.id, onOtherPage(draft.getMark(material.id), page, by));
}

/** What was seen on one page, as seen on another whose places are not known. */
function onOtherPage({ evidence, doubts }: MaterialMark, page: PageId, by: PageId): Pick<MaterialMark, 'evidence' | 'doubts'> {
  const seenThere = ({ turned: _, ...seen }: FieldEvidence): FieldEvidence => ({ ...seen, pageId: by, box: null });
  const doubtThere = ({ turned: _, ...doubt }: MaterialDoubt): MaterialDoubt => ({ ...doubt, pageId: by, box: null });
  return {
    evidence: Object.fromEntries(Object.entries(evidence).map(([code, seen]) => [code, seen.pageId === page ? seenThere(seen) : seen])),
    ...(doubts ? { doubts: doubts.map((doubt) => (doubt.pageId === page ? doubtThere(doubt) : doubt)) } : {}),
  };
}

/**
 * Catalogues a material as it was before: class, title, date, copies, remarks, tags and fields. Its pages, state and place in the order stay;
 * a code that names another class is given anew, as for any change of class.
 */
export function restoreDescription(draft: CatalogueDraft, id: MaterialId, { description, mark }: CataloguedAs): void {
  const { classCode, title, date, copies, remarks, tags, fields } = description;
  if (classCode !== null && draft.getMaterial(id).classCode !== classCode) draft.take(planMoveToClass(draft.arrangement, id, classCode));
  draft.take(planDescribe(draft.arrangement, id, { classCode, title, date, copies, remarks, tags, fields }));
  const pages = new Set(draft.getMaterial(id).pages as readonly string[]);
  // Places on pages that went elsewhere meanwhile are none of this material's.
  const evidence = Object.fromEntries(
    Object.entries(mark.evidence).map(([code, seen]) => [
      code,
      seen.pageId === null || pages.has(seen.pageId) ? seen : { ...seen, pageId: null, box: null },
    ]),
  );
  draft.setMark(id, { evidence, confidence: mark.confidence });
}
