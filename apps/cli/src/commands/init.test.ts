import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openArchive, readConfig } from '@lantai/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { createOutput } from '../output.ts';
import { initCommand } from './init.ts';
import { kitConfirmCommand } from './kit.ts';

const SLOW_MS = 180_000;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lantai-init-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A command's surroundings, and the values it printed. */
function surroundings(name: string, language: 'zh' | 'en') {
  const printed: Record<string, unknown>[] = [];
  const warned: string[] = [];
  const out = {
    ...createOutput(true, language),
    json: (value: unknown) => void printed.push(value as Record<string, unknown>),
    warn: (code: string) => void warned.push(code),
  };
  const env = { LANTAI_DATA: join(folder, name), LANTAI_KEYS: join(folder, `${name}-keys`), LANTAI_READERS: '0' };
  const context: Context = { config: readConfig(env, folder), out };
  return { context, printed, warned };
}

/** Name of the fonds, and how often its kit was given back. */
async function look({ config }: Context): Promise<{ fonds: string; confirmed: number }> {
  const archive = await openArchive(config, { reads: false });
  try {
    const row = await archive.db.one<{ id: string; name: Uint8Array }>('select id, name from fonds');
    const name = archive.sealer.get(
      { kind: 'fonds', id: row!.id },
      { table: 'fonds', column: 'name', rowId: row!.id, version: 1 },
      row!.name,
    );
    const kit = await archive.db.one<{ n: number }>(`select count(*)::int as n from entry where kind = 'kit.confirmed'`);
    return { fonds: name, confirmed: kit!.n };
  } finally {
    await archive.close();
  }
}

const typed = (text: string) => Readable.from([text]);

describe('lantai init', () => {
  it(
    'names the fonds of a trial archive in the language of who makes it',
    async () => {
      const { context } = surroundings('trial', 'zh');
      expect(await initCommand(context, { trial: true, suite: 'intl' })).toBe(0);
      expect(await look(context)).toEqual({ fonds: '试用全宗', confirmed: 0 });
    },
    SLOW_MS,
  );

  it(
    'leaves a kit to be given back by lantai kit confirm: the right one alone counts, once typed it is in the log',
    async () => {
      const { context, printed, warned } = surroundings('real', 'en');
      expect(await initCommand(context, { fonds: 'Z109', suite: 'intl' })).toBe(0);
      expect(warned).toContain('key/kit-not-confirmed');
      const kit = printed.find((value) => value.recoveryKit)?.recoveryKit as string[];
      const confirm = (text: string) => kitConfirmCommand(context, typed(text));
      const wrongLine = kit.with(1, kit[1]!.replace(/^../, kit[1]!.startsWith('00') ? '11' : '00'));
      for (const [text, code] of [
        ['', 'key/kit-line-wrong'],
        [wrongLine.join('\n'), /^key\/kit-(line-)?wrong$/],
      ] as const) {
        warned.length = 0;
        await expect(confirm(text)).rejects.toMatchObject({ code: 'key/kit-not-confirmed' });
        expect(warned[0]).toMatch(code);
      }
      expect(await look(context)).toEqual({ fonds: 'Fonds Z109', confirmed: 0 });
      expect(await confirm(`${kit.join('\n').toLowerCase()}\n`)).toBe(0);
      expect(printed.at(-1)).toEqual({ confirmed: true });
      expect((await look(context)).confirmed).toBe(1);
    },
    SLOW_MS,
  );
});
