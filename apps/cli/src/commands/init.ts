import { createInterface } from 'node:readline/promises';
import { createArchive, type FirstAccount, type SetupResult } from '@lantai/server';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import type { Language } from '../output.ts';
import { confirmKit } from '../recovery-kit.ts';
import { SUITE_NAMES } from './rekey.ts';

export interface InitOptions {
  readonly trial?: boolean;
  readonly fonds?: string;
  readonly fondsName?: string;
  readonly suite: keyof typeof SUITE_NAMES;
}

/** `lantai init`: makes an archive. Passwords and the recovery kit are shown once, here, and kept nowhere. */
export async function initCommand(context: Context, options: InitOptions): Promise<number> {
  const { out, config } = context;
  const kind = options.trial ? 'trial' : 'production';
  const setup = await createArchive(config, { kind, suite: SUITE_NAMES[options.suite], fonds: await chooseFonds(context, options) });
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
async function keepRecoveryKit(context: Context, setup: SetupResult): Promise<void> {
  const { out } = context;
  out.say(
    '根密钥恢复卡（请抄录或打印，封存于保险柜；丢失根密钥即丢失全部档案）：',
    'Recovery kit of the root key (write it down and lock it away; without the root key the archive is lost):',
  );
  for (const line of setup.recoveryKit) out.line(`  ${line}`);
  if (process.stdin.isTTY) return confirmKit(context);
  out.warn('key/kit-not-confirmed');
}

const FONDS_CODE = 'Z999';

/** Code and name of the first fonds: as given, else asked for; with nobody to ask, a name that says what it is. */
async function chooseFonds({ out }: Context, { trial, fonds, fondsName }: InitOptions): Promise<{ code: string; name: string }> {
  const zh = out.language === 'zh';
  const code = fonds ?? FONDS_CODE;
  if (trial) return { code, name: fondsName ?? trialFondsName(out.language) };
  if (fondsName !== undefined) return { code, name: fondsName };
  const name = `${zh ? '全宗' : 'Fonds'} ${code}`;
  if (!process.stdin.isTTY) return { code, name };
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typedCode = fonds ?? ((await ask.question(zh ? `全宗号（如 ${code}）：` : `Code of the fonds (${code}): `)).trim() || code);
    const typedName = (await ask.question(zh ? '全宗名称（单位全称）：' : 'Its name (the organisation in full): ')).trim();
    return { code: typedCode, name: typedName || `${zh ? '全宗' : 'Fonds'} ${typedCode}` };
  } finally {
    ask.close();
  }
}

/** What the fonds of a trial archive is called. */
export const trialFondsName = (language: Language): string => (language === 'zh' ? '试用全宗' : 'Trial fonds');
