import { existsSync, readdirSync } from 'node:fs';
import { createArchive, findArchiveFile, openArchive, serve } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { showAccounts, trialFondsName } from './init.ts';

/** `lantai serve`: web, API, reading and log of an archive that exists, until it is told to stop. */
export async function serveCommand({ out, config }: Context): Promise<number> {
  const running = await serve(config);
  out.say(`兰台已就绪：${running.url}`, `Lantai is ready: ${running.url}`);
  out.json({ url: running.url, dataFolder: config.dataFolder });
  if (running.archive.identity.kind === 'trial')
    out.say('这是试用档案库，不得存放真实档案。', 'This is a trial archive: keep no real papers in it.');
  const stop = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    await Promise.race([stop, running.lost]);
  } finally {
    out.say('正在停止……', 'Stopping …');
    await running.close();
  }
  return EXIT.ok;
}

/** `npm start`: on an empty folder makes a trial archive first. */
export async function startCommand(context: Context): Promise<number> {
  const { config, out } = context;
  if (!findArchiveFile(config.dataFolder)) {
    // A folder with something else in it is somebody's: it is left alone.
    if (existsSync(config.dataFolder) && readdirSync(config.dataFolder).some((name) => name !== 'run'))
      throw new ArchiveError('archive/folder-not-empty', 'caller');
    const setup = await createArchive(config, {
      kind: 'trial',
      suite: 'intl',
      fonds: { code: 'Z999', name: trialFondsName(out.language) },
    });
    for (const f of setup.findings) out.warn(f.code, f.params);
    showAccounts(context, setup.accounts);
  }
  return serveCommand(context);
}

/** `lantai work`: reads and imports in the background, alone or beside a running server, until it is told to stop. */
export async function workCommand({ out, config }: Context): Promise<number> {
  const archive = await openArchive(config, { reads: true, joins: true });
  out.say('后台任务进程已启动。', 'Working in the background.');
  out.json({ shared: archive.isShared, readers: config.readerCount });
  try {
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
  } finally {
    await archive.close();
  }
  return EXIT.ok;
}
