import { writeFile } from 'node:fs/promises';
import { exportRegister, listRequests, REGISTERS, type RegisterName } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

/**
 * `lantai requests`: what persons ask by the law on personal information and is not done yet, soonest due on top; no words, no names.
 * Exits with 1 when one is overdue, so that a timer can tell somebody. An entry of the log.
 */
export async function requestsCommand(context: Context, options: { readonly as?: string; readonly all?: boolean }): Promise<number> {
  const { out } = context;
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const states = options.all ? undefined : (['received', 'granted'] as const);
    const requests = await listRequests(session.archive, await session.desk('archive_work'), { states });
    for (const r of requests) {
      const { steps: _, ...line } = r;
      out.json(line);
      const due = new Date(r.dueAtMs - 1).toISOString().slice(0, 10);
      out.line(`${r.isOverdue ? '!' : ' '} ${due}  ${r.state.padEnd(9)} ${r.kind.padEnd(8)} ${r.dossierCode ?? '—'}  ${r.id}`);
    }
    return requests.some((r) => r.isOverdue) ? EXIT.attention : EXIT.ok;
  } finally {
    await session.close();
  }
}

/** `lantai register NAME FILE`: a register of the law on personal information as CSV. An entry of the log vouches for the bytes. */
export async function registerCommand(
  context: Context,
  name: string,
  file: string,
  options: { readonly as?: string; readonly allowSensitive?: boolean; readonly reason?: string },
): Promise<number> {
  const { out } = context;
  const reason = options.reason?.trim() ?? '';
  if (options.allowSensitive && reason.length < 2) throw new ArchiveError('reveal/reason-needed', 'caller');
  const register = REGISTERS.find((known): known is RegisterName => known === name);
  if (!register) throw new ArchiveError('register/unknown', 'caller', { known: REGISTERS.join(', ') });
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const always = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, leave: options.allowSensitive ? { confirmed: null, reason } : null };
    const bytes = await exportRegister(session.archive, await session.desk('archive_work'), register, always);
    await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
    out.json({ register, file, bytes: bytes.length });
    out.say(`已导出 ${file}。`, `Written to ${file}.`);
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
