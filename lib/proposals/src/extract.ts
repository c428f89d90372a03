import type { Finding } from '@lantai/values';
import { type Candidate, candidatesFor, findNamePlace } from './candidates.ts';
import type { UnderstoodPage } from './page-judgement.ts';
import type { FieldWords, FormWords } from './page-words.ts';
import { boxOfPieces, readingConfidence01 } from './places.ts';
import type { ProposedField } from './proposal.ts';
import { isSameName } from './subject.ts';
import type { Readers } from './values.ts';

/** Values of one material with what is odd about them. */
export interface Extracted {
  readonly fields: Readonly<Record<string, ProposedField>>;
  readonly findings: readonly Finding[];
}

/** The best of what the pages offer for each field of the form. */
export function extractFields(form: FormWords, pages: readonly UnderstoodPage[], subjectName: string | null, readers: Readers): Extracted {
  const fields: Record<string, ProposedField> = {};
  const findings: Finding[] = [];
  for (const source of form.fields) {
    const field = readers.words.fields.get(source.code);
    if (!field) continue;
    const offered = candidatesFor(field, source, pages, readers);
    const best = field.kind === 'person' ? chooseName(field.code, offered, subjectName, pages, findings) : choose(offered);
    if (best) fields[source.code] = proposed(field, best, offered);
  }
  return { fields, findings: [...findings, ...checkFields(fields)] };
}

const worth = (c: Candidate): number => c.fit01 * c.way01;

export function choose(offered: readonly Candidate[]): Candidate | null {
  let best: Candidate | null = null;
  for (const c of offered) if (!best || worth(c) > worth(best) + 1e-9) best = c;
  return best;
}

/** The subject's own name where the form has one like it; another person's name as it stands, with a finding. */
function chooseName(
  fieldCode: string,
  offered: readonly Candidate[],
  subjectName: string | null,
  pages: readonly UnderstoodPage[],
  findings: Finding[],
): Candidate | null {
  const best = choose(offered);
  if (subjectName === null) return best;
  const own = offered.find((c) => isSameName(c.value, subjectName));
  if (own) return own.value === subjectName ? own : { ...own, value: subjectName, fit01: 0.93, flags: ['repaired'] };
  const place = findNamePlace(subjectName, pages);
  if (place) return place;
  if (best && best.reason.code === 'label' && best.fit01 >= 0.95)
    findings.push({ code: 'proposal/other-person', severity: 'warning', params: { field: fieldCode } });
  return best;
}

/** How much a line's own confidence takes from a value: handwriting that the reader doubted is wrong more often. */
function reading01(pieces: Candidate['pieces']): number {
  const c = readingConfidence01(pieces);
  return c >= 0.9 ? 1 : c >= 0.8 ? 0.985 : c >= 0.7 ? 0.965 : 0.9;
}

/** How much the least sure character takes from a value that nothing proves (a list, a check digit): its line may be sure of all the others. */
function doubt01(pieces: Candidate['pieces']): number {
  let least = 1;
  for (const { line, start, end } of pieces)
    for (const { at, options } of line.line.candidates ?? [])
      if (at >= start && at < end && /[\p{L}\p{N}]/u.test(line.text[at] ?? '')) least = Math.min(least, options[0]?.confidence01 ?? 1);
  return least >= 0.88 ? 1 : least >= 0.75 ? 0.96 : least >= 0.6 ? 0.94 : 0.9;
}

function proposed(field: FieldWords, best: Candidate, offered: readonly Candidate[]): ProposedField {
  const others = offered.filter((c) => c !== best && c.fit01 > 0.8 && c.way01 > 0.9);
  const agrees = others.some((c) => c.value === best.value);
  const differs = others.some((c) => c.value !== best.value && field.kind !== 'post' && field.kind !== 'person');
  const proven = field.kind === 'id_number' || field.kind === 'sex' || field.kind === 'choice';
  let confidence01 = worth(best) * reading01(best.pieces) * (proven ? 1 : doubt01(best.pieces));
  if (agrees) confidence01 = 1 - (1 - confidence01) * 0.5;
  else if (differs) confidence01 *= 0.97;
  return {
    value: best.value,
    written: best.written,
    confidence01: Math.round(Math.min(0.995, confidence01) * 1000) / 1000,
    page: best.pageId,
    box: best.pieces.length ? boxOfPieces(best.pieces) : null,
    reason: best.reason,
    flags: best.flags,
  };
}

/** What the fields of one material say against one another or by themselves. */
function checkFields(fields: Readonly<Record<string, ProposedField>>): Finding[] {
  const out: Finding[] = [];
  const warn = (code: string, field: string) =>
    out.push({ code, severity: 'warning', params: { field }, ...(fields[field]?.box ? { box: fields[field].box } : {}) });
  for (const [code, { flags }] of Object.entries(fields)) {
    if (flags.includes('not_a_date')) warn('proposal/impossible-date', code);
    if (flags.includes('lunar')) warn('proposal/lunar-date', code);
    if (flags.includes('check_digit')) warn('proposal/check-digit', code);
  }
  const { idNumber, birthDate, sex } = fields;
  if (!idNumber || idNumber.flags.includes('check_digit')) return out;
  const inside = `${idNumber.value.slice(6, 10)}-${idNumber.value.slice(10, 12)}`;
  if (birthDate && birthDate.value.length >= 7 && birthDate.value.slice(0, 7) !== inside)
    warn('proposal/birth-differs-from-number', 'birthDate');
  if (sex && (Number(idNumber.value[16]) % 2 === 1 ? '男' : '女') !== sex.value) warn('proposal/sex-differs-from-number', 'sex');
  return out;
}
