import { concatBytes } from '@lantai/values';
import { type CopyAbout, type CopyForm, type CopyPage, writeCopy } from '../copies/index.ts';
import { makePaper } from './files.ts';

// A dossier to be copied out: invented people, characters of every plane, a vertical line.

/** What a copy of these tests says of itself. */
export const aboutCopy = (form: CopyForm, pages: number, more: Partial<CopyAbout> = {}): CopyAbout => ({
  form,
  title: 'J001-RS·GB-000001',
  keeper: '某市流动人员人事档案管理服务中心',
  number: '01JD-9K3Z-T5QW',
  entryId: '01932a6c-7a4f-7c11-8d22-3f4455667788',
  madeAt: '2026-11-22 15:04',
  madeAtMs: Date.UTC(2026, 10, 22, 7, 4, 5),
  language: 'zh',
  pages,
  ...more,
});

/** Words of three pages. The rare ones: extensions A, B, G, a radical, and a character of an office's own making (private area). */
export const COPY_LINES: readonly (readonly string[])[] = [
  ['干部履历表', '姓名：𠮷田𬭚㛃䶮𫍯龘', '王𪚥 阿卜杜热合曼·买买提', '籍贯：浙江省、绍兴市（嵊州）', 'ABC 123 & <45> "6"'],
  ['入党志愿书', '𰻞面館　邱\ue000光', '1982-02-30'],
  ['中华人民共和国', '学历证书'],
];

/** The pages, each line in a row of its own; the first of the last page stands upright, character under character. */
export async function copyPages(lines: readonly (readonly string[])[] = COPY_LINES): Promise<CopyPage[]> {
  const jpeg = await makePaper();
  return lines.map((words, p) => ({
    jpeg,
    widthPx: 620,
    heightPx: 877,
    resolutionDpi: 75,
    bookmarks: p < 2 ? ['一 履历类材料', p === 0 ? '1-1 干部履历表 2010-08' : '1-2 自传'] : ['四 学历学位类'],
    lines: words.map((text, i) => {
      const vertical = p === 2 && i === 0;
      const box = vertical ? ([500, 80, 22, 210] as const) : ([60, 60 + 48 * i, 20 * [...text].length, 22] as const);
      return { text, box, ...(vertical ? { vertical } : {}) };
    }),
  }));
}

/** Everything a writer gives. */
export async function writeWhole(about: CopyAbout, pages: readonly CopyPage[]): Promise<Uint8Array> {
  async function* each() {
    yield* pages;
  }
  const parts: Uint8Array[] = [];
  for await (const bytes of writeCopy(about, each())) parts.push(bytes);
  return concatBytes(...parts);
}
