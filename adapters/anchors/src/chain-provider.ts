import { createHash } from 'node:crypto';
import { type AnchorProof, type AnchorProvider, type AnchorVerdict, anchoredLogId, type ChainProof, type Checkpoint } from '@lantai/log';
import { ArchiveError, formatHex } from '@lantai/values';
import {
  BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  HttpRequestError,
  http,
  type PublicClient,
  TimeoutError,
  WaitForTransactionReceiptTimeoutError,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { ANCHOR_ABI, ANCHOR_BYTECODE } from './chain-contract.ts';

/** A contract (`contract/LantaiAnchor.sol`) on an EVM chain. */
export interface ChainSettings {
  /** JSON-RPC over HTTP. */
  readonly url: string;
  /** The chain that must answer there. */
  readonly chainId: number;
  /** Address, `0x` and 40 lower-case digits. */
  readonly contract: string;
  /** Blocks from the one that holds it to the newest, itself counted, before an anchor counts. 1 where blocks are final at once (QBFT, PBFT). */
  readonly confirmations: number;
}

/** How long one call, and how long a transaction, may take. */
export interface ChainTimes {
  readonly callTimeoutMs?: number;
  readonly minedTimeoutMs?: number;
  readonly pollMs?: number;
}

const CALL_TIMEOUT_MS = 20_000;
const MINED_TIMEOUT_MS = 120_000;
const POLL_MS = 1000;
const ZERO = `0x${'00'.repeat(32)}`;

/** Where and by whom an event was written. */
interface Found {
  readonly root: string;
  readonly proof: ChainProof;
}

/** The address that a secp256k1 key (32 bytes) writes under; the chain's operator lets it in. Lower case. */
export function chainAddress(privateKey: Uint8Array): string {
  return privateKeyToAccount(hexOf(privateKey)).address.toLowerCase();
}

const hexOf = (bytes: Uint8Array): Hex => `0x${formatHex(bytes)}`;

/**
 * Opens a contract for writing and reading, under the address of `privateKey`.
 * A transaction that was sent and not seen to its end is found again: by its event, or as pending, and none is sent meanwhile.
 */
export function openChainProvider(settings: ChainSettings, privateKey: Uint8Array, times: ChainTimes = {}): AnchorProvider {
  const chain = new AnchorChain(settings, times);
  const sender = chainAddress(privateKey);
  return {
    kind: 'evm',
    submit: (checkpoint) => chain.guard(() => chain.submit(checkpoint, privateKey, sender)),
    // By the address that wrote it: the archive's own may have changed since, with its keys.
    check: (checkpoint, proof) => chain.guard(() => chain.check(checkpoint, proof, proof.kind === 'evm' ? proof.sender : sender)),
  };
}

/**
 * Checks an anchor of a chain without any key. @param sender the address that is believed for this log; lower case
 * @throws ArchiveError `anchor/unreachable`, `anchor/answer-wrong` (environment)
 */
export function checkChainAnchor(
  checkpoint: Checkpoint,
  proof: AnchorProof,
  settings: ChainSettings,
  sender: string,
): Promise<AnchorVerdict> {
  const chain = new AnchorChain(settings, {});
  return chain.guard(() => chain.check(checkpoint, proof, sender));
}

/** Puts the contract on a chain, once for any number of archives. @returns its address @throws ArchiveError as {@link AnchorProvider} */
export function deployAnchorContract(
  settings: Omit<ChainSettings, 'contract'>,
  privateKey: Uint8Array,
  times: ChainTimes = {},
): Promise<string> {
  const chain = new AnchorChain({ ...settings, contract: `0x${'00'.repeat(20)}` }, times);
  return chain.guard(() => chain.deploy(privateKey));
}

class AnchorChain {
  readonly #settings: ChainSettings;
  readonly #times: Required<ChainTimes>;
  readonly #reader: PublicClient;

  constructor(settings: ChainSettings, times: ChainTimes) {
    this.#settings = settings;
    this.#times = { callTimeoutMs: CALL_TIMEOUT_MS, minedTimeoutMs: MINED_TIMEOUT_MS, pollMs: POLL_MS, ...times };
    this.#reader = createPublicClient({ transport: this.#transport(), pollingInterval: this.#times.pollMs, cacheTime: 0 });
  }

  async submit(checkpoint: Checkpoint, privateKey: Uint8Array, sender: string): Promise<{ proof: AnchorProof; atMs: number }> {
    await this.#checkChain();
    const known = await this.#rootOf(checkpoint, sender);
    if (known !== ZERO && known !== hexOf(checkpoint.root)) throw answerWrong('root-differs');
    if (known === ZERO) await this.#write(checkpoint, privateKey, sender);
    const found = await this.#findEvent(checkpoint, sender);
    if (!found) throw answerWrong('no-event');
    if (found.root !== hexOf(checkpoint.root)) throw answerWrong('root-differs');
    await this.#checkDepth(found.proof.blockNumber);
    return { proof: found.proof, atMs: await this.#timeOf(found.proof) };
  }

  async check(checkpoint: Checkpoint, proof: AnchorProof, sender: string): Promise<AnchorVerdict> {
    const { chainId, contract } = this.#settings;
    if (proof.kind !== 'evm' || proof.chainId !== chainId || proof.contract !== contract || proof.sender !== sender)
      return { kind: 'wrong', reason: 'foreign' };
    await this.#checkChain();
    const found = await this.#findEvent(checkpoint, sender);
    if (!found) return { kind: 'gone' };
    if (found.root !== hexOf(checkpoint.root)) return { kind: 'wrong', reason: 'root-differs' };
    const atMs = await this.#timeOf(found.proof);
    const isSame = found.proof.blockHash === proof.blockHash && found.proof.transactionHash === proof.transactionHash;
    return isSame ? { kind: 'holds', atMs } : { kind: 'moved', atMs, proof: found.proof };
  }

  async deploy(privateKey: Uint8Array): Promise<string> {
    await this.#checkChain();
    const writer = this.#writer(privateKey);
    const hash = await writer.deployContract({ abi: ANCHOR_ABI, bytecode: ANCHOR_BYTECODE, gasPrice: await this.#reader.getGasPrice() });
    const { contractAddress } = await this.#mined(hash);
    if (!contractAddress) throw answerWrong('refused');
    return contractAddress.toLowerCase();
  }

  /** What went wrong, in Lantai's words; a bug stays what it is. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof BaseError)) throw error;
      const is = (kind: new (...args: never[]) => Error) => error.walk((cause) => cause instanceof kind) !== null;
      if (is(WaitForTransactionReceiptTimeoutError)) throw unreachable('pending', error);
      if (is(TimeoutError)) throw unreachable('timeout', error);
      if (is(HttpRequestError)) throw unreachable('network', error);
      throw answerWrong(is(ContractFunctionRevertedError) ? 'root-differs' : 'refused', error);
    }
  }

  async #write(checkpoint: Checkpoint, privateKey: Uint8Array, sender: string): Promise<void> {
    const address = sender as Hex;
    const [sent, mined] = await Promise.all([
      this.#reader.getTransactionCount({ address, blockTag: 'pending' }),
      this.#reader.getTransactionCount({ address, blockTag: 'latest' }),
    ]);
    // CRASH: one that was sent before this process died is still on its way; a second would only wait behind it.
    if (sent > mined) throw unreachable('pending');
    const hash = await this.#writer(privateKey).writeContract({
      ...this.#contract(),
      functionName: 'anchor',
      args: [logId(checkpoint), BigInt(checkpoint.size), hexOf(checkpoint.root)],
      gasPrice: await this.#reader.getGasPrice(),
      chain: null,
    });
    const { status } = await this.#mined(hash);
    if (status !== 'success') throw answerWrong('refused');
  }

  #mined(hash: Hex) {
    const { confirmations } = this.#settings;
    return this.#reader.waitForTransactionReceipt({ hash, confirmations, timeout: this.#times.minedTimeoutMs });
  }

  async #findEvent(checkpoint: Checkpoint, sender: string): Promise<Found | null> {
    const args = { sender: sender as Hex, log: logId(checkpoint), size: BigInt(checkpoint.size) };
    const events = await this.#reader.getContractEvents({ ...this.#contract(), eventName: 'Anchored', args, fromBlock: 0n, strict: true });
    const event = events.find((one) => !one.removed);
    if (!event) return null;
    const { chainId, contract } = this.#settings;
    const { blockNumber, blockHash, transactionHash } = event;
    const proof = { kind: 'evm', chainId, contract, sender, blockNumber: Number(blockNumber), blockHash, transactionHash } as const;
    return { root: event.args.root, proof };
  }

  #rootOf(checkpoint: Checkpoint, sender: string): Promise<string> {
    const args = [sender as Hex, logId(checkpoint), BigInt(checkpoint.size)] as const;
    return this.#reader.readContract({ ...this.#contract(), functionName: 'rootOf', args });
  }

  async #timeOf(proof: ChainProof): Promise<number> {
    const block = await this.#reader.getBlock({ blockHash: proof.blockHash as Hex });
    return Number(block.timestamp) * 1000;
  }

  async #checkDepth(blockNumber: number): Promise<void> {
    const head = Number(await this.#reader.getBlockNumber());
    if (head - blockNumber + 1 < this.#settings.confirmations) throw unreachable('pending');
  }

  async #checkChain(): Promise<void> {
    if ((await this.#reader.getChainId()) !== this.#settings.chainId) throw answerWrong('chain');
  }

  #contract() {
    return { address: this.#settings.contract as Hex, abi: ANCHOR_ABI } as const;
  }

  #writer(privateKey: Uint8Array) {
    const { chainId: id, url } = this.#settings;
    const nativeCurrency = { name: 'native', symbol: 'N', decimals: 18 };
    const chain = defineChain({ id, name: String(id), nativeCurrency, rpcUrls: { default: { http: [url] } } });
    return createWalletClient({ chain, account: privateKeyToAccount(hexOf(privateKey)), transport: this.#transport() });
  }

  #transport() {
    return http(this.#settings.url, { timeout: this.#times.callTimeoutMs, retryCount: 0, fetchOptions: { redirect: 'error' } });
  }
}

const sha256 = (_: 'sha256', ...parts: Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

const logId = (checkpoint: Checkpoint): Hex => hexOf(anchoredLogId({ hash: sha256 }, checkpoint.origin));

function answerWrong(reason: string, cause?: unknown): ArchiveError {
  return new ArchiveError('anchor/answer-wrong', 'environment', { reason }, cause);
}

function unreachable(reason: string, cause?: unknown): ArchiveError {
  return new ArchiveError('anchor/unreachable', 'environment', { reason }, cause);
}
