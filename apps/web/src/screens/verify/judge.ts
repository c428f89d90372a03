import { type BundleVerdict, type OpenedContainer, verifyBundle } from '@lantai/bundle';
import type { Entry, ReceiptVerdict } from '@lantai/log';
import { findLooks, findViewNumber, formatViewNumber, timeOfNumberMs } from '@lantai/marks';
import { openFolderInBrowser, openZipInBrowser, verifyReceiptInBrowser, webBundlePrimitives } from '@lantai/primitives-web';

/** What somebody chose to have checked. */
export interface Choice {
  readonly files: readonly File[];
  /** Whether the files are the contents of one folder. */
  readonly isFolder: boolean;
  readonly logKeys: readonly string[];
  /** The number of a visible mark as it was typed; empty for none. */
  readonly number: string;
}

/** Whether the look that a printed number names was proved. */
export interface LookAnswer {
  readonly number: string;
  readonly atMs: number;
  /** The looks that it names: none, one, seldom two. */
  readonly entryIds: readonly string[];
}

/** What came of it. */
export type Judged =
  | { readonly kind: 'receipt'; readonly verdict: ReceiptVerdict; readonly look: LookAnswer | null }
  | { readonly kind: 'bundle'; readonly verdict: BundleVerdict; readonly look: LookAnswer | null }
  | { readonly kind: 'refused'; readonly code: string; readonly path: string | null };

const RECEIPT_HEAD = 'c2sp.org/tlog-proof@';
const RECEIPT_LIMIT_BYTES = 200_000;
const refused = (code: string, path: string | null = null): Judged => ({ kind: 'refused', code, path });

/** Verifier keys in a text, one a line or parted by spaces. */
export const keysIn = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/**
 * Checks what was chosen, in this browser alone: nothing is sent anywhere. Never rejects for a bad receipt or bundle; rejects when a file
 * cannot be read.
 */
export async function judge(choice: Choice, onProgress: (share01: number) => void): Promise<Judged> {
  const number = choice.number.trim() === '' ? null : findViewNumber(choice.number);
  if (number === null && choice.number.trim() !== '') return refused('trace/number-malformed');
  if (!choice.files.length) return refused('verify/nothing-given');
  if (choice.isFolder) return judgeBundle(openFolderInBrowser(choice.files), choice, number, onProgress);
  const heads = await Promise.all(choice.files.map((file) => file.slice(0, RECEIPT_HEAD.length).text()));
  const receipt = choice.files.find((_, i) => heads[i] === RECEIPT_HEAD);
  const others = choice.files.filter((file) => file !== receipt);
  if (others.length > 1) return refused('verify/choose-one');
  if (receipt) return judgeReceipt(receipt, others[0] ?? null, choice, number);
  return judgeBundle(await openZipInBrowser(others[0]!), choice, number, onProgress);
}

async function judgeReceipt(receipt: File, file: File | null, { logKeys }: Choice, number: bigint | null): Promise<Judged> {
  const receiptText = await receipt.slice(0, RECEIPT_LIMIT_BYTES).text();
  const verdict = await verifyReceiptInBrowser({ receiptText, logKeys, ...(file ? { file } : {}) });
  return { kind: 'receipt', verdict, look: answerOf(number, verdict.isValid && verdict.entry ? [verdict.entry] : []) };
}

async function judgeBundle(
  opened: OpenedContainer,
  { logKeys }: Choice,
  number: bigint | null,
  onProgress: (share01: number) => void,
): Promise<Judged> {
  if (opened.kind === 'refused') return opened;
  const verdict = await verifyBundle(webBundlePrimitives, {
    members: opened.members,
    logKeys,
    onProgress: (done, total) => onProgress(total ? done / total : 1),
  });
  return { kind: 'bundle', verdict, look: answerOf(number, verdict.isWhole ? verdict.entries.map(({ entry }) => entry) : []) };
}

function answerOf(number: bigint | null, proved: readonly Entry[]): LookAnswer | null {
  if (number === null) return null;
  const entryIds = findLooks(proved, number).map(({ id }) => id);
  return { number: formatViewNumber(number), atMs: timeOfNumberMs(number), entryIds };
}
