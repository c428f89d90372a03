import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DefectKind, loadDefects } from '@lantai/catalogue';
import type { Config } from '../config.ts';

const loaded = new Map<string, readonly DefectKind[]>();

/**
 * The defect dictionary (质检缺陷字典) that came with the program. Read once: a changed file is seen at the next start.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem's line
 */
export function defectDictionary({ programFolder }: Pick<Config, 'programFolder'>): readonly DefectKind[] {
  const file = join(programFolder, 'schemes', 'defects', 'default.yaml');
  const known = loaded.get(file) ?? loadDefects(readFileSync(file, 'utf8'));
  loaded.set(file, known);
  return known;
}
