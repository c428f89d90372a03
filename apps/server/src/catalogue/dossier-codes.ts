import {
  type CodeParts,
  type CodeStandard,
  findCodeParts,
  getCodeForm,
  numberPartOf,
  type Scheme,
  schemeCodes,
  seriesOf,
} from '@lantai/catalogue';
import { isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';

/** A code of a dossier beside its leading one. */
export interface OtherCode {
  readonly code: string;
  readonly form: CodeStandard | null;
  readonly standing: 'second' | 'former';
  readonly sinceMs: number;
}

/** Which form leads in a fonds for dossiers of a scheme, and which is kept beside it; null: as codes were always given, or none. */
export interface CodeRule {
  readonly leading: CodeStandard | null;
  readonly second: CodeStandard | null;
}

export const NO_CODE_RULE: CodeRule = { leading: null, second: null };

/** The rule of a fonds for a scheme. */
export async function readCodeRule(sql: Pick<Sql, 'one'>, fondsId: string, schemeId: string): Promise<CodeRule> {
  const row = await sql.one<CodeRule>(
    'select leading_form as "leading", second_form as "second" from code_rule where fonds_id = $1 and scheme = $2',
    [fondsId, schemeId],
  );
  return row ?? NO_CODE_RULE;
}

/** Second and former codes of dossiers, by dossier: the second first, the newest former before older ones. The caller has looked at the scope. */
export async function readOtherCodes(sql: Pick<Sql, 'query'>, dossierIds: readonly string[]): Promise<Map<string, OtherCode[]>> {
  const rows = await sql.query<{
    dossier_id: string;
    code: string;
    form: OtherCode['form'];
    standing: OtherCode['standing'];
    since_ms: number;
  }>(
    `select dossier_id, code, form, standing, since_ms from dossier_code where dossier_id = any($1::uuid[]) order by standing desc, id desc`,
    [dossierIds],
  );
  const codes = new Map<string, OtherCode[]>();
  for (const { dossier_id, since_ms, ...code } of rows)
    codes.set(dossier_id, [...(codes.get(dossier_id) ?? []), { ...code, sinceMs: since_ms }]);
  return codes;
}

/** What a code of a dossier is made of. */
export interface CodeSubject {
  readonly fondsId: string;
  readonly fondsCode: string;
  /** Code of the unit, where a form names the office. */
  readonly unitCode: string;
  /** Year in which the dossier was opened, by the archive's clock. */
  readonly year: number;
  /** Its code now; what it says of year, office, period and number stands in the next form too. Null: it has none yet. */
  readonly code: string | null;
}

const OFFICE = /^[\p{Script=Han}A-Z0-9]{1,20}$/u;

/** What is known of a dossier's code, and the number that it would keep. */
function partsOf(scheme: Scheme, subject: CodeSubject): { readonly parts: CodeParts; readonly number: number | null } {
  const read = subject.code === null ? null : findCodeParts(schemeCodes(scheme.codes).dossier, subject.code);
  const numberPart = read && read.form.numbers.size > 0 ? numberPartOf(read.form) : null;
  const said = Object.fromEntries(Object.entries(read?.parts ?? {}).filter(([name]) => name !== numberPart && name !== 'fonds'));
  const office = subject.unitCode.normalize('NFKC').toUpperCase();
  const parts = {
    ...scheme.codes.parts,
    year: String(subject.year),
    ...(OFFICE.test(office) ? { office } : {}),
    ...said,
    fonds: subject.fondsCode,
  };
  return { parts, number: numberPart === null ? null : Number(read?.parts[numberPart]) };
}

/**
 * The code of a dossier by a standard: with the number that it has, where that is free in the series, else the one behind the last.
 * Two callers may be told the same: the table lets only one have it.
 * @returns null when the code cannot be made: the fonds' or the unit's code does not fit the standard
 */
export async function nextCodeBy(archive: Archive, scheme: Scheme, standard: CodeStandard, subject: CodeSubject): Promise<string | null> {
  const template = scheme.codes.standards[standard];
  if (template === undefined) return null;
  const { parts, number } = partsOf(scheme, subject);
  try {
    const series = seriesOf(getCodeForm(template), parts);
    const whole = archive.db.system('unique-code');
    if (number !== null) {
      const kept = series.of(number);
      if (!(await whole.one('select 1 as one from code_taken where fonds_id = $1 and code = $2', [subject.fondsId, kept]))) return kept;
    }
    const row = await whole.one<{ last: number | null }>(
      `select max(substr(code, length($2) + 1, length(code) - length($2) - length($3))::bigint) as last from code_taken
       where fonds_id = $1 and starts_with(code, $2) and right(code, length($3)) = $3
         and substr(code, length($2) + 1, length(code) - length($2) - length($3)) ~ '^[0-9]{1,12}$'`,
      [subject.fondsId, series.before, series.after],
    );
    return series.of((row?.last ?? 0) + 1);
  } catch (error) {
    // What the standard wants and this fonds or unit has not is an expected outcome; the dossier keeps the code it has.
    if (isArchiveError(error, 'code/part-missing') || isArchiveError(error, 'code/part-malformed')) return null;
    throw error;
  }
}
