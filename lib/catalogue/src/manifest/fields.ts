import type { Severity } from '@lantai/values';

/**
 * What a column of a catalogue list (著录清单) may hold. One row is one material; the columns of its dossier stand on every row of it, or on the
 * first. Source of the columns: docs/spec/manifest.md.
 */
export const MANIFEST_FIELDS = [
  'dossierCode',
  'personCode',
  'unit',
  'name',
  'idNumber',
  'birth',
  'sex',
  'copySet',
  'classCode',
  'legacyClass',
  'number',
  'title',
  'date',
  'year',
  'month',
  'day',
  'copies',
  'pages',
  'remarks',
  'image',
  'imageNumber',
  'unused',
] as const;
export type ManifestField = (typeof MANIFEST_FIELDS)[number];

/** A column as the empty form names it, and under what other names it is known. */
export interface ManifestColumn {
  readonly field: ManifestField;
  readonly zh: string;
  readonly en: string;
  /** Other headings, folded by {@link foldHeading}. */
  readonly others: readonly string[];
}

const column = (field: ManifestField, zh: string, en: string, ...others: string[]): ManifestColumn => ({ field, zh, en, others });

/** Every heading known. The codes are those of the national cadre information structure, as older systems write them out. */
export const MANIFEST_COLUMNS: readonly ManifestColumn[] = [
  column('dossierCode', '档号', 'Dossier code', '案卷号', '卷号', '档案编号', '档案号', '人事档案号', 'archivalcode'),
  column('personCode', '人员编号', 'Person code', 'a0100', '人员id'),
  column('unit', '机构代码', 'Unit code', '单位代码'),
  column('name', '姓名', 'Name', 'a0101', '存档人', '存档人姓名', 'subject'),
  column('idNumber', '公民身份号码', 'ID number', 'a0184', '身份证号', '身份证号码', '身份证', '身份证件号码'),
  column('birth', '出生日期', 'Date of birth', 'a0107', '出生年月', '出生年月日', '出生时间'),
  column('sex', '性别', 'Sex', 'gender'),
  column('copySet', '正副本', 'Set', '正本副本', '卷别'),
  column('classCode', '类号', 'Class', 'e01z101', 'e01z101a', '类别', '分类号', '类别号', '分类', '材料类别', 'classcode'),
  column('legacyClass', '类号代码', 'Class code of the older system', 'e01z101b', '类别代码'),
  column('number', '类内序号', 'Number', 'e01z104', '类内排序号', '序号', '材料序号', '排序号', 'no', 'sequence'),
  column('title', '材料名称', 'Title', 'e01z111', 'e01z111a', '题名', '材料题名', '名称', '文件题名'),
  column(
    'date',
    '形成时间',
    'Date',
    'e01z117',
    '材料形成时间',
    '材料制成时间',
    '制成时间',
    '材料时间',
    '形成日期',
    '日期',
    '材料形成日期',
    '材料制成形成时间',
  ),
  column('year', '年', 'Year', '形成年'),
  column('month', '月', 'Month', '形成月'),
  column('day', '日', 'Day', '形成日'),
  column('copies', '份数', 'Copies', 'e01z124', '份'),
  column('pages', '页数', 'Pages', 'e01z114', '页', '材料页数', 'pagecount'),
  column('remarks', '备注', 'Remarks', 'e01z121', '附注', 'notes'),
  column('image', '图像文件名', 'Image file', 'e01zb03', '图像文件', '文件名', '图像', 'image', 'images', 'file'),
  column('imageNumber', '图像页号', 'Image number', 'e01zb01', '图像序号'),
  column('unused', '材料名称代码', 'Title code of the older system', 'e01z111b'),
];

/** Headings are compared without spaces, marks, brackets and what stands in them, in one width. */
export const foldHeading = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[（(【[].*?[)）】\]]/gu, '')
    .toLowerCase()
    .replace(/[\s*＊._:：/\\、，,-]/gu, '');

const BY_HEADING: ReadonlyMap<string, ManifestField> = new Map(
  MANIFEST_COLUMNS.flatMap(({ field, zh, en, others }) =>
    [foldHeading(zh), foldHeading(en), foldHeading(zh + en), ...others].map((h) => [h, field]),
  ),
);

/** The field that a heading names, by its words in either language or a code of older systems, also `E01Z111 材料名称`; null for none. */
export function findManifestField(heading: string): ManifestField | null {
  const whole = BY_HEADING.get(foldHeading(heading));
  if (whole) return whole;
  // Two wordings in one cell, or a code in brackets.
  const parts = heading.normalize('NFKC').split(/[\s()[\]【】/]+/u);
  const named = parts.flatMap((part) => BY_HEADING.get(foldHeading(part)) ?? []);
  return parts.length > 1 && new Set(named).size === 1 ? named[0]! : null;
}

/** What is to be said of a row, or of one cell of it. `error`: the row's whole dossier is left out; `warning` and `info`: it is taken. */
export interface ManifestFinding {
  /** As the spreadsheet counts. */
  readonly row: number;
  readonly field: ManifestField | null;
  readonly code: string;
  readonly severity: Severity;
  /** Numbers and codes; never a name, number or title of the list. */
  readonly params: Readonly<Record<string, string | number>>;
}
