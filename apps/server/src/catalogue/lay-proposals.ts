import { emptyDescription, type FieldDefinition, findSchemeClass, planAssemble, readField } from '@lantai/catalogue';
import type { Proposal, Proposed, ProposedField } from '@lantai/proposals';
import type { MaterialId, PageId } from '@lantai/values';
import type { CatalogueDraft } from './catalogue-draft.ts';
import type { FieldEvidence, MaterialDoubt } from './material-rows.ts';
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
export function layProposals(draft: CatalogueDraft, proposals: readonly Proposal[], parts: LayingParts): number {
  for (const proposal of proposals) layProposal(draft, proposal, parts);
  return proposals.length;
}

function layProposal(draft: CatalogueDraft, proposal: Proposal, { definitions, newId }: LayingParts): void {
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
  draft.setDoubts(
    id,
    proposal.findings.map(({ code, params }): MaterialDoubt => {
      const field = typeof params?.field === 'string' ? params.field : null;
      return { code, field, ...placeOf(draft, proposal.fields[field ?? '']) };
    }),
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
