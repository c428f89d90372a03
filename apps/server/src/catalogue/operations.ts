import {
  type DescriptionChanges,
  emptyDescription,
  type FieldDefinition,
  findSchemeClass,
  parseCopies,
  parseTags,
  planAssemble,
  planDescribe,
  planDissolve,
  planMerge,
  planMoveToClass,
  planPlacePages,
  planSplit,
  type SubjectFacts,
} from '@lantai/catalogue';
import type { MaterialEdit, Operation } from '@lantai/contract';
import { ArchiveError, type MaterialId, type PageId, parsePartialDate } from '@lantai/values';
import type { TracedProposal } from '../learning/index.ts';
import type { CatalogueDraft } from './catalogue-draft.ts';
import { changeFields } from './field-definitions.ts';
import { layProposals } from './lay-proposals.ts';
import type { FieldEvidence } from './material-rows.ts';
import type { CataloguedAs } from './material-versions.ts';
import { replacePage, restoreDescription } from './replace-operations.ts';
import { wellFormed } from './well-formed.ts';

/** What operations need beside the draft they are laid on. */
export interface OperationParts {
  readonly definitions: readonly FieldDefinition[];
  newId(): string;
  /** Subjects that names on a page mean, found or made. */
  findPersons(names: readonly string[]): Promise<readonly string[]>;
  /** What the readings of the dossier's loose pages say of the materials they make. */
  /** How a material was catalogued before a version of it. @throws ArchiveError `version/not-found` (caller) */
  getFormer(materialId: string, versionId: string): Promise<CataloguedAs>;
  propose(): Promise<readonly TracedProposal[]>;
}

/** An operation on the tree; an undo is none: it stands alone. */
export type TreeOperation = Exclude<Operation, { type: 'undo' }>;
type Of<T extends TreeOperation['type']> = Extract<TreeOperation, { type: T }>;

type Does = {
  readonly [T in TreeOperation['type']]: (draft: CatalogueDraft, operation: Of<T>, parts: OperationParts) => void | Promise<void>;
};

