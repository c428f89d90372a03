import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import { afterAll, describe, expect, it } from 'vitest';
import { anchorCommand } from './commands/anchor.ts';
import { auditPackCommand } from './commands/audit-pack.ts';
import { restoreCommand } from './commands/backup.ts';
import { directoryCommand } from './commands/directory.ts';
import { importCommand } from './commands/import.ts';
import { exportCommand } from './commands/keeping.ts';
import { monitorCommand } from './commands/monitor.ts';
import { registerCommand } from './commands/requests.ts';
import { showCommand } from './commands/show.ts';
import { witnessCommand } from './commands/witness.ts';
import type { Context } from './context.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { createOutput } from './output.ts';

const folder = mkdtempSync(join(tmpdir(), 'lantai-exit-'));
const data = join(folder, 'none');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** No archive lies here: a command that goes as far as to open one fails otherwise than one that sees its line is wrong. */
const context: Context = { config: readConfig({ LANTAI_DATA: data }, folder), out: createOutput(true, 'en') };
const pack = { purpose: 'audit', contents: true } as const;
const witness = { name: 'w', witnessKey: join(folder, 'w.key'), key: 'k', memory: join(folder, 'm'), host: '127.0.0.1' };

describe('the exit code', () => {
  it.each<[string, () => Promise<number>]>([
    ['anchor add without a name', () => anchorCommand(context, 'add', undefined, {})],
    ['directory import without a file', () => directoryCommand(context, 'import', undefined, {})],
    ['audit-pack of nothing', () => auditPackCommand(context, 'p.zip', pack)],
    ['audit-pack of two things', () => auditPackCommand(context, 'p.zip', { ...pack, dossier: 'A', unit: 'B' })],
    ['audit-pack from no day', () => auditPackCommand(context, 'p.zip', { ...pack, from: '2026-13-40' })],
    [
      'audit-pack of what is sensitive, unreasoned',
      () => auditPackCommand(context, 'p.zip', { ...pack, dossier: 'A', allowSensitive: true }),
    ],
    ['export of what is sensitive, unreasoned', () => exportCommand(context, folder, [], { allowSensitive: true })],
    ['register of no such name', () => registerCommand(context, 'weather', 'w.csv', {})],
    ['restore without a root key', () => restoreCommand(context, folder, { keys: 'k' })],
    ['show --reveal without a reason', () => showCommand(context, 'P1', { reveal: ' ' })],
    ['monitor as a witness without its key', () => monitorCommand(context, folder, { memory: join(folder, 'm'), witness: 'w' })],
    ['witness on no port', () => witnessCommand(context, { ...witness, port: '65536' })],
    ['import of an empty folder', () => importCommand(context, folder, { dossier: 'P1', scheme: 'cadre-2018', read: false })],
  ])('is that of wrong usage for %s, before an archive is opened', async (_what, command) => {
    expect(await command().catch(exitCodeOf)).toBe(EXIT.usage);
    expect(existsSync(data)).toBe(false);
  });

  it('is that of wrong usage for a setting that cannot be', () => {
    let code: number = EXIT.ok;
    try {
      readConfig({ LANTAI_DATA: data, LANTAI_PORT: 'seven' }, folder);
    } catch (error) {
      code = exitCodeOf(error);
    }
    expect(code).toBe(EXIT.usage);
  });

  it('is another for a line that is right: what may not be, what failed, what is altered', async () => {
    expect(await showCommand(context, 'P1', { reveal: '核对' }).catch(exitCodeOf)).not.toBe(EXIT.usage);
    expect(exitCodeOf(new ArchiveError('desk/not-allowed', 'caller'))).toBe(EXIT.refused);
    expect(exitCodeOf(new ArchiveError('blob/corrupt', 'corruption'))).toBe(EXIT.corruption);
    expect(exitCodeOf(new ArchiveError('db/unreachable', 'environment'))).toBe(EXIT.environment);
    expect(exitCodeOf(new Error('of our own'))).toBe(EXIT.environment);
  });
});
