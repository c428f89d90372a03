import { readFileSync } from 'node:fs';
import { loadScheme, type Scheme } from '../src/index.ts';

const read = (name: string) => readFileSync(new URL(`../../../schemes/${name}.yaml`, import.meta.url), 'utf8');

/** The schemes that the project ships, as their files say. */
export const cadreText = read('cadre-2018');
export const cadre: Scheme = loadScheme(cadreText);
export const employee: Scheme = loadScheme(read('employee-lifecycle'));
