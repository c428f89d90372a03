import { readFileSync } from 'node:fs';
import { addProvider, checkAllNow, deployContract, endProvider, listAnchors, listProviders, type ProviderSettings } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession, type Session } from '../session.ts';

export interface AnchorOptions {
  readonly as?: string;
  readonly kind?: 'rfc3161' | 'evm' | 'witness';
  readonly url?: string;
  readonly roots?: string;
  readonly chainId?: string;
  readonly contract?: string;
  readonly deploy?: boolean;
  readonly confirmations?: string;
  readonly key?: string;
  readonly every?: string;
}

const MINUTES_A_DAY = 1440;
const SHOWN = 50;

/**
 * `lantai anchor list|add|end|check`: who anchors and witnesses the log. `add NAME` and `end NAME` are for the system administrator;
 * `check` asks every provider and checks every anchor at once, for a timer: 0 all hold, 1 one could not be asked, 4 one is gone or wrong.
 * @throws ArchiveError `anchor/…`, `file/unreadable` (environment), `desk/not-allowed`
 */
export async function anchorCommand(context: Context, act: string, name: string | undefined, options: AnchorOptions): Promise<number> {
  const isNameless = act === 'list' || act === 'check';
  if (!isNameless && name === undefined) throw new ArchiveError('anchor/name-needed', 'caller');
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    if (act === 'list') return await listCommand(context, session);
    if (act === 'check' || name === undefined) return await checkCommand(context, session);
    return act === 'add' ? await addCommand(context, session, name, options) : await endCommand(context, session, name);
  } finally {
    await session.close();
  }
}

async function listCommand({ out }: Context, session: Session): Promise<number> {
  const desk = await session.desk('audit');
  const { items, chainAddress } = await listProviders(desk);
  const anchors = await listAnchors(desk, { limit: SHOWN });
  out.json({ providers: items, chainAddress, anchors: anchors.items });
  for (const p of items) {
    const held = p.lastSize === null ? '–' : `#${p.lastSize} ${new Date(p.lastAtMs ?? 0).toISOString()}`;
    const fault = p.fault ? `  ! ${p.fault.code}${p.fault.reason ? ` (${p.fault.reason})` : ''} ×${p.failures}` : '';
    out.line(`${p.name}  ${p.settings.kind}  ${p.settings.url}  ${p.everyMinutes} min  ${p.endedAtMs === null ? held : 'ended'}${fault}`);
  }
  for (const a of anchors.items)
    out.line(`  ${a.provider}  #${a.size}  ${a.state}  ${a.anchoredAtMs === null ? '–' : new Date(a.anchoredAtMs).toISOString()}`);
  out.say(`写入区块链所用地址：${chainAddress}`, `Address for writing to chains: ${chainAddress}`);
  return items.some((p) => p.endedAtMs === null && p.fault) ? EXIT.attention : EXIT.ok;
}

async function addCommand({ out }: Context, session: Session, name: string, options: AnchorOptions): Promise<number> {
  const everyMinutes = whole(options.every ?? String(MINUTES_A_DAY), 'every');
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) throw new ArchiveError('anchor/name-malformed', 'caller');
  const desk = await session.desk('audit');
  desk.scope('anchor.change');
  const id = await addProvider(desk, { name, everyMinutes, settings: await settingsOf(session, options) });
  out.json({ id, name });
  out.say(`已添加锚定服务 ${name}。`, `Provider ${name} added.`);
  return EXIT.ok;
}

async function settingsOf({ archive }: Session, options: AnchorOptions): Promise<ProviderSettings> {
  const { kind, url } = options;
  if (!kind || !url || !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new ArchiveError('anchor/settings-missing', 'caller', { what: '--kind, --url' });
  if (kind === 'rfc3161') return { kind, url, roots: readFile(needed(options.roots, '--roots')) };
  if (kind === 'witness') return { kind, url, key: needed(options.key, '--key') };
  const chainId = whole(needed(options.chainId, '--chain-id'), 'chain-id');
  const contract = options.deploy
    ? await deployContract(archive.sealer, { url, chainId })
    : needed(options.contract, '--contract').toLowerCase();
  if (!/^0x[0-9a-f]{40}$/.test(contract)) throw new ArchiveError('anchor/settings-missing', 'caller', { what: '--contract' });
  return { kind, url, chainId, contract, confirmations: whole(options.confirmations ?? '1', 'confirmations') };
}

function needed(value: string | undefined, what: string): string {
  if (value === undefined) throw new ArchiveError('anchor/settings-missing', 'caller', { what });
  return value;
}

function whole(text: string, name: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new ArchiveError('anchor/settings-missing', 'caller', { what: `--${name}` });
  return n;
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ArchiveError('file/unreadable', 'environment', {}, cause);
  }
}

async function endCommand({ out }: Context, session: Session, name: string): Promise<number> {
  const desk = await session.desk('audit');
  desk.scope('anchor.change');
  const found = (await listProviders(desk)).items.find((p) => p.name === name && p.endedAtMs === null);
  if (!found) throw new ArchiveError('anchor/not-found', 'caller');
  await endProvider(desk, found.id);
  out.json({ id: found.id, name });
  out.say(`已停用锚定服务 ${name}。`, `Provider ${name} ended.`);
  return EXIT.ok;
}

async function checkCommand({ out }: Context, session: Session): Promise<number> {
  const desk = await session.desk('audit');
  const checks = await checkAllNow(session.archive, desk, (code, detail) => out.warn(code, detail));
  for (const check of checks) {
    out.json(check);
    out.line(`${check.provider}  #${check.size}  ${check.outcome}${check.reason ? ` (${check.reason})` : ''}`);
  }
  const failing = (await listProviders(desk)).items.filter((p) => p.endedAtMs === null && p.fault);
  for (const { name, fault } of failing) out.warn(fault?.code ?? '', { name, reason: fault?.reason ?? '' });
  if (checks.some(({ outcome }) => outcome === 'gone' || outcome === 'wrong')) return EXIT.corruption;
  return failing.length || checks.some(({ outcome }) => outcome === 'unreachable') ? EXIT.attention : EXIT.ok;
}
