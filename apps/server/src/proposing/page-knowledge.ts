import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scheme } from '@lantai/catalogue';
import { type Knowledge, loadPageWords, prepare } from '@lantai/proposals';

/**
 * What pages of a scheme say and how, read from the program folder and ready to propose by. Takes a quarter of a second.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem and its line
 */
export function loadKnowledge(programFolder: string, scheme: Scheme): Knowledge {
  const text = (name: string) => readFileSync(join(programFolder, 'schemes', 'pages', name), 'utf8');
  return prepare(scheme, loadPageWords({ fields: text('fields.yaml'), forms: text('forms.yaml') }));
}
