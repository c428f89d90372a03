import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findViewNumber } from '@lantai/marks';
import { findOwnKeys, findReceiptChecks, readKeyLines } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { looksJson, sayLooks, seekLooks } from './look-number.ts';
import { verifyBundleCommand } from './verify-bundle.ts';

export interface VerifyOptions {
  readonly key?: string;
  readonly number?: string;
  readonly page?: string;
  readonly tsaRoots?: string;
}

/** The page that checks in a browser, alone in one file; `tools/build.mjs` makes it. */
const PAGE = 'verify.html';
/** Where the page takes its keys from. */
const NO_KEYS = '<script type="application/json" id="lantai-keys">[]</script>';

/**
 * `lantai verify RECEIPT|BUNDLE [FILE] --key LOGKEY`: needs no server, no archive and no network. A receipt is checked, alone or against a
 * file's bytes; a bundle (zip or folder) whole. With `--number` also whether the look that a printed mark names is among what was proved.
 * Exits with 0 when everything asked was proved, 1 when a bundle holds but no believed key says whose log it is, else 4.
 * @throws ArchiveError `verify/nothing-given`, `verify/page-exists`, `trace/number-malformed` (caller), `verify/page-not-built`,
 *   `file/unreadable` (environment)
 */
export async function verifyCommand(
  context: Context,
  thing: string | undefined,
  file: string | undefined,
  options: VerifyOptions,
): Promise<number> {
  if (options.page !== undefined) return writePage(context, options.page, options.key ? keysOf(options.key) : findOwnKeys(context.config));
  if (thing === undefined) throw new ArchiveError('verify/nothing-given', 'caller');
  const number = options.number === undefined ? null : findViewNumber(options.number);
  if (options.number !== undefined && number === null) throw new ArchiveError('trace/number-malformed', 'caller');
  const logKeys = options.key ? keysOf(options.key) : findOwnKeys(context.config);
  const roots = options.tsaRoots === undefined ? null : readOrRefuse(options.tsaRoots).toString('utf8');
  if (!isReceipt(thing)) return verifyBundleCommand(context, thing, logKeys, number, roots);
  return verifyReceiptCommand(context, thing, file, logKeys, number);
}

function verifyReceiptCommand(
  { out }: Context,
  receipt: string,
  file: string | undefined,
  logKeys: readonly string[],
  number: bigint | null,
): number {
  const receiptText = readOrRefuse(receipt).toString('utf8');
  const verdict = findReceiptChecks({ receiptText, logKeys, fileBytes: file === undefined ? null : readOrRefuse(file) });
  // INVARIANT: of a receipt that is not valid no entry is told: somebody would take it for true (docs/spec/receipt.md section 2).
  const entry = verdict.isValid ? verdict.entry : undefined;
  const answer = seekLooks(number, entry ? [entry] : []);
  const isProved = verdict.isValid && (file === undefined || verdict.isFileProved) && answer?.looks.length !== 0;
  out.json({
    ...verdict,
    ...looksJson(answer),
    entry: entry && { ...entry, commit: undefined },
    position: entry && verdict.position,
    checkpoint: verdict.checkpoint ? { ...verdict.checkpoint, root: undefined } : undefined,
  });
  for (const check of verdict.checks) {
    const mark = check.outcome === 'passed' ? '✓' : check.outcome === 'failed' ? '✗' : '–';
    out.line(`${mark} ${out.words(`verify/${check.name}`)}${check.reason ? `: ${out.words(`receipt/${check.reason}`)}` : ''}`);
  }
  if (entry) out.line(`  ${entry.kind}  ${new Date(entry.atMs).toISOString()}  #${verdict.position ?? ''}`);
  if (verdict.algorithms?.length)
    out.line(`  ${out.words('verify/signed-by', { names: verdict.algorithms.map((a) => out.words(`verify/algorithm-${a}`)).join('、') })}`);
  if (answer) sayLooks(out, answer);
  out.say(isProved ? '验证通过。' : '验证未通过。', isProved ? 'Proved.' : 'Not proved.');
  return isProved ? EXIT.ok : EXIT.corruption;
}

/** A receipt is a text of its own form; anything else is opened as a bundle, which says what it is not. */
function isReceipt(path: string): boolean {
  try {
    if (statSync(path).isDirectory()) return false;
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(4);
      return readSync(file, head, 0, 4, 0) < 4 || head.readUInt16BE(0) !== 0x504b;
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new ArchiveError('file/unreadable', 'environment', {}, cause);
  }
}

/** `lantai verify --page OUT`: the checking page as one file to be kept and handed on, with the keys that it is to believe. */
function writePage({ out, config }: Context, to: string, logKeys: readonly string[]): number {
  const from = join(config.programFolder, PAGE);
  if (!existsSync(from)) throw new ArchiveError('verify/page-not-built', 'environment');
  const page = readFileSync(from, 'utf8');
  // `<` never stands in a key; escaped all the same, it could not end the block it is written into.
  const withKeys = page.replace(NO_KEYS, (block) => block.replace('[]', () => JSON.stringify(logKeys).replaceAll('<', '\\u003c')));
  try {
    writeFileSync(to, withKeys, { flag: 'wx' });
  } catch (cause) {
    throw new ArchiveError('verify/page-exists', 'caller', {}, cause);
  }
  out.json({ page: to, logKeys });
  out.say(
    `验证页已写入 ${to}，内含可信公钥 ${logKeys.length} 个，断网也可使用。`,
    `The checking page is ${to}, with ${logKeys.length} believed keys; it needs no network.`,
  );
  return EXIT.ok;
}

/** @throws ArchiveError `file/unreadable` (environment) */
export function readOrRefuse(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ArchiveError('file/unreadable', 'environment', {}, cause);
  }
}

/** A key given as text, or the keys in a file, one a line. */
export function keysOf(text: string): string[] {
  return /^[^+\p{White_Space}]+\+[0-9a-f]{8}\+/u.test(text) ? [text] : readKeyLines(readOrRefuse(text).toString('utf8'));
}
