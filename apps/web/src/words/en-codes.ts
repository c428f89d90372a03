import type { Translation } from './translation.ts';
import type { zhCodes } from './zh-codes.ts';

/** Archival codes in several forms, in English. */
export const enCodes: Translation<keyof typeof zhCodes> = {
  'code.chosen': 'Chosen. Dossiers opened from now on get codes in this form',
  'code.da-t-13': 'DA/T 13, rules for archival codes',
  'code.da-t-22': 'DA/T 22, rules for filed documents',
  'code.digits': '{part} ({digits} digits)',
  'code.dossiers_one': '{number} dossier',
  'code.dossiers_other': '{number} dossiers',
  'code.former': 'formerly {codes}',
  'code.help':
    'For each fonds and scheme one form leads, and the other may be kept beside it. Leading, second and former codes all find the dossier.',
  'code.leading': 'Leading code',
  'code.leadingForm': 'Leading code reads',
  'code.none': 'You keep no fonds',
  'code.noSecond': 'No second code',
  'code.own': 'The scheme’s original form',
  'code.part.category': 'category',
  'code.part.fonds': 'fonds',
  'code.part.item': 'item number',
  'code.part.office': 'unit code',
  'code.part.retention': 'retention',
  'code.part.volume': 'dossier number',
  'code.part.year': 'year',
  'code.rewrite': 'Recode existing dossiers',
  'code.rewriteHelp':
    'Present codes are kept as former codes and still find their dossiers; the codes of materials follow. Labels must be printed again.',
  'code.rewriteSure_one': 'Recode {number} dossier in the chosen form?',
  'code.rewriteSure_other': 'Recode {number} dossiers in the chosen form?',
  'code.rewritten': '{changed} leading codes and {second} second codes changed',
  'code.second': 'Second code',
  'code.secondForm': 'Second code reads',
  'code.secondIs': 'also {code}',
  'code.title': 'Forms of archival codes',
  'code.unfit_one':
    '{count} could not be made: the code of its fonds or unit does not fit the standard (capitals, digits, Han characters).',
  'code.unfit_other':
    '{count} could not be made: the code of their fonds or unit does not fit the standard (capitals, digits, Han characters).',
  'nav.codes': 'Codes',
};
