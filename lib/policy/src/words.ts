/** Who may stand at a desk. A trial archive has one account that is everything at once. */
export const ROLES = [
  'system_admin',
  'security_admin',
  'audit_admin',
  'archivist',
  'unit_clerk',
  /** A named reader (查阅人): sees what a consultation names, and nothing else. */
  'reader',
  /** The subject itself (本人): an employee or a depositor. */
  'person',
  /** Who digitises for a contractor (外包加工员): sees what it has claimed, while claimed, and nothing else. */
  'contractor',
  'trial_owner',
] as const;
export type ActorRole = (typeof ROLES)[number];

/** The three administrators (三员). No account holds two of these, and none of them does archive business. */
export const ADMINISTRATORS: readonly ActorRole[] = ['system_admin', 'security_admin', 'audit_admin'];

/** What can be asked of a desk. View, print, copy and export are four rights. */
export const ACTIONS = [
  'dossier.list',
  'dossier.read',
  'dossier.create',
  'dossier.change',
  'dossier.export',
  'page.view',
  'page.print',
  'page.copy',
  'page.download',
  'page.import',
  'search',
  'material.change',
  'catalogue.export',
  'sensitive.reveal',
  'custody.read',
  'correction.ask',
  /** Working at a station of digitisation (数字化工序): claim, finish, send back, inspect. */
  'station.work',
  /** What the law gives the person (个人信息权利): requests, consent and its withdrawal; at the desk or by the own account. */
  'rights.exercise',
  /** Answering such requests: decide, restrict, lift, destroy. */
  'rights.answer',
  'jobs.read',
  'jobs.manage',
  'log.read',
  'receipt.make',
  'account.manage',
  /** Keeping accounts in step with a directory (Excel, SCIM, LDAP): people of archive business alone, never an administrator. */
  'directory.sync',
  'organisation.change',
  'policy.read',
  'policy.change',
  /** Asking for a consultation (申请查阅). */
  'grant.ask',
  /** Approving one that somebody else asked for (审批查阅). */
  'grant.make',
  'grant.end',
  'kinship.declare',
  'kinship.end',
  /** Purposes of processing, notices, limits, impact assessments, breaches (个人信息保护事务). */
  'processing.keep',
  'processing.read',
  'archive.export',
  'archive.backup',
  'archive.check',
  'anchor.change',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Archive business: what an administrator never does. */
export const ARCHIVE_BUSINESS: readonly Action[] = [
  'dossier.list',
  'dossier.read',
  'dossier.create',
  'dossier.change',
  'dossier.export',
  'page.view',
  'page.print',
  'page.copy',
  'page.download',
  'page.import',
  'search',
  'material.change',
  'catalogue.export',
  'sensitive.reveal',
  'custody.read',
  'correction.ask',
  'station.work',
  'rights.exercise',
  'rights.answer',
  'grant.ask',
  'grant.make',
  'archive.export',
];

/**
 * Why somebody looks. The consultation purposes are those of the 2018 Regulation, as an archive may narrow them (rules §1.1.5):
 * political review, personnel decisions, talent work, discipline and inspection, approved writing of history, daily management,
 * a person's lawful interest applied for by the organisation.
 */
export const PURPOSES = [
  'archive_work',
  'verification',
  'audit',
  'administration',
  'own_file',
  'political_review',
  'personnel_decision',
  'talent',
  'discipline',
  'history',
  'daily_management',
  'lawful_interest',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What must have happened before a grant opens anything. */
export const NEEDS = ['approved_consultation', 'two_readers', 'second_sign_in', 'kinship_statement', 'party_members', 'claimed'] as const;
export type Need = (typeof NEEDS)[number];

/** What a grant gives, each on its own, with the actions it stands for. `work` and `scan` come of claims alone. */
export const GRANT_RIGHTS = {
  view: ['dossier.list', 'dossier.read', 'page.view', 'search'],
  print: ['page.print'],
  copy: ['page.copy'],
  export: ['dossier.export'],
  work: ['dossier.list', 'dossier.read', 'page.view', 'search', 'station.work'],
  scan: ['page.import'],
} as const satisfies Readonly<Record<string, readonly Action[]>>;
export type GrantRight = keyof typeof GRANT_RIGHTS;

/** Of these, what a consultation may name. */
export const CONSULTATION_RIGHTS = ['view', 'print', 'copy', 'export'] as const satisfies readonly GrantRight[];
export type ConsultationRight = (typeof CONSULTATION_RIGHTS)[number];
