import { type FieldDefinition, type FieldForm, LONGEST_FIELD_TEXT, readField, type Words } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Sql } from '../db/index.ts';
import { HOUSE_FIELDS } from './house-fields.ts';

interface Row {
  place: 'dossier' | 'material';
  code: string;
  kind: FieldForm['kind'];
  definition: { name: Words; choices?: string[] };
}

const DECIMALS_MAX = 6;

function formOf({ kind, definition }: Row): FieldForm {
  switch (kind) {
    case 'text':
      return { kind, longest: LONGEST_FIELD_TEXT };
    case 'number':
      return { kind, least: null, most: null, decimals: DECIMALS_MAX };
    case 'date':
      return { kind };
    case 'choice':
      return { kind, choices: definition.choices ?? [] };
  }
}

/** A field's code with its Chinese name where the archive gave one: what masking goes by. */
export function fieldNamer(definitions: readonly FieldDefinition[]): (code: string) => string {
  const names = new Map(definitions.map((d) => [d.code, d.name.zh === d.code ? d.code : `${d.code} ${d.name.zh}`]));
  return (code) => names.get(code) ?? code;
}

/** The fields of a fonds: those it has defined for itself, and those of the house that it has not defined otherwise. */
export async function readFieldDefinitions(sql: Sql, fondsId: string): Promise<FieldDefinition[]> {
  const rows = await sql.queryNamed<Row>(
    'catalogue-field-definitions',
    'select place, code, kind, definition from field_definition where fonds_id = $1 order by place, code',
    [fondsId],
  );
  const own = rows.map(
    (row): FieldDefinition => ({
      code: row.code,
      name: row.definition.name,
      place: row.place,
      classCodes: [],
      required: false,
      form: formOf(row),
    }),
  );
  return [...own, ...HOUSE_FIELDS.filter((f) => !own.some((o) => o.place === f.place && o.code === f.code))];
}

/**
 * Lays typed values over those there are: an empty value removes one. Each is kept in its one written form.
 * @throws ArchiveError `field/unknown` and what `readField` finds (caller); never with the value
 */
export function changeFields(
  definitions: readonly FieldDefinition[],
  place: 'dossier' | 'material',
  before: Readonly<Record<string, string>>,
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const after = { ...before };
  for (const [code, text] of Object.entries(typed)) {
    const definition = definitions.find((d) => d.place === place && d.code === code);
    // A field that was defined once may still be emptied.
    if (!definition && text.trim() !== '') throw new ArchiveError('field/unknown', 'caller', { count: 1 });
    const outcome = definition ? readField(definition, text) : { value: null };
    if ('finding' in outcome) throw new ArchiveError(outcome.finding.code, 'caller', outcome.finding.params);
    if (outcome.value === null) delete after[code];
    else after[code] = outcome.value;
  }
  return after;
}
