import {
  type DossierMaterial,
  emptyDescription,
  type FieldDefinition,
  findSchemeClass,
  planAssemble,
  planDescribe,
  readField,
} from '@lantai/catalogue';
import type { Proposal, Proposed, ProposedField } from '@lantai/proposals';
import type { MaterialId, PageId } from '@lantai/values';
import type { TracedProposal } from '../learning/index.ts';
import type { CatalogueDraft } from './catalogue-draft.ts';
import type { FieldEvidence, MaterialDoubt, MaterialMark } from './material-rows.ts';
import { wellFormed } from './well-formed.ts';

/** What a title may hold, as one that is typed. */
const TITLE_UNITS_MAX = 500;
/** What remarks may hold, as those that are typed. */
const REMARKS_UNITS_MAX = 500;

/** Words of a page beside a value are a cell or a sentence. */
const WRITTEN_UNITS_MAX = 500;

/** A value that carries a doubt is never shown as sure, however well it was read. */
const DOUBTED_01 = 0.5;

/** What laying proposals needs beside the draft. */
export interface LayingParts {
  readonly definitions: readonly FieldDefinition[];
  newId(): string;
}

/**
 * Lays proposals on a draft: each becomes a material in state `proposed` behind those there are, with how sure each value is and where it stands.
 * Nothing that a person has arranged is touched: proposals are of loose pages. Returns how many were laid.
 */
export function layProposals(draft: CatalogueDraft, proposals: readonly TracedProposal[], parts: LayingParts): number {
  for (const proposal of proposals) layProposal(draft, proposal, parts);
  return proposals.length;
}

function layProposal(draft: CatalogueDraft, proposal: TracedProposal, { definitions, newId }: LayingParts): void {
  const id = newId() as MaterialId;
  const classCode = fitting(proposal.classCode, (code) => findSchemeClass(draft.state.scheme, code)?.holdsMaterials === true);
  const title = fitting(proposal.title, (text) => text.trim() !== '' && text.length <= TITLE_UNITS_MAX);
  const { laid, verbatim } = readFields(draft, proposal, definitions);
  const description = {
    ...emptyDescription(id),
    classCode: classCode?.value ?? null,
    title: title && wellFormed(title.value),
    date: proposal.date?.value ?? null,
    fields: Object.fromEntries(laid.flatMap(({ code, value }) => (value === null ? [] : [[code, value]]))),
    remarks: wellFormed(verbatim.join('\n').slice(0, REMARKS_UNITS_MAX)),
  };
  draft.take(planAssemble(draft.arrangement, description, proposal.pages as readonly PageId[]));
  draft.setMark(id, {
    state: 'proposed',
    confidence: {
      classCode: classCode?.confidence01 ?? null,
      title: title?.confidence01 ?? null,
      date: proposal.date?.confidence01 ?? null,
    },
    evidence: Object.fromEntries(laid.map(({ code, evidence }) => [code, evidence])),
  });
  draft.setDoubts(id, doubtsOf(draft, proposal));
  draft.laid.set(id, proposal.trace);
}

const doubtsOf = (draft: CatalogueDraft, { findings, fields }: Proposal): MaterialDoubt[] =>
  findings.map(({ code, params }) => {
    const field = typeof params?.field === 'string' ? params.field : null;
    return { code, field, ...placeOf(draft, fields[field ?? '']) };
  });

/** A material that a folder made and nobody has worked on: class and title, and no field. */
export const isBare = ({ fields }: DossierMaterial, { state, evidence }: MaterialMark): boolean =>
  state === 'proposed' && !Object.keys(fields).length && !Object.keys(evidence).length;

/**
 * Gives materials that a folder layout made the fields of the proposal that has just their pages, and its date where the folder's name had none.
 * Class and title stay as the folder says. Where the pages are grouped otherwise nothing is given. Returns how many were filled.
 */
