import { sumCounts } from '@lantai/catalogue';
import type { DossierQuality } from '@lantai/contract';
import type { PlainTable, ReportDocument, ReportSection } from '@lantai/documents/sheets';
import type { PartialDate } from '@lantai/values';
import type { CatalogueState } from './catalogue-state.ts';

type Language = 'zh' | 'en';

/** A sheet that lies beside the catalogue: 备考表 or 催缴清单. Clear personal data. */
export interface SideSheet {
  readonly title: string;
  readonly madeOn: PartialDate;
  readonly foot: string;
  readonly section: ReportSection;
}

/** What stands at the head of either. */
export interface SideHead {
  readonly dossierCode: string;
  readonly subjectName: string;
  readonly madeOn: PartialDate;
}

const WORDS = {
  remarks: { zh: '卷内备考表', en: 'Remarks on the dossier' },
  chase: { zh: '人事档案材料催缴清单', en: 'Materials to be chased' },
  code: { zh: '档号', en: 'Archival code' },
  name: { zh: '姓名', en: 'Name' },
  state: { zh: '卷内情况', en: 'What the dossier holds' },
  counts: {
    zh: (materials: number, pages: number) => `材料 ${materials} 份，有内容的 ${pages} 页`,
    en: (materials: number, pages: number) => `${materials} materials, ${pages} faces with content`,
  },
  blank: { zh: '登记的空白面', en: 'Blank faces registered' },
  loose: { zh: '未归入材料的散页', en: 'Loose pages in no material' },
  explained: { zh: '卷内文件情况说明', en: 'Notes' },
  arrangedBy: { zh: '整理人', en: 'Arranged by' },
  arrangedOn: { zh: '整理日期', en: 'Arranged on' },
  checkedBy: { zh: '检查人', en: 'Checked by' },
  checkedOn: { zh: '检查日期', en: 'Checked on' },
  classCode: { zh: '类号', en: 'Class' },
  material: { zh: '材料名称', en: 'Title of material' },
  year: { zh: '年度', en: 'Year' },
  key: { zh: '关键材料', en: 'Key' },
  yes: { zh: '是', en: 'yes' },
  done: { zh: '收到日期', en: 'Received on' },
  none: { zh: '没有要催缴的材料。', en: 'Nothing is to be chased.' },
} as const;

/** A rule to write on. */
const RULE = '＿＿＿＿＿＿＿＿＿＿＿＿';
const LABEL_SHARE = 0.3;

/**
 * The remarks sheet (备考表): what the dossier holds as the archive counts it, and rules for what only people can say. Its entries are those that
 * DA/T 22 is quoted with (domain rules §2.3): notes, who arranged and checked it, when.
 * @param blank faces without content, by id of the page
 */
export function layRemarksSheet(
  state: CatalogueState,
  head: SideHead,
  blank: ReadonlySet<string>,
  loosePages: number,
  language: Language,
): SideSheet {
  const word = (key: Exclude<keyof typeof WORDS, 'counts'>) => WORDS[key][language];
  const { materials } = state.arrangement;
  const total = sumCounts(materials.map((m) => ({ copies: m.copies, pages: m.pages.filter((id) => !blank.has(id)).length })));
  const rows: [string, string][] = [
    [word('code'), head.dossierCode],
    [word('name'), head.subjectName],
    [word('state'), WORDS.counts[language](materials.length, total.pages)],
    [word('blank'), String(blank.size)],
    [word('loose'), String(loosePages)],
    [word('explained'), RULE],
    [word('arrangedBy'), RULE],
    [word('arrangedOn'), RULE],
    [word('checkedBy'), RULE],
    [word('checkedOn'), RULE],
  ];
  const columns = [
    { label: word('explained'), share: LABEL_SHARE },
    { label: '', share: 1 - LABEL_SHARE },
  ];
  return {
    title: word('remarks'),
    madeOn: head.madeOn,
    foot: head.dossierCode,
    section: { heading: '', lines: [], table: { columns, rows } },
  };
}

/** The chase list (催缴清单): what is missing, in the order of the catalogue, with room for the day on which it came. */
export function layChaseList(chased: DossierQuality['chased'], head: SideHead, language: Language): SideSheet {
  const word = (key: Exclude<keyof typeof WORDS, 'counts'>) => WORDS[key][language];
  const columns = [
    { label: word('classCode'), share: 0.1 },
    { label: word('material'), share: 0.45 },
    { label: word('year'), share: 0.12 },
    { label: word('key'), share: 0.13 },
    { label: word('done'), share: 0.2 },
  ];
  const rows = chased.map((c) => [c.classCode, c.title, c.year === null ? '' : String(c.year), c.key ? word('yes') : '', '']);
  const lines = [`${word('code')}：${head.dossierCode}　${word('name')}：${head.subjectName}`, ...(rows.length ? [] : [word('none')])];
  return { title: word('chase'), madeOn: head.madeOn, foot: head.dossierCode, section: { heading: '', lines, table: { columns, rows } } };
}

/** As a PDF is asked for. */
export const asReport = ({ title, madeOn, foot, section }: SideSheet, language: Language): ReportDocument => ({
  title,
  language,
  madeOn,
  foot,
  sections: [section],
});

/** Characters that a sheet of Excel is wide, for the whole of its columns. */
const WIDTH = 90;

/** As an Excel table is asked for: lines above the table become its first rows. */
export function asTables({ title, section }: SideSheet): PlainTable[] {
  const { columns, rows } = section.table ?? { columns: [], rows: [] };
  return [
    {
      name: title.slice(0, 31),
      columns: columns.map(({ label, share }) => ({ heading: label, width: Math.round(share * WIDTH) })),
      rows: [...rows, ...section.lines.map((line) => [line])],
    },
  ];
}
