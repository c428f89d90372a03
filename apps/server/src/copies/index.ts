export { type CopyInput, copyDossier, type MadeCopy } from './copy-dossier.ts';
export { copyPage, type PageCopy } from './copy-page.ts';
export { type MadePrint, type PrintInput, printPages } from './print-pages.ts';
