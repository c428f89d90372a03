import type { Translation } from './translation.ts';
import type { zhVersions } from './zh-versions.ts';

/** Words of the versions of a material in English. */
export const enVersions: Translation<keyof typeof zhVersions> = {
  'side.versions': 'Versions',
  'versions.after': 'now',
  'versions.before': 'was',
  'versions.beside': 'Old and new side by side',
  'versions.besideTitle': 'Old and new scan (page {place})',
  'versions.by': '{name}, {at}',
  'versions.catalogued': 'Catalogued otherwise',
  'versions.code': 'Archival code',
  'versions.dissolved': 'The material was taken apart; its pages lie elsewhere.',
  'versions.former': 'Former scan',
  'versions.formerOf': 'Page {place}',
  'versions.house': 'The archive',
  'versions.loading': 'Reading the versions',
  'versions.new': 'Scan in use',
  'versions.none': 'No former version yet',
  'versions.noneText':
    'What is catalogued otherwise after it was confirmed, and scans that better ones took the place of, stay here, to be seen and brought back.',
  'versions.nothing': '(empty)',
  'versions.reason': 'Why: {reason}',
  'versions.replace': 'Replace by a better scan',
  'versions.replaceHelp':
    'The former scan is kept sealed with its reading and can be looked at; search, copies and score use the new one alone. It can be undone.',
  'versions.replaceNone': 'There is no loose page. Receive the new scan into this dossier first.',
  'versions.replacePick': 'Which page is the new scan',
  'versions.replaceReason': 'Why it is replaced',
  'versions.replaceReasonHint': 'For instance: blurred, a corner cut off, creased',
  'versions.replaceTitle': 'Replace the scan of page {number}',
  'versions.replaced': 'Replaced; the former scan is kept sealed.',
  'versions.restore': 'Catalogue as before',
  'versions.restoreAsk': 'How it is catalogued now is then kept as a version too.',
  'versions.restored': 'Catalogued as before.',
  'versions.scans': 'Replaced scans',
  'versions.state': 'State',
  'versions.state.confirmed': 'confirmed',
  'versions.state.draft': 'draft',
  'versions.state.proposed': 'to be checked',
};
