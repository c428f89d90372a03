import { type FieldDefinition, type FieldForm, LONGEST_FIELD_TEXT, type Words } from '@lantai/catalogue';
import type { Sql } from '../db/index.ts';

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

/** The fields that a fonds has defined for itself. */
export async function readFieldDefinitions(sql: Sql, fondsId: string): Promise<FieldDefinition[]> {
  const rows = await sql.queryNamed<Row>(
    'catalogue-field-definitions',
    'select place, code, kind, definition from field_definition where fonds_id = $1 order by place, code',
    [fondsId],
  );
  return rows.map((row) => ({
    code: row.code,
    name: row.definition.name,
    place: row.place,
    classCodes: [],
    required: false,
    form: formOf(row),
  }));
}
