import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  confirmSplit,
  endSessions,
  findRootProtection,
  type OpenArchive,
  openArchive,
  protectByPassphrase,
  rotateLogKey,
  rotateRootKey,
  type ShareSheet,
  splitRoot,
  unprotectRoot,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { askHidden, askShares, type SecretInput } from '../root-secret.ts';
import { formatSheet, renderSheet } from '../share-sheet.ts';
import { sealAnew } from './rekey.ts';

/** `lantai keys status`: how the root key is kept and under which suite the archive seals. Asks nobody and opens nothing. */
export async function keysStatusCommand({ config, out }: Context): Promise<number> {
  const root = await findRootProtection(config);
  out.json(root);
  const forms = {
    plain: ['根密钥以明文存于文件，由文件权限保护', 'The root key lies open in its file, kept by the mode of the file alone'],
    passphrase: ['根密钥由口令保护', 'The root key is behind a passphrase'],
    shares: [
      `根密钥已分割：${root.count} 份中任意 ${root.needed} 份可开启`,
      `The root key is split: any ${root.needed} of ${root.count} shares open it`,
    ],
  } as const;
  const [zh, en] = forms[root.form];
  out.say(`${zh}（${root.name}）。`, `${en} (${root.name}).`);
  return EXIT.ok;
}

async function withArchive(context: Context, work: (archive: OpenArchive) => Promise<void>): Promise<number> {
  const archive = await openArchive(context.config, { reads: false });
  try {
    await work(archive);
    await archive.sequencer?.drain();
    return EXIT.ok;
  } finally {
    await archive.close();
  }
}

/** `lantai keys passphrase`: puts the root key behind a passphrase, asked twice, or piped in on two lines. */
export function keysPassphraseCommand(context: Context, input: SecretInput = process.stdin): Promise<number> {
  const { out } = context;
  return withArchive(context, async (archive) => {
    const zh = out.language === 'zh';
    const lines = input.isTTY
      ? [
          await askHidden(zh ? '新口令（不少于 12 个字符）：' : 'New passphrase (12 characters at least): ', input),
          await askHidden(zh ? '再输入一次：' : 'Once more: ', input),
        ]
      : (await readAll(input)).split(/\r?\n/);
    if (lines[0] !== lines[1]) throw new ArchiveError('key/passphrases-differ', 'caller');
    await protectByPassphrase(archive, lines[0] ?? '');
    out.json(await findRootProtection(context.config));
    out.say(
      '根密钥已由口令保护。每次启动均须输入；遗忘口令只能用恢复卡恢复。',
      'The root key is behind the passphrase, which every start asks for. If it is forgotten, the recovery kit is the only way.',
    );
  });
}

/** `lantai keys combine`: lays the root key open in its file again, out of shares or passphrase. */
export function keysCombineCommand(context: Context): Promise<number> {
  const { out } = context;
  return withArchive(context, async (archive) => {
    await unprotectRoot(archive);
    out.json(await findRootProtection(context.config));
    out.say('根密钥已恢复为明文文件。', 'The root key lies open in its file again.');
  });
}

export interface SplitOptions {
  readonly needed: string;
  readonly shares: string;
  /** Folder for sheets to be printed; made, mode 0700. */
  readonly sheets?: string;
}

/** `lantai keys split`: shows each share, asks all of them back, and only then takes the whole key off the disk. */
export function keysSplitCommand(context: Context, options: SplitOptions, input: SecretInput = process.stdin): Promise<number> {
  const { out } = context;
  return withArchive(context, async (archive) => {
    const split = await splitRoot(context.config, { needed: Number(options.needed), count: Number(options.shares) });
    if (options.sheets) writeSheets(resolve(options.sheets), split.sheets);
    for (const sheet of split.sheets) {
      out.json(sheet);
      if (!options.sheets) for (const line of formatSheet(sheet, out.language)) out.line(line);
    }
    if (options.sheets)
      out.say(
        `份额单已写入 ${options.sheets}，打印后请立即彻底删除。`,
        `The sheets are in ${options.sheets}: print them, then delete them for good.`,
      );
    out.say('请逐张录回全部份额；全部核对无误后才会生效。', 'Now type every share back; nothing changes before all are right.');
    await confirmSplit(archive, split, await askShares(out.language, split.sheets.length, input));
    out.json(await findRootProtection(context.config));
    out.say(
      `分割已生效：每次启动须 ${options.needed} 位保管人到场。此前的恢复卡和根密钥副本仍可开启档案，请一并销毁或轮换根密钥。`,
      `The split is in force: every start asks for ${options.needed} shares. Kits and copies of the root key made before still open the archive: destroy them, or rotate the root key first.`,
    );
  });
}

function writeSheets(folder: string, sheets: readonly ShareSheet[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const sheet of sheets)
    writeFileSync(join(folder, `share-${sheet.set}-${sheet.number}.html`), renderSheet(sheet), { flag: 'wx', mode: 0o600 });
}

async function readAll(input: SecretInput): Promise<string> {
  let text = '';
  for await (const piece of input) text += piece.toString();
  return text;
}

/** What `lantai keys rotate --level` takes. */
export const ROTATED_LEVELS = ['root', 'fonds', 'dossiers', 'purposes', 'log', 'sessions'] as const;
const SEALED_LEVELS = { fonds: 'fonds', dossiers: 'dossier', purposes: 'purpose' } as const;

/** `lantai keys rotate --level …`: other keys at one level, each rotation an entry. Interrupted, the same command goes on. */
export function keysRotateCommand(context: Context, { level }: { readonly level: (typeof ROTATED_LEVELS)[number] }): Promise<number> {
  switch (level) {
    case 'root':
      return rotateRoot(context);
    case 'log':
      return rotateLog(context);
    case 'sessions':
      return rotateSessions(context);
    default:
      return sealAnew(context, { level: SEALED_LEVELS[level] });
  }
}

function rotateRoot(context: Context): Promise<number> {
  const { out } = context;
  return withArchive(context, async (archive) => {
    const recoveryKit = await rotateRootKey(archive);
    out.json({ level: 'root', recoveryKit });
    out.say(
      '根密钥已更换。旧恢复卡作废，请销毁；新恢复卡如下，请抄录后执行 lantai kit confirm：',
      'The root key is another. Destroy the old recovery kit; this is the new one: write it down, then run lantai kit confirm.',
    );
    for (const line of recoveryKit) out.line(`  ${line}`);
  });
}

function rotateLog(context: Context): Promise<number> {
  const { out } = context;
  return withArchive(context, async (archive) => {
    const logKeys = await rotateLogKey(archive);
    out.json({ level: 'log', logKeys });
    out.say(
      '日志签名密钥已更换；旧凭证和旧检查点仍可验证。正在运行的服务下次启动起改用新密钥签名。请公布新的公钥：',
      'The log has other signing keys; receipts and checkpoints of before stay valid. A running server signs by them from its next start on. Publish the new keys:',
    );
    for (const key of logKeys.slice(0, 2)) out.line(`  ${key}`);
  });
}

function rotateSessions(context: Context): Promise<number> {
  const { out } = context;
  return withArchive(context, async (archive) => {
    const ended = await endSessions(archive);
    out.json({ level: 'sessions', ...ended });
    out.say(
      `已结束 ${ended.sessions} 个会话，吊销 ${ended.tokens} 个接口令牌。`,
      `${ended.sessions} sessions ended, ${ended.tokens} API tokens revoked.`,
    );
  });
}
