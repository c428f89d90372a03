import { enFrame } from './en-frame.ts';
import { enWork } from './en-work.ts';

/** Every word of the page in English. words.test.ts holds it complete. */
export const en = { ...enFrame, ...enWork };
