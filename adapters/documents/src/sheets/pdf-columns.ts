import type { PrintedColumn } from './labels.ts';

/** Points in a millimetre. */
export const MM = 72 / 25.4;

/** Widths in millimetres; the title takes what the others leave. */
const WIDTHS: Readonly<Record<Exclude<PrintedColumn['key'], 'title'>, number>> = {
  number: 14,
  code: 40,
  year: 13,
  month: 10,
  day: 10,
  copies: 12,
  pages: 12,
  retention: 20,
  remarks: 28,
};

/** A column with its place on the page, in points. */
export interface Column extends PrintedColumn {
  readonly x: number;
  readonly width: number;
}

/** Sets columns side by side from `left`, points; together as wide as the table. */
export function placeColumns(columns: readonly PrintedColumn[], left: number, tableWidth: number): Column[] {
  const fixed = (c: PrintedColumn) => (c.key === 'title' ? 0 : WIDTHS[c.key] * MM);
  const rest = tableWidth - columns.reduce((sum, c) => sum + fixed(c), 0);
  let x = left;
  return columns.map((column) => {
    const width = column.key === 'title' ? rest : fixed(column);
    const placed = { ...column, x, width };
    x += width;
    return placed;
  });
}
