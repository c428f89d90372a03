import { createHash } from 'node:crypto';
import type { Checkpoint } from '@lantai/log';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import compiled from '../contract/LantaiAnchor.json' with { type: 'json' };
import { ANCHOR_ABI } from './chain-contract.ts';
import { type ChainSettings, chainAddress, checkChainAnchor, deployAnchorContract, openChainProvider } from './index.ts';
import { type Anvil, findAnvil, serveAnswers, startAnvil } from './testing/index.ts';

const program = findAnvil();
const sha256 = (text: string) => new Uint8Array(createHash('sha256').update(text).digest());
const KEY = sha256('a key of this test');
const SENDER = chainAddress(KEY);
const at = (size: number, history = 'one'): Checkpoint => ({ origin: 'log.example/a', size, root: sha256(`${history} ${size}`) });
const TIMES = { pollMs: 50, minedTimeoutMs: 1500, callTimeoutMs: 10_000 };

describe('the contract', () => {
  it('has the interface that this program speaks', () => {
    const plain = (abi: readonly object[]) =>
      abi.map((item) => JSON.stringify(item, (key, value) => (key === 'internalType' || key === 'anonymous' ? undefined : value))).length;
    expect(plain(ANCHOR_ABI)).toBe(plain(compiled.abi));
    const strip = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(strip)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .filter(([key]) => key !== 'internalType' && key !== 'anonymous')
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, inner]) => [key, strip(inner)]),
            )
          : value;
    const named = (abi: unknown) => (strip(abi) as { name: string }[]).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(named(ANCHOR_ABI)).toEqual(named(compiled.abi));
  });
});

describe.skipIf(!program)('an anchor on a chain (SKIPPED where there is no anvil)', () => {
  let chain: Anvil;
  let settings: ChainSettings;
  beforeAll(async () => {
    chain = await startAnvil(program!);
    await chain.call('anvil_setBalance', SENDER, '0x56bc75e2d63100000');
    const place = { url: chain.url, chainId: 31337, confirmations: 1 };
    settings = { ...place, contract: await deployAnchorContract(place, KEY, TIMES) };
  });
  afterAll(() => chain?.stop());
  const provider = (over: Partial<ChainSettings> = {}) => openChainProvider({ ...settings, ...over }, KEY, TIMES);

  it('holds the checkpoint, and no other, whoever checks it', async () => {
    const { proof, atMs } = await provider().submit(at(7));
    expect(proof).toMatchObject({ kind: 'evm', chainId: 31337, contract: settings.contract, sender: SENDER });
    expect(Math.abs(Date.now() - atMs)).toBeLessThan(3_600_000);
    expect(await provider().check(at(7), proof)).toEqual({ kind: 'holds', atMs });
    expect(await checkChainAnchor(at(7), proof, settings, SENDER)).toEqual({ kind: 'holds', atMs });
    expect(await provider().check(at(8), proof)).toEqual({ kind: 'gone' });
    expect(await provider().check({ ...at(7), origin: 'log.example/b' }, proof)).toEqual({ kind: 'gone' });
    expect(await provider().check(at(7, 'two'), proof)).toEqual({ kind: 'wrong', reason: 'root-differs' });
    const stranger = chainAddress(sha256('another key'));
    expect(await checkChainAnchor(at(7), proof, settings, stranger)).toEqual({ kind: 'wrong', reason: 'foreign' });
    expect(await provider().check(at(7), { kind: 'rfc3161', token: 'AAAA' })).toEqual({ kind: 'wrong', reason: 'foreign' });
  });

  it('is found again when the same is submitted twice, and another root of that size is refused', async () => {
    const first = await provider().submit(at(20));
    const blocks = await chain.call('eth_blockNumber');
    expect(await provider().submit(at(20))).toEqual(first);
    expect(await chain.call('eth_blockNumber')).toBe(blocks);
    await expect(provider().submit(at(20, 'two'))).rejects.toMatchObject({
      code: 'anchor/answer-wrong',
      detail: { reason: 'root-differs' },
    });
  });

  it('is gone when its block vanished, and can be made again', async () => {
    const { proof } = await provider().submit(at(30));
    await chain.call('anvil_reorg', 1, []);
    expect(await provider().check(at(30), proof)).toEqual({ kind: 'gone' });
    const again = await provider().submit(at(30));
    expect(again.proof).not.toEqual(proof);
    expect(await provider().check(at(30), again.proof)).toMatchObject({ kind: 'holds' });
    expect(await provider().check(at(30), { ...again.proof, blockHash: `0x${'ab'.repeat(32)}` } as typeof again.proof)).toMatchObject({
      kind: 'moved',
      proof: again.proof,
    });
  });

  it('waits for a transaction that is on its way instead of sending another', async () => {
    await chain.call('evm_setAutomine', false);
    try {
      const pending = { code: 'anchor/unreachable', fault: 'environment', detail: { reason: 'pending' } };
      await expect(provider().submit(at(40))).rejects.toMatchObject(pending);
      await expect(provider().submit(at(40))).rejects.toMatchObject(pending);
      await chain.call('evm_mine');
      const done = await provider().submit(at(40));
      expect(await provider().check(at(40), done.proof)).toMatchObject({ kind: 'holds' });
    } finally {
      await chain.call('evm_setAutomine', true);
    }
  });

  it('is not believed before as many blocks as are asked for lie on it', async () => {
    const deep = { confirmations: 3 };
    await expect(provider(deep).submit(at(50))).rejects.toMatchObject({ code: 'anchor/unreachable', detail: { reason: 'pending' } });
    await chain.call('anvil_mine', '0x2');
    expect(await provider(deep).submit(at(50))).toMatchObject({ proof: { kind: 'evm' } });
  });

  it('is refused by another chain, where there is no contract, and by an account without means', async () => {
    await expect(provider({ chainId: 1 }).submit(at(60))).rejects.toMatchObject({
      code: 'anchor/answer-wrong',
      detail: { reason: 'chain' },
    });
    const empty = provider({ contract: `0x${'11'.repeat(20)}` });
    await expect(empty.submit(at(60))).rejects.toMatchObject({ code: 'anchor/answer-wrong', detail: { reason: 'refused' } });
    const poor = openChainProvider(settings, sha256('a poor key'), TIMES);
    await expect(poor.submit(at(60))).rejects.toMatchObject({ code: 'anchor/answer-wrong', detail: { reason: 'refused' } });
  });
});

describe('a chain that cannot be asked', () => {
  it('is unreachable, and one that answers nonsense is too', async () => {
    const place = { chainId: 31337, contract: `0x${'11'.repeat(20)}`, confirmations: 1 };
    const gone = openChainProvider({ ...place, url: 'http://127.0.0.1:1/' }, KEY, TIMES);
    await expect(gone.submit(at(1))).rejects.toMatchObject({ code: 'anchor/unreachable', fault: 'environment' });
    const server = await serveAnswers(() => ({ status: 502, type: 'text/html', body: '<html>' }));
    try {
      const odd = openChainProvider({ ...place, url: server.url }, KEY, TIMES);
      await expect(odd.submit(at(1))).rejects.toMatchObject({ code: 'anchor/unreachable', fault: 'environment' });
    } finally {
      await server.close();
    }
  });
});
