import { createNoteSigner, type NoteSigner } from '@lantai/log';
import { ed25519PublicKey, sm2PublicKey } from '@lantai/primitives-node';
import { equalBytes } from '@lantai/values';
import { PURPOSE, type Sealer } from './sealer.ts';

const KEY = { kind: 'purpose', id: PURPOSE.logSigner } as const;

/** The signers of one generation of a log's keys: Ed25519, then SM2. */
export type LogSigners = readonly [NoteSigner, NoteSigner];

/**
 * Who signs the log's checkpoints, a line each: Ed25519 first, then SM2, both named as the origin. Their keys hang on the root key, like
 * every other, and lie in no database.
 */
export const openLogSigners = (sealer: Sealer, origin: string): LogSigners => listLogSigners(sealer, origin).at(-1)!;

/** The signers of every generation, the present one last: each rotation of the log's keys makes one. */
export function listLogSigners(sealer: Sealer, origin: string): LogSigners[] {
  return sealer.subkeysOfAll(KEY, (subkey) => [openEd25519Signer(sealer, origin, subkey), openSm2Signer(sealer, origin, subkey)] as const);
}

/** Every verifier key of the log: those that sign now first, Ed25519 before SM2, then those of before, newest first. */
export function logKeysOf(sealer: Sealer, origin: string): string[] {
  return listLogSigners(sealer, origin)
    .reverse()
    .flatMap((signers) => signers.map((signer) => signer.verifierKey));
}

type Subkey = (label: string) => Uint8Array;

function openEd25519Signer(sealer: Sealer, origin: string, subkey: Subkey): NoteSigner {
  const privateKey = subkey('lantai/log-signer/v1');
  return createNoteSigner(sealer.primitives, { name: origin, algorithm: 'ed25519', privateKey, publicKey: ed25519PublicKey(privateKey) });
}

/** The first derived number that lies in 1 … n−2, as GB/T 32918.1 asks; one in 2^32 does not, and the next is taken. */
function openSm2Signer(sealer: Sealer, origin: string, subkey: Subkey): NoteSigner {
  for (let attempt = 1; ; attempt++) {
    const privateKey = subkey(`lantai/log-signer-sm2/v1/${attempt}`);
    const publicKey = sm2PublicKey(privateKey);
    if (publicKey) return createNoteSigner(sealer.primitives, { name: origin, algorithm: 'sm2', privateKey, publicKey });
  }
}

/** The log's keys of every generation, derived anew only when the key store holds other bytes. */
export class LogKeys {
  #generations: readonly LogSigners[] = [];
  #of: Uint8Array | null = null;

  constructor(
    readonly sealer: Sealer,
    readonly origin: string,
  ) {}

  /** The signers of every generation, the present one last. Another process's rotation is seen within 200 ms. */
  generations(): readonly LogSigners[] {
    const bytes = this.sealer.keys.get(KEY.kind, KEY.id);
    if (!this.#of || !equalBytes(bytes, this.#of)) {
      this.#generations = listLogSigners(this.sealer, this.origin);
      this.#of = bytes.slice();
    }
    return this.#generations;
  }

  /** The signers of now. */
  present(): LogSigners {
    return this.generations().at(-1)!;
  }

  /** As {@link logKeysOf}. */
  verifierKeys(): string[] {
    return [...this.generations()].reverse().flatMap((signers) => signers.map((signer) => signer.verifierKey));
  }
}
