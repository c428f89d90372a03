import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { createArchive, openArchive, readConfig, type ShareSheet } from '@lantai/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { createOutput } from '../output.ts';
import { keysCombineCommand, keysPassphraseCommand, keysSplitCommand, keysStatusCommand } from './keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'lantai-keys-'));
const secretFile = join(folder, 'secret');
const PASSPHRASE = '三月的雨落在兰台阁上，灯未眠';
const SLOW_MS = 240_000;

/** A command's surroundings; the secret of the root key comes out of a file. */
function surroundings(withSecret = true): { context: Context; printed: Record<string, unknown>[] } {
  const printed: Record<string, unknown>[] = [];
  const env = {
    LANTAI_DATA: join(folder, 'data'),
    LANTAI_KEYS: join(folder, 'keys'),
    LANTAI_READERS: '0',
    ...(withSecret ? { LANTAI_ROOT_SECRET_FILE: secretFile } : {}),
  };
  const out = { ...createOutput(true, 'zh'), json: (value: unknown) => void printed.push(value as Record<string, unknown>) };
  return { context: { config: readConfig(env, folder), out }, printed };
}

const secret = (text: string) => {
  writeFileSync(secretFile, text, { mode: 0o600 });
};
const rootFile = () => readFileSync(join(folder, 'keys', 'root.key'), 'utf8');
const opens = async (): Promise<boolean> => {
  const archive = await openArchive(surroundings().context.config, { reads: false });
  await archive.close();
  return true;
};

beforeAll(async () => {
  secret('');
  await createArchive(surroundings().context.config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z001', name: '试验' } });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('lantai keys', () => {
  it(
    'puts the root key behind a passphrase: no start without it, none with another, and the key is nowhere in the file',
    async () => {
      const open = rootFile().split('\n')[1]!;
      const { context, printed } = surroundings();
      await expect(keysPassphraseCommand(context, Readable.from(['zu kurz\nzu kurz\n']))).rejects.toMatchObject({
        code: 'key/passphrase-short',
      });
      await expect(keysPassphraseCommand(context, Readable.from([`${PASSPHRASE}\n${PASSPHRASE}!\n`]))).rejects.toMatchObject({
        code: 'key/passphrases-differ',
      });
      expect(rootFile()).toContain(open);
      expect(await keysPassphraseCommand(context, Readable.from([`${PASSPHRASE}\n${PASSPHRASE}\n`]))).toBe(0);
      expect(printed.at(-1)).toMatchObject({ form: 'passphrase' });
      expect(rootFile()).not.toContain(open);
      await expect(openArchive(surroundings(false).context.config, { reads: false })).rejects.toMatchObject({ code: 'key/secret-needed' });
      secret('三月的雨落在兰台阁下，灯未眠');
      await expect(opens()).rejects.toMatchObject({ code: 'key/passphrase-wrong', fault: 'caller' });
      secret(`${PASSPHRASE}\n`);
      expect(await opens()).toBe(true);
    },
    SLOW_MS,
  );

  it(
    'splits it once all shares were typed back, opens with any three of five, and names a wrong one by its number',
    async () => {
      const { context, printed } = surroundings();
      const sheetsFolder = join(folder, 'sheets');
      const options = { needed: '3', shares: '5', sheets: sheetsFolder };
      const before = rootFile();
      const input = new PassThrough();
      const splitting = keysSplitCommand(context, options, input);
      await expect.poll(() => printed.length, { timeout: SLOW_MS }).toBe(5);
      const first = printed as unknown as ShareSheet[];
      // One share is typed twice and another not at all: nothing changes.
      input.end([0, 1, 2, 3, 3].map((i) => first[i]!.lines.join('\n')).join('\n'));
      await expect(splitting).rejects.toMatchObject({ code: 'key/share-not-given-back', detail: { number: 5 } });
      expect(rootFile()).toBe(before);

      const again = surroundings();
      const right = new PassThrough();
      const done = keysSplitCommand(again.context, { ...options, sheets: join(folder, 'sheets2') }, right);
      await expect.poll(() => again.printed.length, { timeout: SLOW_MS }).toBe(5);
      const sheets = again.printed.slice(0, 5) as unknown as ShareSheet[];
      right.end(sheets.map((sheet) => sheet.lines.join('').replaceAll(' ', '')).join('\n'));
      expect(await done).toBe(0);
      expect(again.printed.at(-1)).toMatchObject({ form: 'shares', needed: 3, count: 5 });

      const files = readdirSync(join(folder, 'sheets2'));
      expect(files).toHaveLength(5);
      const page = readFileSync(join(folder, 'sheets2', files[0]!), 'utf8');
      for (const part of ['<svg', sheets[0]!.lines[2]!, sheets[0]!.words.zh.join(' '), sheets[0]!.words.en.join(' '), '保管人', 'Holder']) {
        expect(page).toContain(part);
      }
      expect(statSync(join(folder, 'sheets2', files[0]!)).mode & 0o077).toBe(0);

      const typed = (...numbers: number[]) => secret(numbers.map((n) => sheets[n - 1]!.lines.join('\n')).join('\n\n'));
      typed(5, 1, 3);
      expect(await opens()).toBe(true);
      typed(2, 4);
      await expect(opens()).rejects.toMatchObject({ code: 'key/shares-too-few', detail: { needed: 3, given: 2 } });
      // A share of the splitting that never came into force is well-formed, and named.
      secret([sheets[0]!, first[1]!, sheets[3]!].map((s) => s.lines.join('\n')).join('\n'));
      await expect(opens()).rejects.toMatchObject({ code: 'key/shares-wrong', detail: { numbers: '2' } });
      const line = sheets[2]!.lines[1]!;
      const mistyped = sheets[2]!.lines.with(1, `${line[0] === '0' ? '2' : '0'}${line.slice(1)}`);
      secret([sheets[0]!.lines, mistyped, sheets[3]!.lines].map((l) => l.join('\n')).join('\n'));
      await expect(opens()).rejects.toMatchObject({ code: 'key/share-line-wrong', detail: { place: 2, line: 2, symbol: 1 } });
      typed(2, 3, 4);
    },
    SLOW_MS,
  );

  it(
    'says how the key is kept, lays it open again, and each change is an entry',
    async () => {
      const { context, printed } = surroundings();
      expect(await keysStatusCommand(context)).toBe(0);
      expect(printed.at(-1)).toMatchObject({ form: 'shares', needed: 3, count: 5 });
      await keysCombineCommand(context);
      expect(printed.at(-1)).toMatchObject({ form: 'plain' });
      const archive = await openArchive(surroundings(false).context.config, { reads: false });
      try {
        const rows = await archive.db.query<{ bytes: Uint8Array }>(`select bytes from entry where kind = 'root-key.protected' order by id`);
        const texts = rows.map((row) => Buffer.from(row.bytes).toString());
        expect(texts.map((text) => (JSON.parse(text) as { params: { form: string } }).params.form)).toEqual([
          'passphrase',
          'shares',
          'plain',
        ]);
      } finally {
        await archive.close();
      }
    },
    SLOW_MS,
  );
});
