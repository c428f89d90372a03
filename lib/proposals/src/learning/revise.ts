import type { Proposal } from '../proposal.ts';
import type { Decision, Said } from './decide.ts';
import type { Ruled } from './example.ts';
import { kindOfTitle, titleOfKind } from './kinds.ts';

/** A proposal after learning was asked. */
export interface Revision {
  readonly proposal: Proposal;
  /** Whether class or title are others than the rules proposed. */
  readonly isChanged: boolean;
}

/** What the rules proposed of a material, as learning compares it. */
export const ruledOf = ({ classCode, title }: Proposal): Ruled => ({
  classCode: classCode?.value ?? null,
  class01: classCode?.confidence01 ?? 0,
  title: title ? kindOfTitle(title.value) : null,
  title01: title?.confidence01 ?? 0,
});

const YEAR = /(?:19|20)\d{2}(?=年)/u;

/**
 * A proposal with what learning says of class and title; dates, fields and pages stay. A value that was learned has no place on a page, and
 * `learnt` as its reason; a title whose year is not known stays as the rules have it.
 */
export function revise(proposal: Proposal, { classCode, title }: Decision): Revision {
  const own = proposal.title && Number(YEAR.exec(proposal.title.value)?.[0]);
  const year = own || proposal.date?.value.year || null;
  const learntTitle = title.by === 'learnt' && title.value !== null ? titleOfKind(title.value, year) : null;
  const next: Proposal = {
    ...proposal,
    classCode: asSaid(proposal.classCode, classCode, classCode.value),
    title: title.by === 'learnt' && learntTitle === null ? proposal.title : asSaid(proposal.title, title, learntTitle),
  };
  const isChanged = next.classCode?.value !== proposal.classCode?.value || next.title?.value !== proposal.title?.value;
  return { proposal: next, isChanged };
}

/** Codes of reasons by which a value was learned. */
const LEARNT = { code: 'learnt' } as const;

function asSaid(before: Proposal['title'], said: Said, learnt: string | null): Proposal['title'] {
  const confidence01 = Math.round(said.confidence01 * 1000) / 1000;
  if (said.by === 'rules') return before && { ...before, confidence01 };
  return learnt === null ? before : { value: learnt, confidence01, page: null, box: null, reason: LEARNT };
}
