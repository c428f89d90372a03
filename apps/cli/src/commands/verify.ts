import { readFileSync } from 'node:fs';
import { findReceiptChecks, readKeyLines } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

export interface VerifyOptions {
  readonly key?: string;
}

/**
 * `lantai verify RECEIPT [FILE] --key LOGKEY`: needs no server, no archive and no network. Compares the file's bytes with what the log says.
 * Exits with 0 when everything asked was proved, else 4.
 */
export function verifyCommand({ out, config }: Context, receipt: string, file: string | undefined, options: VerifyOptions): number {
  const receiptText = readOrRefuse(receipt).toString('utf8');
  const logKeys = options.key ? keysOf(options.key) : null;
  const verdict = findReceiptChecks(config, { receiptText, logKeys, fileBytes: file === undefined ? null : readOrRefuse(file) });
  const isProved = verdict.isValid && (file === undefined || verdict.isFileProved);
  out.json({
    ...verdict,
    entry: verdict.entry ? { ...verdict.entry, commit: undefined } : undefined,
    checkpoint: verdict.checkpoint ? { ...verdict.checkpoint, root: undefined } : undefined,
  });
  for (const check of verdict.checks) {
    const mark = check.outcome === 'passed' ? '✓' : check.outcome === 'failed' ? '✗' : '–';
    out.line(`${mark} ${out.words(`verify/${check.name}`)}${check.reason ? `: ${out.words(`receipt/${check.reason}`)}` : ''}`);
  }
  if (verdict.entry) out.line(`  ${verdict.entry.kind}  ${new Date(verdict.entry.atMs).toISOString()}  #${verdict.position ?? ''}`);
  out.say(isProved ? '验证通过。' : '验证未通过。', isProved ? 'Proved.' : 'Not proved.');
  return isProved ? EXIT.ok : EXIT.corruption;
}

/** @throws ArchiveError `file/unreadable` (caller) */
export function readOrRefuse(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ArchiveError('file/unreadable', 'caller', {}, cause);
  }
}

/** A key given as text, or the keys in a file, one a line. */
export function keysOf(text: string): string[] {
  return /^[^+\s]+\+[0-9a-f]{8}\+/.test(text) ? [text] : readKeyLines(readOrRefuse(text).toString('utf8'));
}
