import type { SchemeInspection } from './scheme-inspection.ts';

/** Words for people, Chinese first; codes are for machines. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** Whether a dossier must hold a material of this title: always, when a named condition holds, or as it comes. */
export type Need = 'required' | 'conditional' | 'optional';

/**
 * The day from which a retention period counts: 1 January of the year after the material was formed; the end of the employment; the end of a
 * restraint such as one of competition; the end of the processing of personal information.
 */
export const RETENTION_STARTS = ['formed', 'employment_ended', 'restraint_ended', 'processing_ended'] as const;
export type RetentionStart = (typeof RETENTION_STARTS)[number];

/** A retention period (保管期限): the least time that a material is kept. */
export interface Retention {
  /** `Y` permanent, `D30` thirty years. */
  readonly code: string;
  /** Null when and only when it is permanent. */
  readonly from: RetentionStart | null;
}

/** One title of a material (材料名称) as a scheme knows it. */
export interface SchemeTitle {
  readonly classCode: string;
  /** As the catalogue writes it; may hold `{year}`, four digits (`{year}年度考核登记表`). */
  readonly name: string;
  /** Other wordings that mean the same title; may hold `{year}` and `{any}` (1 to 40 characters). */
  readonly aliases: readonly string[];
  /** True for a key material (关键材料): evidence for 三龄两历一身份 or a pension. */
  readonly key: boolean;
  readonly need: Need;
  /** Code of the condition in {@link Scheme.conditions}; set when and only when `need` is conditional. */
  readonly when: string | null;
  /** Titles with the same word here stand in for one another: one of them is enough. */
  readonly oneOf: string | null;
  /** First year from which one is expected each year of service, or null. */
  readonly yearlyFrom: number | null;
  /** How the form usually comes; a hint for grouping pages, never a rule. */
  readonly extent: 'one_page' | 'booklet' | null;
  /** Its own, else its class's, else the scheme's; null where none says one. */
  readonly retention: Retention | null;
}

/** One class (类) of a scheme. A class with children holds no material itself when `holdsMaterials` is false. */
export interface SchemeClass {
  /** Machine code: `1`, `4-1`, `ON`. */
  readonly code: string;
  readonly parent: string | null;
  /** As printed: `一`, `四-1`. */
  readonly display: string;
  readonly name: Words;
  readonly legacyNames: readonly string[];
  /** Codes of older systems that mean this class: `41` for 4-1, `99` for 10. */
  readonly legacyCodes: readonly string[];
  readonly holdsMaterials: boolean;
  /** Words in a heading that speak for this class when no title of the scheme fits; the longer the word, the more it says. */
  readonly words: readonly string[];
  readonly ordering: Ordering;
  /** Of a material whose title the scheme does not know; inherited from the class above and the scheme. */
  readonly retention: Retention | null;
  readonly titles: readonly SchemeTitle[];
}

/** Standards of archival codes: 档号编制规则 and 归档文件整理规则. */
export const CODE_STANDARDS = ['da-t-13', 'da-t-22'] as const;
export type CodeStandard = (typeof CODE_STANDARDS)[number];

/** `date`: by formation date, undated last; `filed`: in the order in which materials were put. */
export type Ordering = 'date' | 'filed';

/** A column of the catalogue sheet. `date` prints as three columns, year, month and day. */
export const SHEET_COLUMNS = ['number', 'code', 'title', 'date', 'copies', 'pages', 'retention', 'remarks'] as const;
export type SheetColumn = (typeof SHEET_COLUMNS)[number];

/** A classification scheme (分类方案) as versioned data. Written as YAML: docs/spec/scheme.md. */
export interface Scheme {
  readonly id: string;
  /** Rises by one with each published change; a dossier names the version it was arranged under. */
  readonly version: number;
  readonly name: Words;
  /** What one dossier is about. */
  readonly subject: 'person' | 'unit' | 'matter';
  /** Where the classes come from, as shown to an archivist; never a claim of conformity. */
  readonly source: string;
  readonly codes: {
    /** Template of a dossier's archival code (docs/spec/catalogue.md). */
    readonly dossier: string;
    /** Template of a material's code; `{dossier}` stands for the dossier's. */
    readonly material: string;
    /** Further forms of the dossier's code that are read, never written. */
    readonly accepted: readonly string[];
    /** Forms of the dossier's code by standard, of which an archive may choose the leading one and a second (docs/spec/archival-codes.md). */
    readonly standards: Readonly<Partial<Record<CodeStandard, string>>>;
    /** What stands for a part of a code where nothing else says: `category`, `retention`. */
    readonly parts: Readonly<Record<string, string>>;
  };
  readonly sheet: {
    readonly heading: Words;
    readonly columns: readonly SheetColumn[];
    /** Empty rows after the last, for additions by hand. */
    readonly blankRows: number;
  };
  /** What it asks of scans, where it asks otherwise than the program does. */
  readonly inspection: SchemeInspection;
  /** Conditions that titles name by code. */
  readonly conditions: Readonly<Record<string, Words>>;
  /** In the order of the catalogue, parents before their children. */
  readonly classes: readonly SchemeClass[];
}

/** The class with this code, or null. */
export function findSchemeClass(scheme: Scheme, code: string): SchemeClass | null {
  return scheme.classes.find((c) => c.code === code) ?? null;
}

/** Place of a class in the catalogue, from 0; a class the scheme does not know comes after all. */
export function classPosition(scheme: Scheme, code: string | null): number {
  const at = scheme.classes.findIndex((c) => c.code === code);
  return at < 0 ? scheme.classes.length : at;
}

/** Every title of the scheme in catalogue order. */
export function listTitles(scheme: Scheme): SchemeTitle[] {
  return scheme.classes.flatMap((c) => c.titles);
}
