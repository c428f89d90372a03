import type { PartialDate } from '@lantai/values';
import { arrange } from './arrangement.ts';
import { type Counts, sumCounts } from './counting.ts';
import { retentionOf } from './retention.ts';
import { findSchemeClass, type Retention, type Scheme, type SheetColumn, type Words } from './scheme.ts';
import { indexTitles } from './titles.ts';

/** What the sheet shows of a material. */
export interface SheetMaterial {
  readonly id: string;
  /** Archival code; null before it is confirmed. */
  readonly code: string | null;
  readonly classCode: string | null;
  readonly title: string | null;
  readonly date: PartialDate | null;
  readonly copies: number;
  /** Faces with content; 0 for a record typed into a form. */
  readonly pages: number;
  readonly remarks: string;
  readonly follows: string | null;
}

/** What stands above the table. */
export interface SheetHead {
  /** Name of the person, unit or matter. Clear personal data: the sheet is for a reader who may see it, never for a log or a file on disk. */
  readonly subjectName: string;
  readonly dossierCode: string;
  readonly set: 'original' | 'duplicate';
  /** Day of printing, as a partial date, given by the caller: the same sheet made twice has the same bytes. */
  readonly madeOn: PartialDate;
}

/** A row of the catalogue sheet (目录). */
export type SheetRow =
  | {
      readonly kind: 'class';
      readonly display: string;
      readonly name: Words /** True for a class inside another. */;
      readonly nested: boolean;
    }
  | {
      readonly kind: 'material';
      readonly number: number;
      /** Empty before it is given. */
      readonly code: string;
      readonly title: string;
      readonly date: PartialDate | null;
      readonly copies: number;
      readonly pages: number;
      /** Null where the scheme says none, or its sheet does not show it. */
      readonly retention: Retention | null;
      readonly remarks: string;
    }
  | { readonly kind: 'blank' };

/** The catalogue of one set of a dossier, ready to be written as Excel or PDF. */
export interface CatalogueSheet {
  readonly heading: Words;
  /** What the dossier is about; decides the label beside the subject's name. */
  readonly subject: Scheme['subject'];
  readonly head: SheetHead;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly SheetRow[];
  readonly total: Counts;
}

const UNCLASSED: Words = { zh: '未归类', en: 'Not yet classed' };

/**
 * Lays the catalogue out: every class as a heading row, used or not, in the scheme's order; materials numbered from 1 in each class;
 * materials without a class of the scheme last under a heading of their own, so that none is left out; blank rows at the tail.
 * @param materials in filed order
 */
export function layCatalogueSheet(scheme: Scheme, head: SheetHead, materials: readonly SheetMaterial[]): CatalogueSheet {
  const arranged = arrange(
    scheme,
    materials.map((m) => ({ ...m, classCode: m.classCode !== null && findSchemeClass(scheme, m.classCode) ? m.classCode : null })),
  );
  const titles = scheme.sheet.columns.includes('retention') ? indexTitles(scheme) : null;
  const rowsOf = (code: string | null): SheetRow[] =>
    arranged
      .filter(({ material }) => material.classCode === code)
      .map(({ material: m, numberInClass }) => ({
        kind: 'material',
        number: numberInClass,
        code: m.code ?? '',
        title: m.title ?? '',
        date: m.date,
        copies: m.copies,
        pages: m.pages,
        retention: titles && retentionOf(scheme, titles, m),
        remarks: m.remarks,
      }));
  const unclassed = rowsOf(null);
  return {
    heading: scheme.sheet.heading,
    subject: scheme.subject,
    head,
    columns: scheme.sheet.columns,
    rows: [
      ...scheme.classes.flatMap((c): SheetRow[] => [
        { kind: 'class', display: c.display, name: c.name, nested: c.parent !== null },
        ...rowsOf(c.code),
      ]),
      ...(unclassed.length ? [{ kind: 'class' as const, display: '', name: UNCLASSED, nested: false }, ...unclassed] : []),
      ...Array.from({ length: scheme.sheet.blankRows }, (): SheetRow => ({ kind: 'blank' })),
    ],
    total: sumCounts(materials),
  };
}
