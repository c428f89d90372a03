import { parseRecoveryKit } from '@lantai/keys-file';
import { nodePrimitives } from '@lantai/primitives-node';
import { equalBytes } from '@lantai/values';
import { type Archive, readOwnRootKey } from '../archive/index.ts';
import type { Config } from '../config.ts';
import { deskTx } from '../desk/index.ts';

/** Whether what was typed is the archive's recovery kit; where not, the line (and symbol) that is wrong, from 1. */
export type KitAnswer = { readonly isRight: true } | { readonly isRight: false; readonly line: number; readonly symbol: number };

/** Compares a kit, typed back from paper, with the root key. The key itself is never shown. */
export async function checkRecoveryKit(config: Config, typed: string): Promise<KitAnswer> {
  const read = parseRecoveryKit(typed);
  if (read.kind !== 'key') return { isRight: false, line: read.line, symbol: 'symbol' in read ? read.symbol : 0 };
  const isRight = equalBytes(read.key, await readOwnRootKey(config, nodePrimitives));
  return isRight ? { isRight } : { isRight, line: 0, symbol: 0 };
}

/** Writes into the log that the kit was given back; until then health warns. */
export async function confirmRecoveryKit(archive: Archive): Promise<void> {
  await archive.db.tx(async (raw) => {
    await deskTx(raw, archive, null, 'administration').log({ kind: 'kit.confirmed', objectId: archive.identity.archiveId });
  });
}

/** Whether the kit of the present root key was given back: one of before a rotation opens nothing any more. */
export async function isKitConfirmed(archive: Pick<Archive, 'db'>): Promise<boolean> {
  const last = await archive.db.one<{ kind: string }>(
    `select kind from entry where kind in ('kit.confirmed', 'root-key.rotated') order by id desc limit 1`,
  );
  return last?.kind === 'kit.confirmed';
}
