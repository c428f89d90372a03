import type { Translation } from './translation.ts';
import type { zhCodes } from './zh-codes.ts';

/** Archival codes in several forms, in English. */
export const enCodes: Translation<keyof typeof zhCodes> = {
  'code.chosen': 'Chosen. Dossiers opened from now on get such codes',
  'code.da-t-13': 'DA/T 13',
  'code.da-t-22': 'DA/T 22',
  'code.dossiers_one': '{number} dossier',
  'code.dossiers_other': '{number} dossiers',
  'code.former': 'formerly {codes}',
  'code.help':
    'For each fonds and scheme one form leads, and the other may be kept beside it. Leading, second and former codes all find the dossier.',
  'code.leading': 'Leading code',
  'code.none': 'No fonds to keep',
  'code.noSecond': 'No second code',
  'code.own': 'As codes were always given',
  'code.rewrite': 'Rewrite those that are there',
  'code.rewriteHelp':
    'Codes that dossiers had are kept as former codes and still find them; codes of materials follow. Labels must be printed anew.',
  'code.rewriteSure_one': 'Rewrite the code of {number} dossier by the form chosen?',
  'code.rewriteSure_other': 'Rewrite the codes of {number} dossiers by the form chosen?',
  'code.rewritten': '{changed} leading and {second} second codes written',
  'code.second': 'Second code',
  'code.secondIs': 'also {code}',
  'code.title': 'Forms of archival codes',
  'code.unfit_one':
    '{count} could not be made: the code of its fonds or unit does not fit the standard (capitals, digits, Han characters).',
  'code.unfit_other':
    '{count} could not be made: the code of their fonds or unit does not fit the standard (capitals, digits, Han characters).',
  'nav.codes': 'Codes',
};
