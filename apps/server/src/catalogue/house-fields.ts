import type { FieldDefinition, FieldForm } from '@lantai/catalogue';

const TEXT: FieldForm = { kind: 'text', longest: 200 };
const DATE: FieldForm = { kind: 'date' };
const MONTHS: FieldForm = { kind: 'number', least: 0, most: 1200, decimals: 0 };
const MONEY: FieldForm = { kind: 'number', least: 0, most: null, decimals: 2 };

/** Values that the forms of personnel dossiers carry, known to the program under these codes; an archive adds its own. */
const FORMS: Readonly<Record<string, FieldForm>> = {
  birthDate: DATE,
  certificateNo: TEXT,
  contractEnd: DATE,
  contractStart: DATE,
  contributionBase: MONEY,
  degree: TEXT,
  documentNo: TEXT,
  education: TEXT,
  enrolDate: DATE,
  ethnicity: TEXT,
  grade: TEXT,
  graduationDate: DATE,
  idNumber: TEXT,
  leagueDate: DATE,
  leaveDate: DATE,
  level: TEXT,
  major: TEXT,
  monthlyWage: MONEY,
  name: TEXT,
  nativePlace: TEXT,
  nonCompeteMonths: MONTHS,
  occupation: TEXT,
  partyDate: DATE,
  politicalStatus: TEXT,
  position: TEXT,
  probationMonths: MONTHS,
  school: TEXT,
  sex: TEXT,
  title: TEXT,
  unit: TEXT,
  workStart: DATE,
  year: TEXT,
};

/** The house's fields of materials. Their words stand with the web page's, under `field.<code>`. */
export const HOUSE_FIELDS: readonly FieldDefinition[] = Object.entries(FORMS).map(([code, form]) => ({
  code,
  name: { zh: code, en: code },
  place: 'material',
  classCodes: [],
  required: false,
  form,
}));
