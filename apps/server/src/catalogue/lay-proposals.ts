import { emptyDescription, type FieldDefinition, findSchemeClass, planAssemble, readField } from '@lantai/catalogue';
import type { Proposal, Proposed } from '@lantai/proposals';
import type { MaterialId, PageId } from '@lantai/values';
import type { CatalogueDraft } from './catalogue-draft.ts';
import type { FieldEvidence } from './material-rows.ts';
import { wellFormed } from './well-formed.ts';

/** What a title may hold, as one that is typed. */
const TITLE_UNITS_MAX = 500;

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
  const fields = readFields(draft, proposal, definitions);
  const description = {
    ...emptyDescription(id),
    classCode: classCode?.value ?? null,
    title: title && wellFormed(title.value),
    date: proposal.date?.value ?? null,
    fields: Object.fromEntries(fields.map(({ code, value }) => [code, value])),
  };
  draft.take(planAssemble(draft.arrangement, description, proposal.pages as readonly PageId[]));
  draft.setMark(id, {
    state: 'proposed',
    confidence: {
      classCode: classCode?.confidence01 ?? null,
      title: title?.confidence01 ?? null,
      date: proposal.date?.confidence01 ?? null,
    },
    evidence: Object.fromEntries(fields.map(({ code, evidence }) => [code, evidence])),
  });
}

const fitting = <T>(proposed: Proposed<T> | null, fits: (value: T) => boolean): Proposed<T> | null =>
  proposed && fits(proposed.value) ? proposed : null;

interface LaidField {
  readonly code: string;
  readonly value: string;
  readonly evidence: FieldEvidence;
}

/** The fields that the archive knows and whose values can stand in them. */
function readFields(draft: CatalogueDraft, { fields }: Proposal, definitions: readonly FieldDefinition[]): LaidField[] {
  return Object.entries(fields).flatMap(([code, field]): LaidField[] => {
    const definition = definitions.find((d) => d.place === 'material' && d.code === code);
    const outcome = definition ? readField(definition, field.value) : { value: null };
    if (!('value' in outcome) || outcome.value === null) return [];
    const page = field.page as PageId | null;
    const box = field.box?.map(Math.round) ?? null;
    const confidence01 = field.flags.length ? Math.min(field.confidence01, DOUBTED_01) : field.confidence01;
    const turned = page && box ? { turned: draft.state.turns.get(page) ?? 0 } : {};
    return [{ code, value: outcome.value, evidence: { confidence01, pageId: page, box, ...turned } }];
  });
}
