import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openZip, readWhole, sourceOfBytes } from '@lantai/bundle';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import vectors from '../../../../test/vectors/bundle/bundle-vectors.json' with { type: 'json' };
import { checkBundleAt } from './check-bundle.ts';

const whole = new Uint8Array(Buffer.from(vectors.vectors[0]!.zip, 'base64'));

describe('a bundle on disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lantai-bundle-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Unpacks the whole bundle, as any unzip would. */
  async function unpack(name: string): Promise<string> {
    const opened = await openZip(sourceOfBytes(whole));
    if (opened.kind === 'refused') throw new Error(opened.code);
    for (const member of opened.members.values()) {
      const place = join(folder, name, ...member.path.split('/'));
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, await readWhole(member, 1_000_000));
    }
    return join(folder, name);
  }
  const verdictAt = async (path: string) => {
    const outcome = await checkBundleAt(path, vectors.logKeys);
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    return outcome.verdict;
  };

  it('holds as a zip and as the folder it is unpacked into, and tells of all its bytes as they go by', async () => {
    const zip = join(folder, 'whole.zip');
    await writeFile(zip, whole);
    const told: number[] = [];
    const outcome = await checkBundleAt(zip, vectors.logKeys, (done, total) => told.push(total - done));
    expect(outcome).toMatchObject({ kind: 'checked', verdict: { isValid: true } });
    expect(told.at(-1)).toBe(0);
    expect((await verdictAt(await unpack('unpacked'))).isValid).toBe(true);
  });

  it('names a file of the folder that was altered, and one laid beside it', async () => {
    const place = await unpack('altered');
    await writeFile(join(place, 'files', 'P1101', '0002.png'), 'another invented pagE');
    await writeFile(join(place, 'files', 'note.txt'), 'smuggled');
    expect((await verdictAt(place)).faults).toEqual([
      { code: 'bundle/file-altered', path: 'files/P1101/0002.png' },
      { code: 'bundle/file-extra', path: 'files/note.txt' },
    ]);
  });

  it('is not read through a link that leads out of the folder', async () => {
    const place = await unpack('linked');
    await rm(join(place, 'catalogue.json'));
    await symlink(join(folder, 'whole.zip'), join(place, 'catalogue.json'));
    expect(await checkBundleAt(place, vectors.logKeys)).toEqual({ kind: 'refused', code: 'bundle/not-a-file', path: 'catalogue.json' });
  });

  it('is refused by name where it is no bundle, and unreadable where there is nothing', async () => {
    await writeFile(join(folder, 'letter.txt'), 'no zip');
    expect(await checkBundleAt(join(folder, 'letter.txt'), [])).toMatchObject({ kind: 'refused', code: 'bundle/not-zip' });
    await mkdir(join(folder, 'empty'));
    expect((await verdictAt(join(folder, 'empty'))).faults.map((f) => f.code)).toContain('bundle/manifest-missing');
    await expect(checkBundleAt(join(folder, 'nothing'), [])).rejects.toMatchObject({ code: 'file/unreadable' });
  });
});
