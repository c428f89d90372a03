import { wordsOf } from '@lantai/contract';
import type { PlainTable } from '@lantai/documents/sheets';
import type { DirectoryField } from './directory-list.ts';

/** A column of the form: what it is, and what stands above it. */
export interface FormColumn {
  readonly field: DirectoryField;
  readonly zh: string;
  readonly en: string;
  readonly needed: boolean;
  readonly width: number;
}

/** A worksheet of the form. */
export interface FormSheet {
  readonly zh: string;
  readonly en: string;
  readonly columns: readonly FormColumn[];
}

const column = (field: DirectoryField, zh: string, en: string, width: number, needed = false): FormColumn => ({
  field,
  zh,
  en,
  needed,
  width,
});

/** The worksheets of the form 机构人员名单: docs/spec/directory.md. Either language is known again, in any order of columns. */
export const FORM: { readonly units: FormSheet; readonly people: FormSheet } = {
  units: {
    zh: '机构',
    en: 'Units',
    columns: [
      column('code', '机构代码', 'Code', 18, true),
      column('name', '机构名称', 'Name', 32, true),
      column('parentCode', '上级机构代码', 'Parent code', 20),
    ],
  },
  people: {
    zh: '人员',
    en: 'People',
    columns: [
      column('externalId', '工号', 'Staff no.', 18, true),
      column('loginName', '登录名', 'Sign-in name', 20, true),
      column('displayName', '姓名', 'Name', 16),
      column('unit', '机构代码', 'Unit code', 18),
      column('role', '角色', 'Role', 18),
      column('level', '密级', 'Clearance', 14),
      column('disabled', '停用', 'Disabled', 12),
    ],
  },
};

export const headingOf = ({ zh, en, needed }: Pick<FormColumn, 'zh' | 'en' | 'needed'>): string => `${zh} ${en}${needed ? ' *' : ''}`;
export const nameOf = ({ zh, en }: Pick<FormSheet, 'zh' | 'en'>): string => `${zh} ${en}`;

/** Words of roles in a sheet; those of administrators are known, to be refused by their name. */
const ROLE_WORDS: Readonly<Record<string, string>> = {
  档案管理员: 'archivist',
  档案员: 'archivist',
  单位经办人: 'unit_clerk',
  查阅人: 'reader',
  本人: 'person',
  系统管理员: 'system_admin',
  安全管理员: 'security_admin',
  安全保密管理员: 'security_admin',
  审计管理员: 'audit_admin',
  安全审计员: 'audit_admin',
  试用档案主人: 'trial_owner',
  archivist: 'archivist',
  'unit clerk': 'unit_clerk',
  reader: 'reader',
  person: 'person',
  'person concerned': 'person',
  'system administrator': 'system_admin',
  'security administrator': 'security_admin',
  'audit administrator': 'audit_admin',
};
const LEVEL_WORDS: readonly (readonly string[])[] = [
  ['公开', 'public'],
  ['内部', 'internal'],
  ['秘密', 'secret'],
  ['机密', 'confidential'],
  ['绝密', 'top secret'],
];
const YES = ['是', '停用', 'yes', 'true', '1', 'y'];
const NO = ['否', '在用', 'no', 'false', '0', 'n'];

/** The role a cell says, by its code; what is no role stays as it is written and is refused with the row. */
export const roleOfWord = (text: string): string => ROLE_WORDS[text] ?? ROLE_WORDS[text.toLowerCase()] ?? text;

/** The level a cell says; -1 where it says none. */
export function levelOfWord(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  return LEVEL_WORDS.findIndex((words) => words.includes(text.toLowerCase()));
}

/** Whether a cell says yes; null where it says neither. */
export function truthOfWord(text: string): boolean | null {
  const word = text.toLowerCase();
  return YES.includes(word) ? true : NO.includes(word) ? false : null;
}

const CHOICES: Partial<Record<DirectoryField, readonly string[]>> = {
  role: ['档案管理员', '单位经办人', '查阅人', '本人'],
  level: ['公开', '内部', '秘密', '机密'],
  disabled: ['是', '否'],
};

/** The empty form, with a sheet that says how it is filled in. */
export function templateTables(): PlainTable[] {
  const sheets = [FORM.units, FORM.people].map(
    (sheet): PlainTable => ({
      name: nameOf(sheet),
      columns: sheet.columns.map((c) => {
        const choices = CHOICES[c.field];
        return { heading: headingOf(c), width: c.width, ...(choices ? { choices } : {}) };
      }),
      rows: [],
    }),
  );
  const notes = ['needed', 'units', 'people', 'role', 'level', 'disabled', 'formula'].map((note) => [
    wordsOf('zh', `directory/form-${note}`),
    wordsOf('en', `directory/form-${note}`),
  ]);
  const columns = [
    { heading: '填表说明', width: 60 },
    { heading: 'How to fill in', width: 80 },
  ];
  return [...sheets, { name: '说明 Notes', columns, rows: notes }];
}