/** Every operation of the contract; a missing one does not compile. */
const DOES: Does = {
  assemble: (draft, { pageIds, edit }, parts) => {
    const pages = draft.checkPages(pageIds);
    const id = newMaterial(parts);
    draft.take(planAssemble(draft.arrangement, emptyDescription(id), pages));
    if (edit) editMaterial(draft, id, edit, parts);
  },
  addRecord: (draft, { edit }, parts) => {
    const id = newMaterial(parts);
    draft.take(planAssemble(draft.arrangement, emptyDescription(id), []));
    draft.setMark(id, { origin: 'typed' });
    editMaterial(draft, id, edit, parts);
  },
  split: (draft, { materialId, beforePageId }, parts) => {
    const material = draft.getMaterial(materialId);
    const at = material.pages.indexOf(beforePageId as PageId);
    if (at < 0) throw new ArchiveError('page/not-in-material', 'caller');
    draft.take(planSplit(draft.arrangement, material.id, at, newMaterial(parts)));
  },
  merge: (draft, { intoMaterialId, materialIds }) => {
    const into = draft.getMaterial(intoMaterialId).id;
    for (const id of materialIds) draft.take(planMerge(draft.arrangement, into, draft.getMaterial(id).id));
  },
  dissolve: (draft, { materialId }) => draft.take(planDissolve(draft.arrangement, draft.getMaterial(materialId).id)),
  reorderPages: (draft, { materialId, pageIds }) => {
    const material = draft.getMaterial(materialId);
    const same = pageIds.length === material.pages.length && new Set(pageIds).size === pageIds.length;
    if (!same || !material.pages.every((id) => pageIds.includes(id))) throw new ArchiveError('page/not-in-material', 'caller');
    draft.take(planPlacePages(draft.arrangement, pageIds as PageId[], { material: material.id, index: 0 }));
  },
  movePages: (draft, { pageIds, toMaterialId, position }) => {
    const pages = draft.checkPages(pageIds);
    const target = toMaterialId === null ? null : draft.getMaterial(toMaterialId);
    const end = target === null ? draft.arrangement.loose.length : target.pages.length;
    draft.take(planPlacePages(draft.arrangement, pages, { material: target?.id ?? null, index: position ?? end }));
  },
  moveMaterial: (draft, { materialId, classCode, position }) => {
    const { id } = draft.getMaterial(materialId);
    checkClass(draft, classCode);
    draft.take(planMoveToClass(draft.arrangement, id, classCode, position));
    draft.setMark(id, { confidence: { ...draft.getMark(id).confidence, classCode: null } });
  },
  edit: (draft, { materialId, edit }, parts) => editMaterial(draft, draft.getMaterial(materialId).id, edit, parts),
  confirm: (draft, { materialId }) => {
    const { id, classCode, title } = draft.getMaterial(materialId);
    if (classCode === null) throw new ArchiveError('material/unclassed', 'caller');
    if (title === null) throw new ArchiveError('material/untitled', 'caller');
    checkClass(draft, classCode);
    const { evidence } = draft.getMark(id);
    draft.setDoubts(id, []);
    draft.setMark(id, {
      state: 'confirmed',
      confidence: { classCode: null, title: null, date: null },
      evidence: Object.fromEntries(Object.entries(evidence).map(([code, seen]) => [code, { ...seen, confidence01: null }])),
    });
    // Here, not at the end: of several confirmed in one request the first gets the first number.
    draft.settleCodes();
  },
  propose: async (draft, _operation, parts) => {
    const proposals = await parts.propose();
    // What was read may have been taken up by an operation before this one.
    const loose = new Set(draft.arrangement.loose);
    layProposals(
      draft,
      proposals.filter(({ pages }) => pages.every((id) => loose.has(id as PageId))),
      parts,
    );
  },
  replacePage: (draft, operation) => replacePage(draft, operation),
  restoreVersion: async (draft, { materialId, versionId }, { getFormer }) => {
    const { id } = draft.getMaterial(materialId);
    restoreDescription(draft, id, await getFormer(id, versionId));
  },
  turnPage: (draft, { pageId, turned }) => {
    const [page] = draft.checkPages([pageId]);
    if (page) draft.setTurn(page, turned);
  },
  namePersons: async (draft, { pageId, names }, { findPersons }) => {
    const [page] = draft.checkPages([pageId]);
    if (page) draft.setPersons(page, await findPersons(names));
  },
  editDossier: (draft, { fields, tags, facts }, { definitions }) => {
    if (facts) draft.setFacts(readFacts(draft, facts));
    if (fields) draft.setFields(changeFields(definitions, 'dossier', draft.state.fields, fields));
    if (tags) draft.setTags(parseTags(tags));
  },
};

/**
 * Lays operations on a draft, one after another.
 * @throws ArchiveError (caller) `material/not-found`, `page/not-found`, `page/not-in-material`, `material/class-unknown`, `material/class-holds-none`,
 *   `material/unclassed`, `material/untitled`, `page/superseded`, `page/no-material`, `page/not-loose`, `version/not-found`, `dossier/condition-unknown`, `dossier/service-backwards`, `date/malformed`, `tag/…`, `field/…`, and what the plans of `@lantai/catalogue` refuse
 */
export async function takeOperations(draft: CatalogueDraft, operations: readonly TreeOperation[], parts: OperationParts): Promise<void> {
  for (const operation of operations) {
    const does = DOES[operation.type] as (draft: CatalogueDraft, operation: TreeOperation, parts: OperationParts) => void | Promise<void>;
    await does(draft, operation, parts);
  }
  draft.settleCodes();
}

const newMaterial = (parts: OperationParts) => parts.newId() as MaterialId;

