import { createInterface } from 'node:readline';
import { checkRecoveryKit, confirmRecoveryKit, openArchive } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from './context.ts';

/** Symbols of a kit. Source: docs/spec/key-store.md. */
const KIT_SYMBOLS = 64;
const TRIES = 5;

/** Where a kit is typed, or comes from down a pipe. */
export type KitInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Reads a recovery kit over as many lines as it takes; an empty line, or the end of the input, ends it early. */
export async function readTypedKit({ out }: Context, input: KitInput = process.stdin): Promise<string> {
  if (input.isTTY) process.stderr.write(out.language === 'zh' ? '请照恢复卡输入（共四行）：\n' : 'Type the kit (four lines):\n');
  let text = '';
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') break;
    text += `${line}\n`;
    if (text.replace(/[\s\-–—]/g, '').length >= KIT_SYMBOLS) break;
  }
  return text;
}

/**
 * Asks for the archive's recovery kit and writes into the log that it was given back: then health warns no more.
 * @throws ArchiveError `key/kit-not-confirmed` (caller) when it is wrong each time, `archive/none` (caller)
 */
export async function confirmKit(context: Context, input: KitInput = process.stdin): Promise<void> {
  const { out, config } = context;
  for (let tries = input.isTTY ? TRIES : 1; tries > 0; tries--) {
    const answer = await checkRecoveryKit(config, await readTypedKit(context, input));
    if (answer.isRight) {
      const archive = await openArchive(config, { reads: false });
      await confirmRecoveryKit(archive).finally(() => archive.close());
      out.say('恢复卡核对无误。', 'The kit is right.');
      return;
    }
    const { line, symbol } = answer;
    out.warn(line === 0 ? 'key/kit-of-another' : symbol === 0 ? 'key/kit-line-wrong' : 'key/kit-wrong', { line, symbol });
  }
  throw new ArchiveError('key/kit-not-confirmed', 'caller');
}
