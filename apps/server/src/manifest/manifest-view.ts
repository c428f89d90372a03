import type { ManifestField, ManifestFinding, ManifestRow } from '@lantai/catalogue/manifest';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { checkManifest, type ManifestSource } from './check-manifest.ts';
import type { ManifestOptions, ManifestReport } from './manifest-plan.ts';

/** A row of a list that wants a look, as the grid shows it. */
export interface ManifestLineView {
  readonly row: number;
  readonly dossierCode: string | null;
  readonly refused: boolean;
  readonly cells: readonly { readonly column: number; readonly text: string }[];
  readonly findings: readonly (Omit<ManifestFinding, 'field'> & { readonly column: number | null })[];
}

/** What a check found, with the rows that want a look. */
export interface ManifestView {
  readonly report: ManifestReport;
  readonly lines: readonly ManifestLineView[];
  readonly linesLeft: number;
}

/** Rows shown in the grid. */
const LINES_MAX = 500;
/** Rows held while checking: those that the grid may yet show. */
const HELD_MAX = 5000;

interface Held {
  readonly row: ManifestRow;
  readonly code: string | null;
  readonly findings: ManifestFinding[];
}

const rank = ({ findings }: Held) => (findings.some((f) => f.severity === 'error') ? 0 : 1);

/** Checks a list for the grid. @throws ArchiveError as checkManifest */
export async function viewManifest(archive: Archive, desk: Desk, source: ManifestSource, options: ManifestOptions): Promise<ManifestView> {
  const held = new Map<number, Held>();
  let passed = 0;
  const report = await checkManifest(archive, desk, source, options, {
    onRows: (code, rows, findings) => {
      const worth = findings.filter((f) => f.severity !== 'info');
      const byRow = groupByRow(worth);
      for (const row of rows) {
        const own = byRow.get(row.row);
        if (!own) continue;
        if (held.size < HELD_MAX) held.set(row.row, { row, code, findings: own });
        else passed++;
      }
      // What is told late of a row that is held is told with it.
      if (!rows.length) for (const f of worth) held.get(f.row)?.findings.push(f);
    },
  });
  const refused = new Set(report.dossiers.filter((d) => d.act === 'refused').map((d) => d.code));
  const columnOf = new Map(report.columns.flatMap((c) => (c.field ? [[c.field, c.column] as const] : [])));
  const sorted = [...held.values()].sort((a, b) => rank(a) - rank(b) || a.row.row - b.row.row);
  return {
    report,
    lines: sorted.slice(0, LINES_MAX).map((h) => lineOf(h, refused, columnOf)),
    linesLeft: Math.max(0, sorted.length - LINES_MAX) + passed,
  };
}

function groupByRow(findings: readonly ManifestFinding[]): Map<number, ManifestFinding[]> {
  const byRow = new Map<number, ManifestFinding[]>();
  for (const finding of findings) if (!byRow.get(finding.row)?.push(finding)) byRow.set(finding.row, [finding]);
  return byRow;
}

function lineOf(
  { row, code, findings }: Held,
  refused: ReadonlySet<string>,
  columnOf: ReadonlyMap<ManifestField, number>,
): ManifestLineView {
  return {
    row: row.row,
    dossierCode: code,
    refused: code === null || refused.has(code),
    cells: row.cells.map(({ column, text }) => ({ column, text })),
    findings: findings.map(({ field, ...finding }) => ({ ...finding, column: field === null ? null : (columnOf.get(field) ?? null) })),
  };
}
