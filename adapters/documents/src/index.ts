// Taking received files apart. Writing catalogue sheets is `@lantai/documents/sheets`, so that a decoder child loads no writer.
export { type FallbackFonts, loadFallbackFonts } from './fallback-font.ts';
export type { ImageTools } from './image-tools.ts';
export * from './limits.ts';
export {
  type DeliveredMember,
  type DeliveredPage,
  type Delivery,
  type Outcome,
  type Receiving,
  type Refused,
  refused,
  type TextLine,
} from './outcome.ts';
export { loadPdfium } from './pdf/engine.ts';
export { type ReceiveOptions, receiveFile } from './receive.ts';
export { readTables, type TableCell, type TableLimits, type TableRow, type TableSheet } from './tables/read-tables.ts';
export { streamTable, TABLE_BYTES_MAX } from './tables/stream-table.ts';
export {
  type CellKind,
  HEADING_ROWS_MAX,
  type MergedRange,
  type StreamedCell,
  type StreamedRow,
  type TableHead,
  type TableStretch,
} from './tables/streamed-row.ts';
