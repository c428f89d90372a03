import type { ManifestFinding, ManifestRow } from '@lantai/catalogue/manifest';
import { wordsOf } from '@lantai/contract';
import { streamTableXlsx } from '@lantai/documents/sheets';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { checkManifest, type ManifestSource } from './check-manifest.ts';
import type { ManifestOptions, ManifestReport } from './manifest-plan.ts';

/** What was left out of a list: whole dossiers, and rows that belong to none. */
export interface LeftOut {
  readonly report: ManifestReport;
  /** Headings of the list, in the order of its columns. */
  readonly headings: readonly (readonly [column: number, heading: string])[];
  readonly rows: readonly { readonly row: ManifestRow; readonly findings: readonly ManifestFinding[] }[];
}

/**
 * Checks a list and keeps the rows of every dossier that is left out.
 * @throws ArchiveError as checkManifest
 */
export async function collectLeftOut(archive: Archive, desk: Desk, source: ManifestSource, options: ManifestOptions): Promise<LeftOut> {
  const held = new Map<string, { rows: ManifestRow[]; findings: ManifestFinding[] }>();
  const homeless: { row: ManifestRow; findings: readonly ManifestFinding[] }[] = [];
  const report = await checkManifest(archive, desk, source, options, {
    onRows: (code, rows, findings) => {
      if (code === null) return void homeless.push(...rows.map((row) => ({ row, findings })));
      const kept = held.get(code) ?? { rows: [], findings: [] };
      kept.rows.push(...rows);
      kept.findings.push(...findings);
      held.set(code, kept);
    },
  });
  const rows = report.dossiers
    .filter((d) => d.act === 'refused')
    .flatMap(({ code }) => {
      const kept = held.get(code);
      return (kept?.rows ?? []).map((row) => ({ row, findings: kept!.findings.filter((f) => f.row === row.row) }));
    });
  return {
    report,
    headings: report.columns.map((c) => [c.column, c.heading]),
    rows: [...rows, ...homeless].sort((a, b) => a.row.row - b.row.row),
  };
}

const COLUMN_WIDTH = 16;
const WORDS_WIDTH = 60;

/**
 * The error sheet (错误清单): the rows left out as they stood, each with its number and what is wrong with it in both languages, as an Excel
 * workbook. Corrected it can be handed in as it is: columns that are none of a list's are passed over.
 */
export function errorSheetOf({ headings, rows }: LeftOut): AsyncIterable<Uint8Array> {
  const words = (language: 'zh' | 'en', name: string) => wordsOf(language, `manifest/sheet-${name}`);
  const columns = [
    ...headings.map(([, heading]) => ({ heading, width: COLUMN_WIDTH })),
    { heading: `${words('zh', 'row')} ${words('en', 'row')}`, width: COLUMN_WIDTH },
    { heading: words('zh', 'wrong'), width: WORDS_WIDTH },
    { heading: words('en', 'wrong'), width: WORDS_WIDTH },
  ];
  return streamTableXlsx({ name: words('zh', 'title'), columns, rows: errorRows(headings, rows) });
}

function* errorRows(headings: LeftOut['headings'], rows: LeftOut['rows']): Generator<string[]> {
  for (const { row, findings } of rows) {
    const cells = new Map(row.cells.map((c) => [c.column, c.text]));
    const say = (language: 'zh' | 'en') =>
      [...new Set(findings.filter((f) => f.severity !== 'info').map((f) => wordsOf(language, f.code, f.params)))].join('\n');
    yield [...headings.map(([column]) => cells.get(column) ?? ''), String(row.row), say('zh'), say('en')];
  }
}
