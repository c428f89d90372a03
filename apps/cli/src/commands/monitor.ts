import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openWitnessKey, visitLog } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { keysOf } from './verify.ts';

export interface MonitorOptions {
  readonly key?: string;
  readonly memory: string;
  readonly witness?: string;
  readonly witnessKey?: string;
  readonly tokenFile?: string;
}

/**
 * `lantai monitor URL|FOLDER`: visits a published log once and proves that it continues what was seen at the last visit; needs no archive.
 * For a timer: exits with 0 when it holds, 4 with an alarm, 3 when the log could not be reached.
 */
export async function monitorCommand({ out }: Context, place: string, options: MonitorOptions): Promise<number> {
  const memoryFile = resolve(options.memory);
  const logKeys = options.key ? keysOf(options.key) : [];
  if ((options.witness === undefined) !== (options.witnessKey === undefined))
    throw new ArchiveError('monitor/witness-key-malformed', 'caller');
  const witness = options.witness && options.witnessKey ? openWitnessKey(resolve(options.witnessKey), options.witness) : null;
  const token = options.tokenFile ? readFileSync(resolve(options.tokenFile), 'utf8').trim() : null;
  const outcome = await visitLog({
    place,
    memoryFile,
    logKeys,
    nowMs: Date.now(),
    ...(witness ? { witness } : {}),
    ...(token ? { token } : {}),
  });
  out.json(outcome);
  if (outcome.kind === 'alarm') {
    out.warn(outcome.code, outcome.detail);
    if (outcome.evidenceFile)
      out.say(`矛盾的检查点已存于 ${outcome.evidenceFile}`, `The contradicting checkpoint is kept in ${outcome.evidenceFile}`);
    return EXIT.corruption;
  }
  if (outcome.kind === 'empty') out.say('日志尚无条目。', 'The log has no entries yet.');
  else {
    const over = outcome.over === 'entries' ? ['条目', 'by its bytes'] : ['条目散列', 'by its hash'];
    out.say(
      `日志 ${outcome.size} 条，自上次的 ${outcome.fromSize} 条起逐条相符（${over[0]}）。`,
      `${outcome.size} entries; each after the ${outcome.fromSize} of the last visit was checked, ${over[1]}.`,
    );
  }
  if (outcome.kind === 'proved' && outcome.newKeys)
    out.say(
      `日志已按规程更换公钥，今后以此为准：${outcome.newKeys.join(' ')}`,
      `The log has other keys, announced by the ones before: ${outcome.newKeys.join(' ')}`,
    );
  if (witness && outcome.kind === 'proved')
    out.say(
      `见证已签于 ${memoryFile}.cosigned；见证公钥：${witness.verifierKey}`,
      `Cosigned in ${memoryFile}.cosigned; key of the witness: ${witness.verifierKey}`,
    );
  return EXIT.ok;
}
