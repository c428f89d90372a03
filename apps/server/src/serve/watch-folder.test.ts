import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findDossierByCode, showDossier } from '../catalogue/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import { lookOnce } from './watch-folder.ts';

describe('a watched folder', () => {
  const house = useArchive();
  const folder = mkdtempSync(join(tmpdir(), 'lantai-watch-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const options = { folder, as: null, settleMs: 5_000 };
  /** Makes everything below a path look as if it had rested for a minute. */
  const age = (path: string) => {
    const then = Date.now() / 1000 - 60;
    for (const name of ['', ...(readdirSync(path, { recursive: true }) as string[])]) utimesSync(join(path, name), then, then);
  };

  it('leaves a folder alone into which a scanner is still writing', async () => {
    mkdirSync(join(folder, 'W1'));
    writeFileSync(join(folder, 'W1', '001.png'), makeSmallPng(1));
    expect(await lookOnce(house.archive, options)).toBe(0);
    expect(await findDossierByCode(house.archive, await house.desk(), 'W1')).toBeNull();
  });

  it('imports it once it rests, removes what was acknowledged, and sets aside what was not, with its reason', async () => {
    writeFileSync(join(folder, 'W1', '002.png'), makeSmallPng(2));
    writeFileSync(join(folder, 'W1', 'notes.xyz'), 'no page at all');
    age(join(folder, 'W1'));
    expect(await lookOnce(house.archive, options)).toBe(1);
    const head = await findDossierByCode(house.archive, await house.desk(), 'W1');
    const shown = await showDossier(house.archive, await house.desk(), head?.dossierId ?? '', false);
    expect(shown.pages.map((p) => p.file)).toEqual(['001.png', '002.png']);
    expect(readdirSync(folder)).toEqual(['.refused']);
    expect(readFileSync(join(folder, '.refused', 'W1', 'notes.xyz'), 'utf8')).toBe('no page at all');
    expect(readFileSync(join(folder, '.refused', 'W1', 'reasons.jsonl'), 'utf8')).toContain('"code":"file/unknown-type"');
  });

  it('takes sheets scanned later into the same dossier, and never a page twice', async () => {
    mkdirSync(join(folder, 'W1'));
    writeFileSync(join(folder, 'W1', '002.png'), makeSmallPng(2));
    writeFileSync(join(folder, 'W1', '003.png'), makeSmallPng(3));
    age(join(folder, 'W1'));
    await lookOnce(house.archive, options);
    const head = await findDossierByCode(house.archive, await house.desk(), 'W1');
    expect(head?.pageCount).toBe(3);
    expect(readdirSync(folder)).toEqual(['.refused']);
  });
});
