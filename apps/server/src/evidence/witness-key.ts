import { existsSync, readFileSync } from 'node:fs';
import { type Cosigner, createCosigner } from '@lantai/log';
import { ed25519PublicKey, nodePrimitives } from '@lantai/primitives-node';
import { ArchiveError, findHex, formatHex } from '@lantai/values';
import { writeDurably } from '../archive/index.ts';

/**
 * The key by which a monitor cosigns what it saw: 64 hexadecimal digits in a file of its own, made at the first use and readable by its owner
 * alone. It belongs to the witness, not to the archive. @throws ArchiveError `monitor/witness-key-malformed` (caller)
 */
export function openWitnessKey(file: string, name: string): Cosigner {
  if (!existsSync(file)) writeDurably(file, `${formatHex(nodePrimitives.random(32))}\n`, 0o600);
  const privateKey = findHex(readFileSync(file, 'utf8').trim());
  if (privateKey?.length !== 32 || !/^[^\s+]+$/u.test(name)) throw new ArchiveError('monitor/witness-key-malformed', 'caller');
  return createCosigner(nodePrimitives, { name, privateKey, publicKey: ed25519PublicKey(privateKey) });
}
