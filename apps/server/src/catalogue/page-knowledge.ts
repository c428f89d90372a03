import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scheme } from '@lantai/catalogue';
import { type Knowledge, loadPageWords, type PageWords, prepare } from '@lantai/proposals';
import type { Config } from '../config.ts';

const words = new Map<string, PageWords>();
const prepared = new WeakMap<Scheme, Knowledge>();

function loadWords({ programFolder }: Pick<Config, 'programFolder'>): PageWords {
  const folder = join(programFolder, 'schemes', 'pages');
  const known = words.get(folder);
  if (known) return known;
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const loaded = loadPageWords({ fields: text('fields.yaml'), forms: text('forms.yaml') });
  words.set(folder, loaded);
  return loaded;
}

/**
 * What pages of a scheme say and how, ready to propose by; made once for each scheme.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem and its line
 */
export function knowledgeOf(config: Pick<Config, 'programFolder'>, scheme: Scheme): Knowledge {
  const knowledge = prepared.get(scheme) ?? prepare(scheme, loadWords(config));
  prepared.set(scheme, knowledge);
  return knowledge;
}
