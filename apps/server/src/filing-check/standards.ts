import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ActivityStandard,
  loadActivities,
  loadMetadataStandard,
  loadPropertyStandard,
  type MetadataStandards,
  type PropertyStandard,
} from '@lantai/catalogue/properties';
import type { Config } from '../config.ts';

/** What a check goes by. */
export interface CheckStandards extends MetadataStandards {
  readonly items: PropertyStandard;
  /** Which entries are which business activity. */
  readonly activities: ActivityStandard;
}

const loaded = new Map<string, CheckStandards>();

/**
 * The items of the four-property check and the elements of descriptions that came with the program. Read once: a changed file is seen at the next start.
 * @throws ArchiveError `scheme/invalid` (caller) with the first problem's line
 */
export function loadCheckStandards({ programFolder }: Pick<Config, 'programFolder'>): CheckStandards {
  const known = loaded.get(programFolder);
  if (known) return known;
  const read = (...names: string[]) => readFileSync(join(programFolder, 'schemes', ...names), 'utf8');
  const standards: CheckStandards = {
    items: loadPropertyStandard(read('properties', 'da-t-70.yaml')),
    description: loadMetadataStandard(read('metadata', 'da-t-18.yaml')),
    record: loadMetadataStandard(read('metadata', 'da-t-46.yaml')),
    activities: loadActivities(read('process', 'activities.yaml')),
  };
  loaded.set(programFolder, standards);
  return standards;
}

/** How a check names the items it went by: `da-t-70/1`. */
export const nameOfStandard = ({ id, version }: Pick<PropertyStandard, 'id' | 'version'>): string => `${id}/${version}`;
