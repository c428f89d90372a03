import { studiesOf } from './check-work.ts';
import type { KeyFactNote } from './model.ts';
import { formatMonth } from './months.ts';
import { type CheckedDossier, note, withRole } from './note.ts';

/** What is to be known of education and degree: the chain of materials, and the order of the studies. Source: domain rules §3.4, K-07. */
export function checkStudy(dossier: CheckedDossier): KeyFactNote[] {
  return [...chainNotes(dossier), ...orderNotes(dossier), ...sameSchoolNotes(dossier)];
}

function chainNotes(dossier: CheckedDossier): KeyFactNote[] {
  const { words, holds } = dossier;
  const level = words.levels.get(holds.education?.value ?? '') ?? 0;
  const notes: KeyFactNote[] = [];
  const graduations = withRole(dossier, 'study_graduations');
  const degrees = withRole(dossier, 'study_degrees');
  const own = holds.education?.materialId ?? null;
  if (level >= words.higherLevel) {
    if (!withRole(dossier, 'study_records').length) notes.push(note('education', 'marks-missing', '§3.4', { materialIds: [own] }));
    if (!graduations.length) notes.push(note('education', 'graduation-missing', '§3.4', { materialIds: [own] }));
  }
  if (level >= words.degreeLevel && !degrees.length)
    notes.push(note('education', 'degree-missing', '§3.4', { severity: 'info', materialIds: [own] }));
  // A degree without graduation is for equivalent ability (同等学力) alone.
  if (degrees.length && !graduations.length)
    notes.push(note('education', 'degree-alone', '§3.4', { materialIds: degrees.map((m) => m.id) }));
  return notes;
}

function orderNotes(dossier: CheckedDossier): KeyFactNote[] {
  const studies = studiesOf(dossier);
  return studies.flatMap((s, at) => {
    const before = studies[at - 1];
    if (!before || s.span.from >= before.span.to) return [];
    const params = { from: formatMonth(s.span.from), to: formatMonth(Math.min(s.span.to, before.span.to)) };
    return [note('education', 'studies-overlap', 'K-07', { params, materialIds: [...before.materialIds, ...s.materialIds] })];
  });
}

/** Materials of one study, known by its months, that name two schools or subjects. */
function sameSchoolNotes({ materials }: CheckedDossier): KeyFactNote[] {
  const notes: KeyFactNote[] = [];
  for (const [code, noteCode] of [
    ['school', 'schools-differ'],
    ['major', 'majors-differ'],
  ] as const) {
    const byEnd = new Map<string, { value: string; id: string }[]>();
    for (const m of materials) {
      const [end, field] = [m.fields.graduationDate?.value?.slice(0, 7), m.fields[code]];
      const value = field && (field.confidence01 === null || field.confidence01 >= 0.75) ? field.value : null;
      if (!end || end.length < 7 || !value) continue;
      const told = { value: value.replace(/\s|专业$/gu, ''), id: m.id };
      if (!byEnd.get(end)?.push(told)) byEnd.set(end, [told]);
    }
    for (const [end, told] of byEnd)
      if (told.some((a) => told.some((b) => !a.value.includes(b.value) && !b.value.includes(a.value))))
        notes.push(note('education', noteCode, '§3.4', { params: { month: end }, materialIds: told.map((t) => t.id) }));
  }
  return notes;
}
