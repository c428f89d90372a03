import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { writeDurably } from './durable-file.ts';

const FILE = 'restored.json';
const placeOf = ({ dataFolder }: Pick<Config, 'dataFolder'>) => join(dataFolder, FILE);

/**
 * Marks a data folder as one whose rows came out of a backup, or whose log was put back: what was destroyed since is destroyed again when it is
 * next opened. CRASH: the mark is there before the archive can be opened, and goes when that was done.
 */
export const markRestored = (config: Pick<Config, 'dataFolder'>, atMs: number): void =>
  writeDurably(placeOf(config), new TextEncoder().encode(`${JSON.stringify({ restoredAtMs: atMs })}\n`), 0o600);

export const isMarkedRestored = (config: Pick<Config, 'dataFolder'>): boolean => existsSync(placeOf(config));

export const unmarkRestored = (config: Pick<Config, 'dataFolder'>): void => rmSync(placeOf(config), { force: true });
