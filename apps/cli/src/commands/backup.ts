import { resolve } from 'node:path';
import { makeBackup, openArchive, recoverLog, reindexArchive, restoreBackup } from '@lantai/server';
import { ArchiveError, isArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { startProgress } from '../progress.ts';
import { readTypedKit } from '../recovery-kit.ts';
import { openSession } from '../session.ts';

type Step = (step: string, done: number, total: number) => void;

/** One bar a step, begun when the step begins. */
function bars(label: (step: string) => string): { step: Step; end(): void } {
  let current = '';
  let bar: ReturnType<typeof startProgress> | undefined;
  return {
    step: (step, done, total) => {
      if (step !== current) {
        bar?.end();
        bar = startProgress(total, label(step));
        current = step;
      }
      bar?.to(done);
    },
    end: () => bar?.end(),
  };
}

/** `lantai backup FOLDER --keys FILE`: who may back up shows the password now; database, objects and log in one consistent set, keys apart. */
export async function backupCommand(
  context: Context,
  folder: string,
  options: { readonly keys: string; readonly as?: string },
): Promise<number> {
  const { out, config } = context;
  const session = await openSession(config, { as: options.as, reads: false });
  const { archive } = session;
  const progress = bars((step) => step);
  try {
    await archive.sequencer?.drain();
    const desk = await session.desk('administration');
    const manifest = await makeBackup(archive, resolve(folder), { desk, keyFile: resolve(options.keys), onProgress: progress.step });
    progress.end();
    out.json(manifest);
    out.say(
      `备份完成：${manifest.objects.count} 个对象，日志 ${manifest.log.size} 条。密钥备份在 ${options.keys}，请另处保存；恢复还需根密钥或恢复卡。`,
      `Backed up ${manifest.objects.count} objects and ${manifest.log.size} entries. The key backup is ${options.keys}: keep it elsewhere; restoring also needs the root key or the recovery kit.`,
    );
    return EXIT.ok;
  } finally {
    await archive.close();
  }
}

export interface RestoreOptions {
  readonly keys: string;
  readonly rootKey?: string;
  readonly kit?: boolean;
  readonly publishedLog?: string;
  readonly recoverLog?: boolean;
}

/** `lantai restore FOLDER --keys FILE --root-key FILE`: into an empty place, compared with the manifest, the search index made anew. */
export async function restoreCommand(context: Context, folder: string, options: RestoreOptions): Promise<number> {
  const { out, config } = context;
  const rootKey = options.rootKey ? { file: resolve(options.rootKey) } : options.kit ? { kit: await readTypedKit(context) } : null;
  if (!rootKey) throw new ArchiveError('restore/root-key-needed', 'caller');
  const progress = bars((step) => step);
  const manifest = await restoreBackup(config, resolve(folder), {
    keyFile: resolve(options.keys),
    rootKey,
    publishedLog: options.publishedLog ? resolve(options.publishedLog) : null,
    onProgress: progress.step,
  });
  if (options.recoverLog) await recoverLog(config);
  const archive = await openArchive(config, { reads: false });
  try {
    const pages = await reindexArchive(archive, progress.step);
    await archive.sequencer?.drain();
    progress.end();
    out.json({ ...manifest, reindexed: pages });
    out.say(
      `恢复完成：${manifest.objects.count} 个对象，日志 ${manifest.log.size} 条，索引重建 ${pages} 页。`,
      `Restored ${manifest.objects.count} objects and ${manifest.log.size} entries; ${pages} pages indexed anew.`,
    );
    return EXIT.ok;
  } catch (error) {
    if (isArchiveError(error, 'log/behind-published')) {
      // INVARIANT: never a silently shorter log: the alarm stands until a person chose a way on.
      out.warn('restore/behind-published', error.detail);
      out.fail(error);
      return EXIT.corruption;
    }
    throw error;
  } finally {
    await archive.close();
  }
}
