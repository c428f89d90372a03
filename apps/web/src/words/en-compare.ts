import type { Translation } from './translation.ts';
import type { zhCompare } from './zh-compare.ts';

/** Words of the comparison desk in English. */
export const enCompare: Translation<keyof typeof zhCompare> = {
  'compare.apart': 'Zoom each side',
  'compare.back': 'Back to the desk',
  'compare.choose': 'Choose a page',
  'compare.elsewhere': 'Other dossiers',
  'compare.elsewhereHelp':
    'Searches the materials of that year by the name of the unit, in the dossiers you may see alone. The search and each look are entries of the log.',
  'compare.elsewhereNone': 'No material of that year was found.',
  'compare.find': 'Search',
  'compare.here': 'Other materials of this dossier',
  'compare.left': 'Left page',
  'compare.linked': 'Zoom together',
  'compare.loose': 'Loose page',
  'compare.none': 'Choose a page',
  'compare.noneText': 'Choose a page of a material above: seals, handwriting and paper beside materials of the same unit and year.',
  'compare.note': 'For the eye of a person: the program draws no conclusion. Determinations are proposed under key facts.',
  'compare.open': 'Compare',
  'compare.opening': 'Opening the comparison desk',
  'compare.page': '{title}, page {number}',
  'compare.right': 'Right page',
  'compare.sameYear': 'Of this dossier, of the same year ({year})',
  'compare.title': 'Comparison desk',
  'compare.unit': 'Name of the unit',
  'compare.year': 'Year',
  'compare.zoom': 'Magnification',
  'keys.compare': 'Comparison desk',
};
