import { type CatalogueSheet, formatRetention, type SheetColumn, type Words } from '@lantai/catalogue';
import type { PartialDate } from '@lantai/values';

/** Language of a printed sheet. The titles of materials stay as they are. */
export type SheetLanguage = keyof Words;

/** One printed column; `under` groups year, month and day below the date. */
export interface PrintedColumn {
  readonly key: 'number' | 'code' | 'title' | 'year' | 'month' | 'day' | 'copies' | 'pages' | 'retention' | 'remarks';
  readonly label: string;
  readonly under: string | null;
}

const COLUMN_LABELS: Readonly<Record<PrintedColumn['key'], Words>> = {
  number: { zh: '类号', en: 'No.' },
  code: { zh: '档号', en: 'Archival code' },
  title: { zh: '材料名称', en: 'Title of material' },
  year: { zh: '年', en: 'Year' },
  month: { zh: '月', en: 'M' },
  day: { zh: '日', en: 'D' },
  copies: { zh: '份数', en: 'Items' },
  pages: { zh: '页数', en: 'Pages' },
  retention: { zh: '保管期限', en: 'Retention' },
  remarks: { zh: '备注', en: 'Remarks' },
};

/** The words around the table. */
export const SHEET_WORDS = {
  date: { zh: '材料形成时间', en: 'Date of material' },
  person: { zh: '姓名', en: 'Name' },
  unit: { zh: '单位名称', en: 'Unit' },
  matter: { zh: '事项', en: 'Matter' },
  dossierCode: { zh: '档号', en: 'Archival code' },
  original: { zh: '正本', en: 'Original set' },
  duplicate: { zh: '副本', en: 'Duplicate set' },
  total: { zh: '合计', en: 'Total' },
  arranger: { zh: '整理人', en: 'Arranged by' },
  reviewer: { zh: '审核人', en: 'Reviewed by' },
  madeOn: { zh: '制表日期', en: 'Made on' },
  undrawable: { zh: '字库未收的字以码位代替', en: 'Characters not in the font are shown by code point' },
} as const satisfies Record<string, Words>;

/** The columns as printed: a date becomes year, month and day. */
export function printedColumns(columns: readonly SheetColumn[], language: SheetLanguage): PrintedColumn[] {
  const one = (key: PrintedColumn['key'], under: string | null = null) => ({ key, label: COLUMN_LABELS[key][language], under });
  return columns.flatMap((column) =>
    column === 'date' ? (['year', 'month', 'day'] as const).map((key) => one(key, SHEET_WORDS.date[language])) : [one(column)],
  );
}

/** What a cell of a row shows; numbers stay numbers. */
export function cellOf(row: CatalogueSheet['rows'][number], key: PrintedColumn['key'], language: SheetLanguage): string | number {
  if (row.kind === 'blank') return '';
  if (row.kind === 'class') return key === 'number' ? row.display : key === 'title' ? row.name[language] : '';
  switch (key) {
    case 'number':
      return row.number;
    case 'code':
      return row.code;
    case 'title':
      return row.title;
    case 'year':
    case 'month':
    case 'day':
      return row.date?.[key] ?? '';
    case 'copies':
    case 'pages':
    case 'remarks':
      return row[key];
    case 'retention':
      return row.retention ? formatRetention(row.retention, language) : '';
  }
}

/** A day as a reader of the sheet writes it: 2026年11月22日, 2026-11-22. */
export function formatDay(date: PartialDate, language: SheetLanguage): string {
  const { year, month, day } = date;
  if (language === 'zh') return `${year}年${month === undefined ? '' : `${month}月`}${day === undefined ? '' : `${day}日`}`;
  return [String(year), ...[month, day].flatMap((n) => (n === undefined ? [] : [String(n).padStart(2, '0')]))].join('-');
}

/** A label before its value: `姓名：某某`, `Name: …`. */
export const labelled = (label: Words, value: string, language: SheetLanguage): string =>
  `${label[language]}${language === 'zh' ? '：' : ': '}${value}`;

/** `第 1 页　共 3 页`. */
export function pageOf(page: number | string, pages: number | string, language: SheetLanguage): string {
  return language === 'zh' ? `第 ${page} 页　共 ${pages} 页` : `Page ${page} of ${pages}`;
}

/** Text for one line of a cell: breaks and control characters become spaces, half characters the replacement character. */
export function plainLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
