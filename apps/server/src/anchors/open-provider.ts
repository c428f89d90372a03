import type { AnchorProvider } from '@lantai/log';
import { type Clock, PURPOSE, type Sealer } from '../archive/index.ts';
import type { ProviderSettings } from './provider-rows.ts';

/** How long a provider may take; what is not done then is found again at the next attempt. */
const TIMES = { callTimeoutMs: 15_000, minedTimeoutMs: 30_000 };

/** The libraries behind the providers are large, and most archives start without any. */
const loadAdapter = () => import('@lantai/anchors');

/** The key under which this archive writes to chains: it hangs on the root key like the log's own, and lies in no database. */
function chainKey(sealer: Sealer): Uint8Array {
  return sealer.subkey({ kind: 'purpose', id: PURPOSE.logSigner }, 'lantai/anchor-chain/v1');
}

/** The address that belongs to {@link chainKey}; the operator of a chain lets it in. */
export async function chainAddressOf(sealer: Sealer): Promise<string> {
  return (await loadAdapter()).chainAddress(chainKey(sealer));
}

/** Opens a provider as it was set. @throws ArchiveError `anchor/roots-malformed` (caller) */
export async function openProvider(
  settings: Exclude<ProviderSettings, { kind: 'witness' }>,
  parts: { readonly sealer: Sealer; readonly clock: Pick<Clock, 'nowMs'> },
): Promise<AnchorProvider> {
  const { openChainProvider, openTimestampProvider } = await loadAdapter();
  return settings.kind === 'rfc3161'
    ? openTimestampProvider(settings, parts.clock, TIMES.callTimeoutMs)
    : openChainProvider(settings, chainKey(parts.sealer), TIMES);
}

/** Puts the contract on a chain. @returns its address @throws ArchiveError `anchor/unreachable`, `anchor/answer-wrong` (environment) */
export async function deployContract(sealer: Sealer, place: { readonly url: string; readonly chainId: number }): Promise<string> {
  return (await loadAdapter()).deployAnchorContract({ ...place, confirmations: 1 }, chainKey(sealer), TIMES);
}

/** Whether PEM text holds certificates. @throws ArchiveError `anchor/roots-malformed` (caller) */
export async function checkRoots(pem: string): Promise<void> {
  (await loadAdapter()).readCertificates(pem);
}
