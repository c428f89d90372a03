export { type CheckpointSheet, rootGroups, writeCheckpointPdf } from './checkpoint-pdf.ts';
export type { SheetLanguage } from './labels.ts';
export { type PrintedFace, type PrintJob, writePrintPdf } from './print-pdf.ts';
export { type ReportDocument, type ReportSection, writeReportPdf } from './report-pdf.ts';
export { type SeparatorJob, type SeparatorSheet, writeSeparatorsPdf } from './separators-pdf.ts';
export { findUndrawable, writeCataloguePdf } from './sheet-pdf.ts';
export { writeCatalogueXlsx } from './sheet-xlsx.ts';
export { type LongTable, streamTableXlsx } from './stream-xlsx.ts';
export { type PlainTable, type TableColumn, writeTableXlsx } from './table-xlsx.ts';
