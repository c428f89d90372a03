import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EvidenceWords, loadEvidenceWords } from '@lantai/catalogue';
import type { Config } from '../config.ts';

const loaded = new Map<string, EvidenceWords>();

/**
 * Which titles prove what of the key facts: `schemes/pages/key-facts.yaml` of the program, read once.
 * @throws ArchiveError `scheme/invalid` (caller)
 */
export function evidenceWordsOf({ programFolder }: Pick<Config, 'programFolder'>): EvidenceWords {
  const file = join(programFolder, 'schemes', 'pages', 'key-facts.yaml');
  const words = loaded.get(file) ?? loadEvidenceWords(readFileSync(file, 'utf8'));
  loaded.set(file, words);
  return words;
}
