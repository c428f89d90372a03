import { readFileSync } from 'node:fs';
import { findViewNumber } from '@lantai/marks';
import { makeTraceBundle, type TraceOutcome, traceNumber, tracePicture } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

export interface TraceOptions {
  readonly as?: string;
  readonly number?: string;
  readonly bundle?: string;
}

/**
 * `lantai trace PICTURE`: reads the invisible mark of a picture and names the look behind it; with `--number` the number typed off the visible mark.
 * For whoever may read the log; an entry of the log. With `--bundle` also the proof of it: picture, tracing and look, for `lantai verify`.
 * @throws ArchiveError `trace/number-malformed`, `trace/nothing-given` (caller), `file/unreadable` (environment)
 */
export async function traceCommand(context: Context, path: string | undefined, options: TraceOptions): Promise<number> {
  const number = options.number === undefined ? null : findViewNumber(options.number);
  if (options.number !== undefined && number === null) throw new ArchiveError('trace/number-malformed', 'caller');
  if (number === null && path === undefined) throw new ArchiveError('trace/nothing-given', 'caller');
  const bytes = number === null && path !== undefined ? readPicture(path) : null;
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const desk = await session.desk('verification');
    const outcome = bytes ? await tracePicture(session.archive, desk, bytes) : await traceNumber(session.archive, desk, number);
    if (options.bundle !== undefined) {
      // Only a picture can be bound to its look; a number alone is checked by `lantai verify --number`.
      if (!bytes) throw new ArchiveError('trace/nothing-given', 'caller');
      await writeNewFile(options.bundle, (await makeTraceBundle(session.archive, desk, bytes, outcome)).bytes());
    }
    print(context, outcome);
    return outcome.looks.length ? EXIT.ok : EXIT.attention;
  } finally {
    await session.close();
  }
}

function readPicture(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ArchiveError('file/unreadable', 'environment', {}, cause);
  }
}

function print({ out }: Context, { number, atMs, looks }: TraceOutcome): void {
  out.json({ number, atMs, looks });
  const at = new Date(atMs ?? 0).toISOString();
  if (number === null)
    out.say(
      '未能读出本档案库的标记：对此图片无可奉告，既不能证明也不能排除其来源。',
      'No mark of this archive could be read: nothing can be said of this picture, neither that it came from here nor that it did not.',
    );
  else if (!looks.length)
    out.say(
      `标记为 ${number}，打开时间 ${at}；但本日志中没有这次查看。`,
      `The mark says ${number}, opened ${at}; the log here does not hold that look.`,
    );
  for (const { account, pageId, dossierCode, entryId } of looks)
    out.say(
      `${number}：账号 ${account?.name ?? '—'}，${at}，${pageId ? `页 ${pageId}` : '缩略图'}，卷 ${dossierCode ?? '—'}，日志条目 ${entryId}`,
      `${number}: account ${account?.name ?? '—'}, ${at}, ${pageId ? `page ${pageId}` : 'thumbnails'}, dossier ${dossierCode ?? '—'}, entry ${entryId}`,
    );
}
