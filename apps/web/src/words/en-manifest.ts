import type { Translation } from './translation.ts';
import type { zhManifest } from './zh-manifest.ts';

/** English for {@link zhManifest}. */
export const enManifest: Translation<keyof typeof zhManifest> = {
  'import.elsewhere': 'Into other dossiers',
  'separator.among': 'Separator sheets among the files',
  'separator.sheets': 'Print separators',
  'separator.labels': 'Print labels',
  'manifest.title': 'File by a list of materials',
  'manifest.lead':
    'Choose a list, Excel or CSV (field names of older systems such as E01Z1 are known); the images dropped above are matched by folders or file names: dossier code or name. Check first; a dossier with an error is left out.',
  'manifest.file': 'Choose a list',
  'manifest.check': 'Check',
  'manifest.checkAgain': 'Check again',
  'manifest.rows': '{rows} rows.',
  'manifest.unknown': 'Columns passed over: {headings}.',
  'manifest.unused': '{images} images belong to no dossier of the list.',
  'manifest.act.make': 'to make',
  'manifest.act.change': 'to change',
  'manifest.act.nothing': 'as they are',
  'manifest.act.refused': 'left out',
  'manifest.clean': 'No row wants a look.',
  'manifest.grid': 'Rows that want a look',
  'manifest.cell': 'Row {row}, {heading}',
  'manifest.row': 'Row',
  'manifest.why': 'What is wrong',
  'manifest.more_one': 'Show {count} more',
  'manifest.more_other': 'Show up to {count} more',
  'manifest.left': '{rows} further rows are not shown: see the error sheet.',
  'manifest.errors': 'Download the error sheet',
  'manifest.apply_one': 'File {count} dossier',
  'manifest.apply_other': 'File {count} dossiers',
  'manifest.filed': '{filed} dossiers filed: {made} materials made, {changed} changed, {pages} pages.',
  'manifest.leftOut': '{refused} dossiers left out.',
  'manifest.done': 'All done.',
};
