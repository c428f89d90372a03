import compiled from '../contract/LantaiAnchor.json' with { type: 'json' };

/** The contract's interface, as `contract/LantaiAnchor.sol` has it; typed here, and held against the compiled one by a test. */
export const ANCHOR_ABI = [
  { type: 'error', name: 'RootDiffers', inputs: [{ name: 'known', type: 'bytes32' }] },
  {
    type: 'event',
    name: 'Anchored',
    inputs: [
      { name: 'sender', type: 'address', indexed: true },
      { name: 'log', type: 'bytes32', indexed: true },
      { name: 'size', type: 'uint64', indexed: true },
      { name: 'root', type: 'bytes32', indexed: false },
    ],
  },
  {
    type: 'function',
    name: 'anchor',
    stateMutability: 'nonpayable',
    inputs: [
      { name: 'log', type: 'bytes32' },
      { name: 'size', type: 'uint64' },
      { name: 'root', type: 'bytes32' },
    ],
    outputs: [],
  },
  {
    type: 'function',
    name: 'rootOf',
    stateMutability: 'view',
    inputs: [
      { name: 'sender', type: 'address' },
      { name: 'log', type: 'bytes32' },
      { name: 'size', type: 'uint64' },
    ],
    outputs: [{ name: '', type: 'bytes32' }],
  },
] as const;

/** What a chain is given to make the contract. Compiled for `paris`, so that chains without PUSH0 take it. */
export const ANCHOR_BYTECODE = compiled.bytecode as `0x${string}`;
