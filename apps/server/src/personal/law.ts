/** A word in both languages of the product. */
interface BothLanguages {
  readonly zh: string;
  readonly en: string;
}

/**
 * Legal bases of processing: 个人信息保护法第十三条第一款, item by item. Under all but the first no consent is needed (第十三条第二款);
 * the basis of each purpose is stored with it.
 */
export const LEGAL_BASES = {
  consent: { zh: '取得个人的同意（第十三条第一款第一项）', en: 'Consent of the person (article 13 (1) 1)' },
  contract_hr: {
    zh: '订立、履行合同所必需，或依规章制度、集体合同实施人力资源管理所必需（第二项）',
    en: 'Necessary for a contract, or for personnel management under lawful rules or a collective contract (item 2)',
  },
  legal_duty: { zh: '履行法定职责或者法定义务所必需（第三项）', en: 'Necessary for a statutory function or duty (item 3)' },
  emergency: {
    zh: '应对突发公共卫生事件，或紧急情况下保护生命健康和财产安全所必需（第四项）',
    en: 'Public-health emergency, or protection of life, health and property (item 4)',
  },
  news: { zh: '为公共利益实施新闻报道、舆论监督，在合理范围内处理（第五项）', en: 'News and supervision in the public interest (item 5)' },
  published: { zh: '在合理范围内处理已合法公开的个人信息（第六项）', en: 'Information lawfully made public, within reason (item 6)' },
  other_law: { zh: '法律、行政法规规定的其他情形（第七项）', en: 'Other circumstances of laws and administrative regulations (item 7)' },
} as const satisfies Readonly<Record<string, BothLanguages>>;
export type LegalBasis = keyof typeof LEGAL_BASES;

/** What a person may ask for: 个人信息保护法第四十四条至第四十八条. */
export const REQUEST_KINDS = ['see', 'copy', 'correct', 'restrict', 'delete', 'explain'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/**
 * What a decision may rest on, by what was asked. `refuse` must be one of these and has its article in the words of the code;
 * 第五十条: a refusal states its reasons.
 */
export const REFUSAL_GROUNDS = ['kept_by_law', 'secrecy', 'identity_unproven', 'not_proven', 'not_applicable'] as const;
export type RefusalGround = (typeof REFUSAL_GROUNDS)[number];

/** Why data must be deleted: 第四十七条第一款, items 1 to 4, as far as an archive meets them. */
export const DELETION_GROUNDS = ['retention_over', 'consent_withdrawn', 'unlawful'] as const;
export type DeletionGround = (typeof DELETION_GROUNDS)[number];

/**
 * Categories whose dossiers are the archive's own and may be destroyed on request. All others are kept by law for life and longer
 * (档案法第二十一条, 干部人事档案工作条例, 流动人员人事档案管理服务规定, 社会保险业务档案管理规定): 第四十七条第二款 then restricts instead.
 */
export const DELETABLE_CATEGORIES: readonly string[] = ['employee', 'labour_contract', 'non_compete'];

/** Categories whose subject may read the contents (domain rules §0.2.1); of all others custody status and what is missing. */
export const READABLE_CATEGORIES: readonly string[] = ['employee', 'labour_contract', 'social_insurance', 'non_compete'];

/** Limits that an archive may set, with the default and where it comes from. */
export const LIMITS = {
  /** 第五十条 asks for a convenient and timely answer and names no days; fifteen working days is common practice (U). */
  answerWorkingDays: { default: 15, least: 1, most: 60 },
  extensionWorkingDays: { default: 15, least: 1, most: 60 },
  /** 劳动合同法第五十条第三款: the text of an ended labour contract is kept at least two years. */
  employeeRetentionYears: { default: 2, least: 2, most: 100 },
  /** 第五十六条: an assessment and its record are kept at least three years. */
  assessmentYears: { default: 3, least: 3, most: 100 },
  /** 第五十七条 says at once; hours are the archive's own target (U). */
  breachAuthorityHours: { default: 24, least: 1, most: 720 },
  breachPersonsHours: { default: 72, least: 1, most: 720 },
} as const;
export type LimitCode = keyof typeof LIMITS;
