export { copyPage, type PageCopy } from './copy-page.ts';
export { type MadePrint, type PrintInput, printPages } from './print-pages.ts';