function checkClass(draft: CatalogueDraft, classCode: string): void {
  const found = findSchemeClass(draft.state.scheme, classCode);
  if (!found) throw new ArchiveError('material/class-unknown', 'caller', { class: classCode.replace(/[^A-Za-z0-9-]/g, '') });
  if (!found.holdsMaterials) throw new ArchiveError('material/class-holds-none', 'caller', { class: classCode });
}

/** Facts of the subject as a person said them; a condition must be one of the scheme. */
function readFacts(draft: CatalogueDraft, { conditions, service, judged }: NonNullable<Of<'editDossier'>['facts']>): SubjectFacts {
  const known = draft.state.scheme.conditions;
  if (Object.keys(conditions).some((code) => !Object.hasOwn(known, code))) throw new ArchiveError('dossier/condition-unknown', 'caller');
  if (service && service.lastYear < service.firstYear) throw new ArchiveError('dossier/service-backwards', 'caller');
  return { conditions, service, ...(judged && Object.keys(judged).length ? { judged } : {}) };
}

/** Lays an edit on a material: what is not named stays; what a person says needs no confidence. */
function editMaterial(draft: CatalogueDraft, id: MaterialId, edit: MaterialEdit, { definitions }: OperationParts): void {
  const material = draft.getMaterial(id);
  const mark = draft.getMark(id);
  if (typeof edit.classCode === 'string') checkClass(draft, edit.classCode);
  const fields =
    edit.fields && changeFields(definitions, 'material', material.fields, Object.fromEntries(edit.fields.map((f) => [f.code, f.value])));
  const changes: DescriptionChanges = {
    ...(edit.classCode === undefined ? {} : { classCode: edit.classCode }),
    ...(edit.title === undefined ? {} : { title: edit.title.trim() === '' ? null : wellFormed(edit.title) }),
    ...(edit.date === undefined ? {} : { date: edit.date === null ? null : parsePartialDate(edit.date) }),
    ...(edit.copies === undefined ? {} : { copies: parseCopies(edit.copies) }),
    ...(edit.remarks === undefined ? {} : { remarks: wellFormed(edit.remarks) }),
    ...(edit.tags === undefined ? {} : { tags: parseTags(edit.tags) }),
    ...(fields === undefined ? {} : { fields }),
  };
  draft.take(planDescribe(draft.arrangement, id, changes));
  const { confidence } = mark;
  const settled = new Set([...(edit.classCode || edit.title ? [null] : []), ...(edit.fields ?? []).map((f) => f.code)]);
  draft.setDoubts(
    id,
    (mark.doubts ?? []).filter((doubt) => !settled.has(doubt.field)),
  );
  draft.setMark(id, {
    confidence: {
      classCode: edit.classCode === undefined ? confidence.classCode : null,
      title: edit.title === undefined ? confidence.title : null,
      date: edit.date === undefined ? confidence.date : null,
    },
    ...(fields === undefined ? {} : { evidence: changeEvidence(draft, mark.evidence, edit.fields ?? [], fields) }),
  });
}

/** Where the values of the fields stand now. A page named as evidence must be the dossier's own. */
function changeEvidence(
  draft: CatalogueDraft,
  before: Readonly<Record<string, FieldEvidence>>,
  typed: NonNullable<MaterialEdit['fields']>,
  values: Readonly<Record<string, string>>,
): Record<string, FieldEvidence> {
  const after = { ...before };
  for (const { code, pageId, box } of typed) {
    const [page] = pageId ? draft.checkPages([pageId]) : [];
    const turned = page && box ? { turned: draft.state.turns.get(page) ?? 0 } : {};
    after[code] = { confidence01: null, pageId: page ?? null, box: box ?? null, ...turned };
  }
  // Words that no value could be made of stay until somebody types one.
  const kept = Object.keys(after).filter((code) => values[code] === undefined && after[code]?.written !== undefined);
  return Object.fromEntries(
    [...Object.keys(values), ...kept].map((code) => [code, after[code] ?? { confidence01: null, pageId: null, box: null }]),
  );
}
