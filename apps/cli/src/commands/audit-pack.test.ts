import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfig } from '@lantai/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { createOutput } from '../output.ts';
import { type AuditPackOptions, auditPackCommand } from './audit-pack.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { verifyCommand } from './verify.ts';

const SLOW_MS = 300_000;
const SAMPLE = resolve(import.meta.dirname, '../../../../samples/P1101');
const OPTIONS: AuditPackOptions = { purpose: 'audit', contents: true, allowSensitive: true, reason: '巡察组调取' };

describe('lantai audit-pack', () => {
  let folder = '';
  const printed: Record<string, unknown>[] = [];
  const at = (name: string) => join(folder, name);
  /** The archive's surroundings, or those of a stranger who has none. */
  const contextAt = (name: string): Context => ({
    config: readConfig({ LANTAI_DATA: at(name), LANTAI_KEYS: at(`${name}-keys`), LANTAI_READERS: '0' }, folder),
    out: {
      ...createOutput(true, 'zh'),
      json: (value: unknown) => void printed.push(value as Record<string, unknown>),
      warn: () => undefined,
    },
  });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lantai-pack-'));
    const context = contextAt('data');
    expect(await initCommand(context, { trial: true, suite: 'intl' })).toBe(0);
    expect(await importCommand(context, SAMPLE, { dossier: 'P1101', scheme: 'cadre-2018', read: false })).toBeLessThanOrEqual(1);
  }, SLOW_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'writes a dossier that a stranger checks with the log’s key alone, and notices when a byte of it is changed',
    async () => {
      expect(await auditPackCommand(contextAt('data'), at('pack.zip'), { ...OPTIONS, dossier: 'P1101' })).toBe(0);
      expect(printed.at(-1)).toMatchObject({ dossiers: 1, file: at('pack.zip'), manifestSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect((await stat(at('pack.zip'))).mode & 0o777).toBe(0o600);
      const key = at('data/log.vkey');
      expect(await verifyCommand(contextAt('nowhere'), at('pack.zip'), undefined, { key })).toBe(0);
      const bytes = await readFile(at('pack.zip'));
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(at('altered.zip'), bytes);
      expect(await verifyCommand(contextAt('nowhere'), at('altered.zip'), undefined, { key })).toBe(4);
      expect(printed.at(-1)).toMatchObject({ isValid: false, faults: [{ code: expect.stringMatching(/^(bundle|receipt)\//) }] });
    },
    SLOW_MS,
  );

  it(
    'gives out what is sensitive, or not read yet, only where somebody says that and why it may leave',
    async () => {
      const withheld = { ...OPTIONS, dossier: 'P1101', allowSensitive: false };
      await expect(auditPackCommand(contextAt('data'), at('withheld.zip'), withheld)).rejects.toThrow('export/sensitive');
      await expect(
        auditPackCommand(contextAt('data'), at('withheld.zip'), { ...withheld, allowSensitive: true, reason: ' ' }),
      ).rejects.toThrow('reveal/reason-needed');
      await expect(stat(at('withheld.zip'))).rejects.toThrow('ENOENT');
    },
    SLOW_MS,
  );

  it(
    'writes over no file, and asks for one selection',
    async () => {
      await writeFile(at('kept.zip'), 'kept');
      await expect(auditPackCommand(contextAt('data'), at('kept.zip'), { ...OPTIONS, dossier: 'P1101' })).rejects.toThrow(
        'pack/file-exists',
      );
      expect(await readFile(at('kept.zip'), 'utf8')).toBe('kept');
      for (const bad of [{}, { dossier: 'P1101', unit: 'X' }, { from: 'yesterday' }])
        await expect(auditPackCommand(contextAt('data'), at('new.zip'), { ...OPTIONS, ...bad })).rejects.toThrow('pack/selection');
      await expect(auditPackCommand(contextAt('data'), at('new.zip'), { ...OPTIONS, dossier: 'P9999' })).rejects.toThrow(
        'dossier/not-found',
      );
      await expect(stat(at('new.zip'))).rejects.toThrow('ENOENT');
    },
    SLOW_MS,
  );
});
