import { ArchiveError } from '@lantai/values';
import type { Scheme, SchemeTitle } from '../scheme.ts';
import { foldTitle } from '../titles.ts';
import { YamlReader } from '../yaml-reader.ts';

/** What a kind of form proves. Titles of forms are data: docs/spec/key-facts.md. */
export const EVIDENCE_ROLES = [
  'appointment_forms',
  'determination_forms',
  'date_changes',
  'name_changes',
  'party_resolutions',
  'party_applications',
  'party_confirmations',
  'first_wage_forms',
  'start_proofs',
  'identity_proofs',
  'identity_reports',
  'identity_gradings',
  'study_records',
  'study_graduations',
  'study_degrees',
] as const;
export type EvidenceRole = (typeof EVIDENCE_ROLES)[number];

/** Which titles prove what, and the levels of education. */
export interface EvidenceWords {
  /** Folded titles, by role. */
  readonly titles: ReadonlyMap<EvidenceRole, readonly string[]>;
  /** Level of each wording of an education, from 0. */
  readonly levels: ReadonlyMap<string, number>;
  /** From this level on a chain of study is asked for, and from that one a degree. */
  readonly higherLevel: number;
  readonly degreeLevel: number;
}

/**
 * Reads `schemes/pages/key-facts.yaml`.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem and its line
 */
export function loadEvidenceWords(text: string): EvidenceWords {
  const r = new YamlReader();
  const top = r.open(text);
  const f = top ? r.fields(top, ['version', 'education_levels', 'higher_education', 'degree_education', ...EVIDENCE_ROLES], []) : {};
  r.integer(f.version, 'version', 1, 9999);
  const levels = new Map<string, number>();
  for (const [level, node] of r.list(f.education_levels, 'education_levels').entries())
    for (const wording of r.texts(node, 'education_levels')) {
      if (levels.has(wording)) r.sayAt('scheme/twice', node, { key: 'education_levels', value: wording });
      levels.set(wording, level);
    }
  const levelOf = (key: 'higher_education' | 'degree_education') => {
    const level = levels.get(r.text(f[key], key));
    if (level === undefined && f[key] !== undefined) r.sayAt('scheme/malformed', f[key], { key });
    return level ?? 0;
  };
  const words: EvidenceWords = {
    titles: new Map(EVIDENCE_ROLES.map((role) => [role, r.texts(f[role], role).map(foldTitle)])),
    levels,
    higherLevel: levelOf('higher_education'),
    degreeLevel: levelOf('degree_education'),
  };
  const [first] = r.problems;
  if (first)
    throw new ArchiveError('scheme/invalid', 'caller', {
      ...first.params,
      problem: first.code,
      problems: r.problems.length,
      file: 'key-facts',
    });
  return words;
}

/** Whether a material's title is one of a role's: the whole of it, or its end, as forms carry the issuer's name before theirs. */
export function hasRole(words: EvidenceWords, title: string | null, role: EvidenceRole): boolean {
  if (title === null) return false;
  const folded = foldTitle(title);
  return words.titles.get(role)?.some((known) => folded.endsWith(known)) ?? false;
}

/**
 * The titles under which a scheme files the document of a determination (认定材料), in the order of the data: the first is what one made here is called.
 * Empty: the scheme has no place for it.
 */
export function determinationTitles(words: EvidenceWords, scheme: Scheme): SchemeTitle[] {
  const titles = scheme.classes.flatMap((c) => c.titles);
  const known = words.titles.get('determination_forms') ?? [];
  return known.flatMap((form) => titles.filter((t) => [t.name, ...t.aliases].some((wording) => foldTitle(wording) === form)));
}
