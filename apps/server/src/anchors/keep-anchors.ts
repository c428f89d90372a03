import { type Kept, keepDoing } from '../jobs/index.ts';
import { runAnchors } from './anchor-work.ts';
import type { AnchorWork } from './failures.ts';

/** How often it is looked whether a provider's time has come. Looking costs a query. */
const LOOK_MS = 15_000;
/** Longest wait for a round under way when the process goes down; what a provider still answers is asked for again. */
const STOP_MS = 2000;

/**
 * Anchors the log again and again, while the process lives. INVARIANT: nothing here is waited for by the log, by a request or by a start;
 * what fails is noted and tried again.
 * @param onFault the database failed, by code; the next look tries again
 */
export function keepAnchors(
  work: Omit<AnchorWork, 'isStopping'>,
  { lookMs = LOOK_MS, onFault }: { readonly lookMs?: number; readonly onFault: (code: string) => void },
): Kept {
  return keepDoing((isStopping) => runAnchors({ ...work, isStopping }), {
    restMs: lookMs,
    failed: 'anchor/failed',
    onFault,
    stopMs: STOP_MS,
  });
}
