import type { Config } from '@lantai/server';
import type { Output } from './output.ts';

/** What every command is given: where to work and where to print. */
export interface Context {
  readonly config: Config;
  readonly out: Output;
}
