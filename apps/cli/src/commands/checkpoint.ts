import { writeFileSync } from 'node:fs';
import { getNewestCheckpoint, printCheckpoint } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

export interface CheckpointOptions {
  readonly as?: string;
  readonly print?: string;
}

/**
 * `lantai checkpoint`: the newest signed checkpoint with the lines of its witnesses; with `--print FILE` as one page of PDF to be signed and kept.
 * @throws ArchiveError `checkpoint/not-found`, `file/not-written` (caller)
 */
export async function checkpointCommand(context: Context, options: CheckpointOptions): Promise<number> {
  const { out } = context;
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    if (options.print === undefined) {
      const note = await getNewestCheckpoint(session.archive);
      out.json({ note });
      out.line(note.trimEnd());
      return EXIT.ok;
    }
    const made = await printCheckpoint(session.archive, await session.desk('audit'), out.language);
    try {
      writeFileSync(options.print, made.bytes, { flag: 'wx' });
    } catch (cause) {
      throw new ArchiveError('file/not-written', 'caller', {}, cause);
    }
    out.json({ file: options.print, size: made.size });
    out.say(
      `检查点（${made.size} 条）已写入 ${options.print}，请打印、签字存档。`,
      `The checkpoint of ${made.size} entries is in ${options.print}: print, sign and keep it.`,
    );
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
