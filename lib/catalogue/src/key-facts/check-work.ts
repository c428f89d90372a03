import { comparePartialDates, type PartialDate } from '@lantai/values';
import type { KeyFactMaterial, KeyFactNote } from './model.ts';
import { formatMonth, type MonthSpan, spanOfDate, yearsAtMost } from './months.ts';
import { type CheckedDossier, fieldDate, heldDate, note, withRole } from './note.ts';

/** Nobody starts work before this age; forces, sport and art have exceptions, so a person looks (§3.2, K-04). */
const WORK_AGE_YEARS = 16;

/** What is to be known of the start of work. Source: domain rules §3.2, K-04, K-06. */
export function checkWorkStart(dossier: CheckedDossier): KeyFactNote[] {
  const start = heldDate(dossier, 'workStart');
  if (!start) return [];
  const birth = heldDate(dossier, 'birthDate');
  const notes: KeyFactNote[] = [];
  const own = dossier.holds.workStart?.materialId ?? null;
  if (birth && yearsAtMost(birth, start) < WORK_AGE_YEARS)
    notes.push(
      note('workStart', 'work-too-young', 'K-04', {
        params: { years: yearsAtMost(birth, start), least: WORK_AGE_YEARS },
        materialIds: [own],
      }),
    );
  for (const study of studiesOf(dossier))
    if (study.span.from < spanOfDate(start).from && spanOfDate(start).to < study.span.to)
      notes.push(
        note('workStart', 'work-while-studying', 'K-06', { params: monthsOf(study.span), materialIds: [own, ...study.materialIds] }),
      );
  for (const form of withRole(dossier, 'first_wage_forms'))
    if (form.date && comparePartialDates(form.date, start) < 0 && spanOfDate(form.date).to < spanOfDate(start).from)
      notes.push(note('workStart', 'work-after-first-wage', 'K-06', { materialIds: [own, form.id] }));
  const proofs = withRole(dossier, 'start_proofs');
  notes.push(
    proofs.length
      ? note('workStart', 'start-proved', '§3.2', {
          severity: 'info',
          params: { count: proofs.length },
          materialIds: proofs.map((m) => m.id),
        })
      : note('workStart', 'start-unproved', '§3.2'),
  );
  return notes;
}

/** A time of study or employment that materials give. */
export interface Stretch {
  readonly span: MonthSpan;
  readonly place: string;
  readonly materialIds: readonly string[];
}

/** Times of full-time study, by school, in their order: materials of one school that meet are one. */
export function studiesOf({ materials }: Pick<CheckedDossier, 'materials'>): Stretch[] {
  return gather(
    materials.flatMap((m) => stretchOf(m, m.fields.school?.value ?? null, fieldDate(m, 'enrolDate'), fieldDate(m, 'graduationDate'))),
  );
}

/** Times of employment that contracts and their ends give, in their order. */
export function employmentsOf({ materials }: Pick<CheckedDossier, 'materials'>): Stretch[] {
  return gather(
    materials.flatMap((m) =>
      stretchOf(m, m.fields.unit?.value ?? null, fieldDate(m, 'contractStart'), fieldDate(m, 'leaveDate') ?? fieldDate(m, 'contractEnd')),
    ),
  );
}

function stretchOf(m: KeyFactMaterial, place: string | null, from: PartialDate | null, to: PartialDate | null): Stretch[] {
  if (!from?.month || !to?.month || comparePartialDates(from, to) >= 0) return [];
  return [{ span: { from: spanOfDate(from).from, to: spanOfDate(to).to }, place: place ?? '', materialIds: [m.id] }];
}

function gather(stretches: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const s of [...stretches].sort((a, b) => a.span.from - b.span.from || a.span.to - b.span.to)) {
    const at = out.findIndex((o) => o.place === s.place && s.span.from <= o.span.to + 1);
    const known = out[at];
    if (!known) out.push(s);
    else
      out[at] = {
        ...known,
        span: { from: known.span.from, to: Math.max(known.span.to, s.span.to) },
        materialIds: [...new Set([...known.materialIds, ...s.materialIds])],
      };
  }
  return out;
}

const monthsOf = ({ from, to }: MonthSpan) => ({ from: formatMonth(from), to: formatMonth(to) });

/**
 * Gaps and overlaps of the career at month precision: more than a month between one stretch and the next, and employments at two places, or
 * full-time study during one. Source: domain rules §3.5, K-07, K-08. Posts held beside another are for a person to know of.
 */
export function checkExperience(dossier: CheckedDossier): KeyFactNote[] {
  const employments = employmentsOf(dossier);
  const all = [...studiesOf(dossier).map((s) => ({ ...s, isStudy: true })), ...employments.map((s) => ({ ...s, isStudy: false }))].sort(
    (a, b) => a.span.from - b.span.from || a.span.to - b.span.to,
  );
  const notes: KeyFactNote[] = [];
  let reached: (typeof all)[number] | null = null;
  for (const s of all) {
    const materialIds = reached ? [...reached.materialIds, ...s.materialIds] : [];
    if (reached && !reached.isStudy && s.span.from - reached.span.to > 2) {
      const gap = { from: reached.span.to + 1, to: s.span.from - 1 };
      notes.push(note('experience', 'career-gap', 'K-08', { params: { ...monthsOf(gap), months: gap.to - gap.from + 1 }, materialIds }));
    }
    // The month in which one ends and the next begins is no overlap.
    if (reached && s.span.from < reached.span.to && !(s.isStudy && reached.isStudy)) {
      const overlap = { from: s.span.from, to: Math.min(s.span.to, reached.span.to) };
      const code = s.isStudy || reached.isStudy ? 'study-while-employed' : 'career-overlap';
      notes.push(note('experience', code, code === 'career-overlap' ? 'K-08' : 'K-07', { params: monthsOf(overlap), materialIds }));
    }
    if (!reached || s.span.to > reached.span.to) reached = s;
  }
  return [...notes, ...checkBackedYears(dossier)];
}

/** Years between the start of work and the last material that no material at all was made in. */
function checkBackedYears(dossier: CheckedDossier): KeyFactNote[] {
  const start = heldDate(dossier, 'workStart');
  const years = new Set(dossier.materials.flatMap((m) => m.date?.year ?? []));
  const last = Math.max(...years);
  if (!start || !years.size) return [];
  const bare: number[] = [];
  for (let year = start.year; year <= last; year++) if (!years.has(year)) bare.push(year);
  const [first] = bare;
  return first === undefined
    ? []
    : [
        note('experience', 'years-unbacked', '§3.5', {
          severity: 'info',
          params: { count: bare.length, from: first, to: bare.at(-1) ?? first },
        }),
      ];
}
