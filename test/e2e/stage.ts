import type { Browser } from 'playwright-core';
import type { ServedArchive } from './archive-server.ts';
import type { Visitor } from './visitor.ts';

/** What all tests of one file share: the archive, the browser, and somebody signed in. */
export interface Stage {
  archive: ServedArchive;
  browser: Browser;
  visitor: Visitor;
  /** The file that the first page of the sample was received as. */
  readonly fileOfReceipt: string;
}
