import { checkCodeSeries, checkCompleteness, type FieldDefinition, readFields } from '@lantai/catalogue';
import type { FindingView } from '@lantai/contract';
import type { Finding } from '@lantai/values';
import type { CatalogueState } from './catalogue-state.ts';
import { codeSuffixes } from './material-codes.ts';
import { titlesOf } from './schemes.ts';

/** What the checks of the catalogue say: of the dossier as a whole, and of single materials. */
export interface CatalogueFindings {
  readonly dossier: readonly FindingView[];
  readonly byMaterial: ReadonlyMap<string, readonly FindingView[]>;
}

/**
 * Completeness, numbering and fields of a dossier as it stands. Key materials that hang on a condition which nobody has determined
 * are named for a person to look at.
 */
export function checkCatalogue(state: CatalogueState, definitions: readonly FieldDefinition[]): CatalogueFindings {
  const { scheme, arrangement, marks } = state;
  const findings = checkCompleteness(
    scheme,
    arrangement.materials.map((m) => ({
      id: m.id,
      classCode: m.classCode,
      title: m.title,
      date: m.date,
      pages: m.pages.length,
      record: marks.get(m.id)?.origin === 'typed',
    })),
    state.facts,
    titlesOf(scheme),
  );
  const { form, suffixes } = codeSuffixes(state);
  const dossier = [
    ...findings.filter((f) => f.params?.material === undefined),
    ...checkCodeSeries(form, suffixes, 'seq'),
    ...readFields(definitions, 'dossier', null, state.fields).findings,
  ];
  const byMaterial = new Map<string, FindingView[]>();
  const say = (id: string, finding: Finding) => {
    const view = viewOf(finding, id);
    if (!byMaterial.get(id)?.push(view)) byMaterial.set(id, [view]);
  };
  for (const f of findings) if (f.params?.material !== undefined) say(String(f.params.material), f);
  for (const m of arrangement.materials) for (const f of readFields(definitions, 'material', m.classCode, m.fields).findings) say(m.id, f);
  return { dossier: dossier.map((f) => viewOf(f, null)), byMaterial };
}

function viewOf({ code, severity, params = {} }: Finding, materialId: string | null): FindingView {
  const { material: _, ...rest } = params;
  const classCode = typeof rest.class === 'string' ? rest.class : null;
  return {
    code,
    severity,
    ...(materialId === null ? {} : { materialId }),
    ...(classCode === null ? {} : { classCode }),
    ...(Object.keys(rest).length ? { params: rest } : {}),
  };
}
