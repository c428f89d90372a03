import { join } from 'node:path';
import { formatRecoveryKit, replaceRootKey } from '@lantai/keys-file';
import { makeKeyChange } from '@lantai/log';
import { nodePrimitives as p } from '@lantai/primitives-node';
import { rootKeyName } from '@lantai/vault';
import { endEverySession } from '../access/index.ts';
import {
  type Archive,
  LOG_KEY_FILE,
  listLogSigners,
  logKeysOf,
  PURPOSE,
  readOwnRootFile,
  rootKeyPath,
  writeDurably,
} from '../archive/index.ts';
import { type Act, deskTx } from '../desk/index.ts';

type Parts = Pick<Archive, 'db' | 'clock' | 'sealer' | 'identity'>;

const log = (parts: Parts, kind: string, params: NonNullable<Act['params']>): Promise<string> =>
  parts.db.tx((tx) => deskTx(tx, parts, null, 'administration').log({ kind, objectId: parts.identity.archiveId, params }));

/**
 * Gives the archive another root key; a running server takes it up by itself. The recovery kit of before opens nothing afterwards.
 * CRASH: asked for again after an interruption, it goes on with the new key that lies beside the old one; either opens the store meanwhile.
 * @returns the lines of the new recovery kit, to be given back (`lantai kit confirm`): until then health warns
 * @throws ArchiveError `key/root-protected` (caller) when the key is behind a passphrase or split: lay it open first
 */
export async function rotateRootKey(archive: Archive): Promise<string[]> {
  await readOwnRootFile(archive.config);
  await log(archive, 'root-key.rotating', {});
  const key = await replaceRootKey(archive.keys, rootKeyPath(archive.config), p);
  await log(archive, 'root-key.rotated', { root: rootKeyName(p, key) });
  return formatRecoveryKit(key);
}

/**
 * Gives the log other signing keys. Checkpoints of before stay valid under the keys of before, which `log.vkey` goes on naming; a server that
 * runs signs by the new keys from the checkpoint on that holds the entry of the change.
 * @returns the verifier keys, the present ones first
 */
export async function rotateLogKey(archive: Archive): Promise<string[]> {
  await archive.keys.renew({ gets: ({ kind, id }) => kind === 'purpose' && id === PURPOSE.logSigner });
  archive.moments.pass('keys-renewed');
  await settleLogKeys(archive);
  const keys = logKeysOf(archive.sealer, archive.identity.logOrigin);
  writeDurably(join(archive.config.dataFolder, LOG_KEY_FILE), `${keys.join('\n')}\n`, 0o644);
  return keys;
}

/** One process at a time writes down changes of the log's keys. "lantai" and 4. */
const LOG_KEY_LOCK = [0x6c616e74, 4] as const;

/**
 * Writes the entry of each change of the log's keys that has none yet, signed by the keys of before and after.
 * CRASH: a rotation that died between the key and its entry is written down by whoever opens the archive next.
 */
export async function settleLogKeys(parts: Parts): Promise<void> {
  const origin = parts.identity.logOrigin;
  const signers = listLogSigners(parts.sealer, origin);
  if (signers.length === 1) return;
  await parts.db.tx(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1, $2)', [...LOG_KEY_LOCK]);
    const told = (await tx.one<{ n: number }>(`select count(*)::int as n from entry where kind = 'log-key.rotated'`))?.n ?? 0;
    const desk = deskTx(tx, parts, null, 'administration');
    for (let i = told + 1; i < signers.length; i++) {
      const [[old], [next, nextSm2]] = [signers[i - 1]!, signers[i]!];
      const change = makeKeyChange(origin, old, next, nextSm2);
      await desk.log({ kind: 'log-key.rotated', objectId: parts.identity.archiveId, params: { ...change } });
    }
  });
}

/** Ends every session and revokes every API token: what a stolen cookie or token would open. Everybody signs in again. */
export function endSessions(archive: Archive): Promise<{ sessions: number; tokens: number }> {
  return archive.db.tx(async (tx) => {
    const ended = await endEverySession(tx, archive.clock.nowMs());
    await deskTx(tx, archive, null, 'administration').log({
      kind: 'sessions.ended',
      objectId: archive.identity.archiveId,
      params: { ...ended },
    });
    return ended;
  });
}
