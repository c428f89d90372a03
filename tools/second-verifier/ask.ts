import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openZip, sourceOfBytes, verifyBundle } from '@lantai/bundle';
import { verifyReceipt } from '@lantai/log';
import { nodeBundlePrimitives, nodePrimitives } from '@lantai/primitives-node';

const SCRIPT = fileURLToPath(new URL('../check/questions.py', import.meta.url));

/** A receipt to be judged: its text, verifier keys, and the file in hexadecimal, if any. */
export interface ReceiptQuestion {
  readonly receipt: string;
  readonly keys: readonly string[];
  readonly file?: string;
}

/** A bundle to be judged: the zip in base 64 and verifier keys. */
export interface BundleQuestion {
  readonly zip: string;
  readonly keys: readonly string[];
}

/** A verdict on a receipt, every check with its reason. */
export interface ReceiptVerdict {
  readonly isValid: boolean;
  readonly isFileProved: boolean;
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly reason?: string }[];
}

/** A verdict on a bundle; each fault as `code path`, sorted. */
export interface BundleVerdict {
  readonly isValid: boolean;
  readonly isWhole: boolean;
  readonly faults: readonly string[];
}

interface Fault {
  readonly code: string;
  readonly path: string | null;
}

/** Asks the verifier in Python (tools/check), all questions in one process; the answers come in their order. */
export function askPython<Answer>(questions: readonly object[]): Answer[] {
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const said = execFileSync('python3', [SCRIPT], { input, maxBuffer: 1 << 28 }).toString();
  return said
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

const bundleVerdict = (verdict: { isValid: boolean; isWhole: boolean; faults: readonly Fault[] }): BundleVerdict => ({
  isValid: verdict.isValid,
  isWhole: verdict.isWhole,
  faults: verdict.faults.map(({ code, path }) => `${code} ${path}`).sort(),
});

/** Verdicts of the verifier in Python on receipts. */
export function receiptsByPython(questions: readonly ReceiptQuestion[]): ReceiptVerdict[] {
  return askPython<ReceiptVerdict>(questions).map(({ isValid, isFileProved, checks }) => ({ isValid, isFileProved, checks }));
}

/** Verdicts of the verifier in Python on bundles. */
export function bundlesByPython(questions: readonly BundleQuestion[]): BundleVerdict[] {
  return askPython<{ isValid: boolean; isWhole: boolean; faults: Fault[] }>(questions).map(bundleVerdict);
}

/** The product's own verdict on a receipt. */
export function receiptByLantai({ receipt, keys, file }: ReceiptQuestion): ReceiptVerdict {
  const fileBytes = file === undefined ? {} : { fileBytes: Uint8Array.from(Buffer.from(file, 'hex')) };
  const { isValid, isFileProved, checks } = verifyReceipt(nodePrimitives, { receiptText: receipt, logKeys: keys, ...fileBytes });
  return { isValid, isFileProved, checks };
}

/** The product's own verdict on a bundle. */
export async function bundleByLantai({ zip, keys }: BundleQuestion): Promise<BundleVerdict> {
  const opened = await openZip(sourceOfBytes(new Uint8Array(Buffer.from(zip, 'base64'))));
  if (opened.kind === 'refused') {
    return bundleVerdict({ isValid: false, isWhole: false, faults: [{ code: opened.code, path: opened.path }] });
  }
  return bundleVerdict(await verifyBundle(nodeBundlePrimitives, { members: opened.members, logKeys: keys }));
}

/**
 * Cases of this folder where the two differ because the product does not do what docs/spec says: what it says instead. A case that is mended
 * there must leave this list, or tools/check.test.ts fails.
 */
export const WRONG_IN_LANTAI: Readonly<Record<string, string>> = {};
