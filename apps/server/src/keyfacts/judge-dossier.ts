import { type CareerRow, careerOf, type Determined, judgeKeyFacts, type KeyFact, type KeyFactMaterial } from '@lantai/catalogue';
import type { Box } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { FiledDossier } from '../catalogue/index.ts';
import { evidenceWordsOf } from './evidence-words.ts';

/** What persons said of a dossier's key facts beside its catalogue. */
export interface SaidByPersons {
  readonly determinations: readonly Determined[];
  /** By material. */
  readonly marks: ReadonlyMap<string, KeyFactMaterial['marks']>;
}

/** The key facts of a dossier as it is held now. */
export function judgeDossier({ config }: Pick<Archive, 'config'>, dossier: FiledDossier, said: SaidByPersons): KeyFact[] {
  const materials = judgedMaterials(dossier, said.marks);
  // A condition of the schemes for personnel: what is not determined is not known.
  const isCadre = dossier.conditions.cadre ?? null;
  return judgeKeyFacts({ materials, determinations: said.determinations, words: evidenceWordsOf(config), isCadre });
}

/** The materials of a dossier as the rules take them. */
function judgedMaterials(dossier: FiledDossier, marks: SaidByPersons['marks']): KeyFactMaterial[] {
  return dossier.materials.map((m) => ({
    id: m.id,
    title: m.title,
    date: m.date,
    pageIds: m.pageIds,
    fields: Object.fromEntries(Object.entries(m.fields).map(([code, f]) => [code, { ...f, box: f.box as Box | null }])),
    marks: marks.get(m.id) ?? {},
  }));
}

/** Times of study and work that the materials of a dossier give, in their order (履历). */
export const careerOfDossier = (dossier: FiledDossier): CareerRow[] => careerOf(judgedMaterials(dossier, new Map()));
