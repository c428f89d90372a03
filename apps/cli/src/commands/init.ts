import { createInterface } from 'node:readline/promises';
import { checkRecoveryKit, confirmRecoveryKit, createArchive, type FirstAccount, openArchive, type SetupResult } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

export interface InitOptions {
  readonly trial?: boolean;
  readonly fonds: string;
  readonly fondsName?: string;
  readonly suite: 'intl' | 'gm';
}

/** `lantai init`: makes an archive. Passwords and the recovery kit are shown once, here, and kept nowhere. */
export async function initCommand(context: Context, options: InitOptions): Promise<number> {
  const { out, config } = context;
  const kind = options.trial ? 'trial' : 'production';
  const setup = await createArchive(config, { kind, suite: options.suite, fonds: { code: options.fonds, name: options.fondsName ?? '' } });
  for (const f of setup.findings) out.warn(f.code, f.params);
  showAccounts(context, setup.accounts);
  if (kind === 'production') await keepRecoveryKit(context, setup);
  out.json({
    kind,
    dataFolder: config.dataFolder,
    keyFolder: config.keyFolder,
    accounts: setup.accounts,
    ...(kind === 'production' ? { recoveryKit: setup.recoveryKit } : {}),
  });
  out.say(
    `档案库已建于 ${config.dataFolder}；密钥在 ${config.keyFolder}，请分开备份。`,
    `The archive is in ${config.dataFolder}; its keys are in ${config.keyFolder}: back them up apart.`,
  );
  return EXIT.ok;
}

/** Prints names and first passwords. */
export function showAccounts({ out }: Context, accounts: readonly FirstAccount[]): void {
  out.say('账号（口令只显示这一次）：', 'Accounts (passwords are shown this once):');
  for (const a of accounts) out.line(`  ${a.name.padEnd(12)} ${a.password}   ${a.role}`);
}

/** Shows the recovery kit and asks for it back: a kit that nobody wrote down is none. Health warns until it was given back. */
async function keepRecoveryKit({ out, config }: Context, setup: SetupResult): Promise<void> {
  out.say(
    '根密钥恢复卡（请抄录或打印，封存于保险柜；丢失根密钥即丢失全部档案）：',
    'Recovery kit of the root key (write it down and lock it away; without the root key the archive is lost):',
  );
  for (const line of setup.recoveryKit) out.line(`  ${line}`);
  if (!process.stdin.isTTY) {
    out.warn('key/kit-not-confirmed');
    return;
  }
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    for (let tries = 0; tries < 5; tries++) {
      const typed = await ask.question(out.language === 'zh' ? '请照恢复卡输入一遍：' : 'Type the kit back: ');
      const answer = await checkRecoveryKit(config, typed);
      if (answer.isRight) {
        const archive = await openArchive(config, { reads: false });
        await confirmRecoveryKit(archive).finally(() => archive.close());
        out.say('恢复卡核对无误。', 'The kit is right.');
        return;
      }
      out.warn('key/kit-wrong', { line: answer.line, symbol: answer.symbol });
    }
  } finally {
    ask.close();
  }
  throw new ArchiveError('key/kit-not-confirmed', 'caller');
}
