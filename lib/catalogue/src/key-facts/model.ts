import type { Box, PartialDate } from '@lantai/values';

/**
 * The key facts of a personnel dossier (三龄两历一身份), by the codes of the fields that assert them; `experience` and `identity` are asserted by
 * whole materials. Source: domain rules §3.
 */
export const KEY_FACTS = ['name', 'idNumber', 'birthDate', 'workStart', 'partyDate', 'education', 'experience', 'identity'] as const;
/** One of {@link KEY_FACTS}. */
export type KeyFactCode = (typeof KEY_FACTS)[number];

/** A value of a material as the catalogue holds it. */
export interface KeyFactField {
  /** In its written form (`1978-07`); null where the page's words could not be made into one. */
  readonly value: string | null;
  /** The page's words where they differ from the value, or where there is no value. */
  readonly written: string | null;
  /** How sure the machine was; null: a person said or confirmed it. */
  readonly confidence01: number | null;
  readonly pageId: string | null;
  /** Pixels of the page as it is shown. */
  readonly box: Box | null;
  /** Of the reading: `lunar`, `not_a_date`, `repaired`, `not_in_list`, `check_digit`, `extra_text`. */
  readonly flags: readonly string[];
}

/** What a person marked on an assertion: that the paper was changed, or is doubted. Never made by the program. */
export type AlterationMark = 'altered' | 'doubted';

/** A material as the catalogue holds it, with what key facts are made of. */
export interface KeyFactMaterial {
  readonly id: string;
  readonly title: string | null;
  readonly date: PartialDate | null;
  /** In order. */
  readonly pageIds: readonly string[];
  readonly fields: Readonly<Record<string, KeyFactField>>;
  /** By code of the key fact. */
  readonly marks: Readonly<Partial<Record<KeyFactCode, AlterationMark>>>;
}

/** What was formally decided of a fact (认定). The latest one holds. */
export interface Determined {
  readonly fact: KeyFactCode;
  readonly value: string;
  readonly decidedOn: PartialDate;
}

/** What one material says of one fact (记载). */
export interface Assertion {
  readonly materialId: string;
  /** Comparable form: a month for dates, a level for education, the text else; null: the words are kept and cannot be compared. */
  readonly value: string | null;
  /** As the page has it. */
  readonly written: string;
  /** Day on which the material was made, as far as known. */
  readonly madeOn: PartialDate | null;
  readonly pageId: string | null;
  readonly box: Box | null;
  readonly confidence01: number | null;
  readonly flags: readonly string[];
  readonly mark: AlterationMark | null;
  /** Whether it counts in a comparison: read surely enough, and not marked. */
  readonly weighs: boolean;
}

/** Why two assertions that differ may both be true. */
export type Explanation = 'lunar-solar' | 'approved-change';

/** Two materials that disagree. */
export interface KeyFactConflict {
  readonly fact: KeyFactCode;
  /** The deviating material. */
  readonly materialId: string;
  /** The one that is the measure. */
  readonly against: string;
  /** What the deviating one says. */
  readonly value: string;
  /** The product of both; 1 when persons said them. */
  readonly confidence01: number;
  /** 解释性不一致; null: to be looked into. */
  readonly explanation: Explanation | null;
}

/** Something to be known of a fact beside its conflicts. */
export interface KeyFactNote {
  readonly fact: KeyFactCode;
  /** `keyfact/…`: words in the messages. */
  readonly code: string;
  readonly severity: 'warning' | 'info';
  /** Dates, counts and codes of the rule; never a name or number of the person. */
  readonly params: Readonly<Record<string, string | number>>;
  readonly materialIds: readonly string[];
  /** Where the rule stands: a section of the domain rules, or an id of §8.1. */
  readonly rule: string;
}

/** Source: domain rules §3.7. */
export type KeyFactResult = 'consistent' | 'inconsistent' | 'explained' | 'determined' | 'missing' | 'altered' | 'undated';

/** All that the dossier says of one fact. */
export interface KeyFact {
  readonly code: KeyFactCode;
  readonly result: KeyFactResult;
  /** What holds: the determination, else the basis; null when there is neither. */
  readonly value: string | null;
  /** The material whose word is the measure; null when none is. */
  readonly basis: string | null;
  /** In order of the days on which the materials were made, undated last. */
  readonly assertions: readonly Assertion[];
  readonly conflicts: readonly KeyFactConflict[];
  readonly notes: readonly KeyFactNote[];
}