export function fillBareMaterials(draft: CatalogueDraft, proposals: readonly Proposal[], definitions: readonly FieldDefinition[]): number {
  const proposalOf = new Map(proposals.flatMap((proposal) => proposal.pages.map((page) => [page, proposal] as const)));
  let count = 0;
  for (const material of draft.arrangement.materials) {
    if (!isBare(material, draft.getMark(material.id))) continue;
    // A blank face in the folder belongs to no proposal.
    const [proposal, ...others] = new Set(material.pages.flatMap((page) => proposalOf.get(page) ?? []));
    if (!proposal || others.length || !proposal.pages.every((page) => material.pages.includes(page as PageId))) continue;
    fillMaterial(draft, material, proposal, definitions);
    count++;
  }
  return count;
}

function fillMaterial(draft: CatalogueDraft, material: DossierMaterial, proposal: Proposal, definitions: readonly FieldDefinition[]): void {
  const { id } = material;
  const { laid, verbatim } = readFields(draft, proposal, definitions);
  const date = material.date ? null : proposal.date;
  draft.take(
    planDescribe(draft.arrangement, id, {
      fields: Object.fromEntries(laid.flatMap(({ code, value }) => (value === null ? [] : [[code, value]]))),
      ...(date ? { date: date.value } : {}),
      ...(verbatim.length && !material.remarks ? { remarks: wellFormed(verbatim.join('\n').slice(0, REMARKS_UNITS_MAX)) } : {}),
    }),
  );
  const { confidence } = draft.getMark(id);
  draft.setMark(id, {
    confidence: { ...confidence, ...(date ? { date: date.confidence01 } : {}) },
    evidence: Object.fromEntries(laid.map(({ code, evidence }) => [code, evidence])),
  });
  // What is doubted without a field is the class or the title, which the folder gave.
  draft.setDoubts(
    id,
    doubtsOf(draft, proposal).filter((doubt) => doubt.field !== null),
  );
}

const fitting = <T>(proposed: Proposed<T> | null, fits: (value: T) => boolean): Proposed<T> | null =>
  proposed && fits(proposed.value) ? proposed : null;

/** Where something stands on its page, as that is turned now. */
function placeOf(draft: CatalogueDraft, field: ProposedField | undefined) {
  const pageId = (field?.page ?? null) as PageId | null;
  const box = field?.box?.map(Math.round) ?? null;
  return { pageId, box, ...(pageId && box ? { turned: draft.state.turns.get(pageId) ?? 0 } : {}) };
}

interface LaidField {
  readonly code: string;
  /** Null: the words of the page cannot stand in the field, and are kept as they are. */
  readonly value: string | null;
  readonly evidence: FieldEvidence;
}

/**
 * The fields that the archive knows. A value that its field cannot take (1982-02-30) is kept word for word: for the remarks under the form's own
 * label, and with its place as the field's evidence. What stands on the paper is never dropped in silence.
 */
function readFields(draft: CatalogueDraft, { fields }: Proposal, definitions: readonly FieldDefinition[]) {
  const laid: LaidField[] = [];
  const verbatim: string[] = [];
  for (const [code, field] of Object.entries(fields)) {
    const definition = definitions.find((d) => d.place === 'material' && d.code === code);
    if (!definition) continue;
    const outcome = readField(definition, field.value);
    const value = 'value' in outcome ? outcome.value : null;
    const written = wellFormed(field.written).slice(0, WRITTEN_UNITS_MAX);
    if ('finding' in outcome) verbatim.push(`${field.reason.params?.label ?? definition.name.zh}：${field.written}`);
    if (value === null && !written) continue;
    const confidence01 = field.flags.length ? Math.min(field.confidence01, DOUBTED_01) : field.confidence01;
    const odd = {
      ...(written && written !== value ? { written } : {}),
      ...(field.flags.length ? { flags: [...field.flags] } : {}),
    };
    laid.push({ code, value, evidence: { confidence01, ...placeOf(draft, field), ...odd } });
  }
  return { laid, verbatim };
}
