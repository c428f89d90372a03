import { anchorRetryMs } from '@lantai/log';
import { isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { type Act, deskTx } from '../desk/index.ts';
import { noteFailure, type ProviderRow } from './provider-rows.ts';

/** What anchoring works with. */
export interface AnchorWork {
  readonly archive: Pick<Archive, 'db' | 'sealer' | 'clock' | 'log'>;
  /** The alarm, by code, with the provider's name: for the journal. */
  readonly onAlarm: (code: string, detail: Readonly<Record<string, string | number>>) => void;
  /** True when the process is going down: nothing more is written, and the next process does it again. */
  readonly isStopping: () => boolean;
}

/** Silence is alarming only when it lasts: three attempts are some five minutes. A wrong answer is at once. */
const FAILURES_TO_ALARM = 3;

/** Notes a failure with the time of the next attempt; alarms when it is one that cannot be waited out, or has lasted. */
export async function settleFailure(work: AnchorWork, provider: ProviderRow, error: unknown): Promise<void> {
  const { archive } = work;
  const { code, reason } = failureOf(error);
  const failures = provider.failures + 1;
  const isAlarm = failures === (code.endsWith('/unreachable') ? FAILURES_TO_ALARM : 1);
  await archive.db.tx(async (raw) => {
    const tx = deskTx(raw, archive, null, 'administration');
    await noteFailure(tx, provider, { code, reason, nextAtMs: archive.clock.nowMs() + anchorRetryMs(failures) });
    if (isAlarm) await tx.log(actOf('anchor.failed', provider, { code, ...(reason ? { reason } : {}) }));
  });
  if (isAlarm) work.onAlarm(code, { name: provider.name, ...(reason ? { reason } : {}) });
}

/** A failure by code. What is no ArchiveError is a bug of ours, and is said as one. */
export function failureOf(error: unknown): { code: string; reason: string | null } {
  if (!isArchiveError(error)) return { code: 'anchor/failed', reason: error instanceof Error ? error.name : null };
  return { code: error.code, reason: typeof error.detail.reason === 'string' ? error.detail.reason : null };
}

/** An act of anchoring, on a provider. */
export const actOf = (
  kind: string,
  provider: Pick<ProviderRow, 'id' | 'name'>,
  params: Readonly<Record<string, string | number>>,
): Act => ({
  kind,
  objectId: provider.id,
  params: { provider: provider.name, ...params },
});
