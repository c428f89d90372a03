export { proposePages } from './propose-pages.ts';
