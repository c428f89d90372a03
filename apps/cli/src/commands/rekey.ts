import { openArchive, type RekeyOrder, type RekeyResult, rekeyArchive } from '@lantai/server';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

/** The suites by the names that the command line takes; `std` is what an archive has unless it asks for another. */
export const SUITE_NAMES = { gm: 'gm', std: 'intl', intl: 'intl' } as const;

/** `lantai rekey --suite gm|std`: seals everything anew under another suite, beside a running server. Ctrl-C stops it between two steps; run again it goes on. */
export function rekeyCommand(context: Context, options: { readonly suite: keyof typeof SUITE_NAMES }): Promise<number> {
  return sealAnew(context, { suite: SUITE_NAMES[options.suite] });
}

/** Carries out an order and shows how far it is. Exits with 1 when it was stopped, or damage or old bytes are left. */
export async function sealAnew({ config, out }: Context, order: RekeyOrder): Promise<number> {
  const archive = await openArchive(config, { reads: false });
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const result = await rekeyArchive(archive, order, {
      signal: stopping.signal,
      onProgress: ({ objects, values }) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${out.language === 'zh' ? '换封' : 'sealed anew'} ${objects} + ${values} `);
      },
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    await archive.sequencer?.drain();
    say({ config, out }, result);
    if ('suite' in order && order.suite !== archive.identity.suite)
      out.say(
        '检索标记与各类带密钥摘要仍用建库时的套件；须全程使用国密的档案库，请以 init --suite gm 新建（ADR 0222）。',
        'Search tokens and keyed digests stay under the suite the archive was made with; one that must be SM throughout is made with init --suite gm (ADR 0222).',
      );
    out.json(result);
    return result.state === 'done' && result.damaged === 0 && result.leftObjects === 0 ? EXIT.ok : EXIT.attention;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await archive.close();
  }
}

function say({ out }: Context, { objects, values, damaged, leftObjects, state }: RekeyResult): void {
  if (state === 'stopped') {
    out.say(
      `已停止；已换封 ${objects} 个对象、${values} 个密封值。再次执行同一命令即从此处继续，期间档案照常可用。`,
      `Stopped; ${objects} objects and ${values} values are sealed anew. The same command goes on from here; the archive works meanwhile.`,
    );
    return;
  }
  out.say(`已换封 ${objects} 个对象、${values} 个密封值。`, `${objects} objects and ${values} values are sealed anew.`);
  if (damaged) out.say(`${damaged} 处打不开，未动；请执行 lantai fsck。`, `${damaged} would not open and were left: run lantai fsck.`);
  if (leftObjects)
    out.say(
      `备份或核查正在进行，${leftObjects} 个旧对象下次删除。`,
      `A backup or check is under way: ${leftObjects} old objects are removed by the next run.`,
    );
}
