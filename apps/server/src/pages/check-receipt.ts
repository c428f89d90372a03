import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReceiptVerdict, verifyReceipt } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { LOG_KEY_FILE } from '../archive/index.ts';
import type { Config } from '../config.ts';

/** What a receipt is checked against. */
export interface ReceiptCheckInput {
  readonly receiptText: string;
  /** The log's verifier keys, any of which suffices. */
  readonly logKeys: readonly string[];
  readonly fileBytes: Uint8Array | null;
}

/** Checks a receipt offline; never throws on a bad one. Without any key every check but `keys` is still listed as not made. */
export function findReceiptChecks(input: ReceiptCheckInput): ReceiptVerdict {
  return verifyReceipt(nodePrimitives, {
    receiptText: input.receiptText,
    logKeys: input.logKeys,
    ...(input.fileBytes ? { fileBytes: input.fileBytes } : {}),
  });
}

/** Verifier keys of the archive in the data folder; none when there is no archive. */
export function findOwnKeys(config: Config): string[] {
  const own = join(config.dataFolder, LOG_KEY_FILE);
  return existsSync(own) ? readKeyLines(readFileSync(own, 'utf8')) : [];
}

/** The verifier keys in a key file, one a line. */
export function readKeyLines(text: string): string[] {
  return text.split('\n').flatMap((line) => line.trim() || []);
}
