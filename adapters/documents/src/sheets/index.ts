export type { SheetLanguage } from './labels.ts';
export { findUndrawable, writeCataloguePdf } from './sheet-pdf.ts';
export { writeCatalogueXlsx } from './sheet-xlsx.ts';
