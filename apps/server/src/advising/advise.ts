import { createHash } from 'node:crypto';
import type { Scheme } from '@lantai/catalogue';
import type { PageReading, Proposal, Proposed } from '@lantai/proposals';
import { Masker } from '@lantai/search';
import type { AdviserConfig } from '../adviser-config.ts';
import type { Archive, Place } from '../archive/index.ts';
import { deskTx } from '../desk/index.ts';
import { askAdviser, questionOf } from './ask-adviser.ts';
import { type CheckedAdvice, checkAdvice } from './check-advice.ts';

/** Only what is less sure than this is asked about, and an answer never counts for more. */
const ADVISED_01 = 0.6;
/** Of one dossier at once: an adviser answers slowly, and a dossier waits for it. */
const QUESTIONS_MAX = 10;
const LINES_MAX = 40;

/** Whose pages are asked about. */
export interface AdvisedDossier {
  readonly dossierId: string;
  readonly place: Place;
  readonly scheme: Scheme;
  readonly subjectName: string | null;
  readonly pages: readonly PageReading[];
}

const isUnsure = ({ classCode, title }: Proposal): boolean =>
  (classCode?.confidence01 ?? 0) < ADVISED_01 || (title?.confidence01 ?? 0) < ADVISED_01;

/** What an adviser said that holds, by the pages of the material it was asked about. */
export type Advice = ReadonlyMap<string, CheckedAdvice>;

/** What is said when nobody was asked. */
export const NO_ADVICE: Advice = new Map();

const keyOf = ({ pages }: Proposal): string => pages.join();

/**
 * Asks the adviser, where one is configured, about proposals whose class or title stayed uncertain. Each question is an entry before it is asked, and
 * what came of it another. After the first that finds nobody no more are asked; whatever fails changes nothing. It may take minutes: the caller holds
 * no lock.
 */
export async function askAbout(archive: Archive, dossier: AdvisedDossier, proposals: readonly Proposal[]): Promise<Advice> {
  const { adviser } = archive.config;
  if (!adviser) return NO_ADVICE;
  const said = new Map<string, CheckedAdvice>();
  let left = QUESTIONS_MAX;
  for (const proposal of proposals) {
    const page = left > 0 && isUnsure(proposal) ? dossier.pages.find((p) => p.pageId === proposal.pages[0]) : undefined;
    if (!page) continue;
    const { advice, isReached } = await adviseOne(archive, adviser, dossier, proposal, page);
    left = isReached ? left - 1 : 0;
    said.set(keyOf(proposal), advice);
  }
  return said;
}

/** Takes what was said of materials of just these pages, where the proposals are still as unsure. */
export function takeAdvice<P extends Proposal>(proposals: readonly P[], advice: Advice): P[] {
  return proposals.map((proposal) => {
    const said = advice.get(keyOf(proposal));
    return said ? take(proposal, said) : proposal;
  });
}

async function adviseOne(archive: Archive, adviser: AdviserConfig, dossier: AdvisedDossier, proposal: Proposal, page: PageReading) {
  const shown = maskedText(page, proposal, dossier.subjectName);
  const question = questionOf(adviser, rulesOf(dossier.scheme), shown);
  const contentSha256 = createHash('sha256').update(question).digest();
  const { place, dossierId } = dossier;
  const log = (kind: string, params: Readonly<Record<string, string | number>>) =>
    archive.db
      .system('proposing')
      .tx((raw) =>
        deskTx(raw, archive, null, 'archive_work').log({ kind, place, dossierId, objectId: page.pageId, contentSha256, params }),
      );
  // INVARIANT: nothing is sent of which no entry tells: the digest of what is asked is durable before.
  await log('adviser.asked', { bytes: question.length });
  const answer = await askAdviser(adviser, question);
  const advice: CheckedAdvice =
    answer.outcome === 'answered' ? checkAdvice(answer.words, dossier.scheme, shown) : { classCode: null, title: null };
  const taken = (advice.classCode === null ? 0 : 1) + (advice.title === null ? 0 : 1);
  await log('adviser.answered', { outcome: answer.outcome, held: taken });
  return { advice, isReached: answer.outcome !== 'unreachable' && answer.outcome !== 'timeout' };
}

/** Classes by code and name, and the form of an answer. Nothing of anybody. */
function rulesOf({ classes }: Scheme): string {
  const list = classes.filter((c) => c.holdsMaterials).map((c) => `${c.code} ${c.name.zh}`);
  return [
    '你为档案编目。下面给出一页材料的文字，个人信息已遮盖。请判断它属于哪一类、题名是什么。',
    '只用 JSON 回答：{"classCode": "类号", "title": "题名"}。类号须取自下列各类；题名须逐字照抄页面上的文字；不能确定的填 null。',
    ...list,
  ].join('\n');
}

/** The first lines of a page without what it says of a person, as far as that is known: values of fields, the subject's name, numbers. */
function maskedText({ lines }: PageReading, { fields }: Proposal, subjectName: string | null): string {
  const values = [subjectName ?? '', ...Object.values(fields).flatMap(({ value, written }) => [value, written])];
  const hidden = [...new Set(values.map((v) => v.trim()).filter((v) => v.length > 1))].sort((a, b) => b.length - a.length);
  let text = new Masker().lines(lines.slice(0, LINES_MAX).map((line) => line.text)).join('\n');
  for (const value of hidden) text = text.replaceAll(value, '〇'.repeat(value.length));
  return text.replace(/\d/g, '〇');
}

function take<P extends Proposal>(proposal: P, { classCode, title }: CheckedAdvice): P {
  const said = (before: Proposed<string> | null, value: string | null): Proposed<string> | null =>
    value === null || (before?.confidence01 ?? 0) >= ADVISED_01
      ? before
      : { value, confidence01: ADVISED_01, page: null, box: null, reason: { code: 'adviser' } };
  return { ...proposal, classCode: said(proposal.classCode, classCode), title: said(proposal.title, title) };
}
