import { utf8 } from '@lantai/values';
import { describe, expect, it } from 'vitest';
import { FaultyFileSystem } from './faulty-file-system.ts';
import { seededChance } from './seeded-chance.ts';
import { PowerCut, SimulatedDisk } from './simulated-disk.ts';

/** Whatever was not flushed is lost. */
const unlucky = () => 0;
const text = async (disk: SimulatedDisk, path: string) => new TextDecoder().decode(await disk.read(path));

async function written(disk: SimulatedDisk, path: string, content: string) {
  const file = await disk.open(path, 'create-new');
  await file.write(utf8(content));
  return file;
}

describe('a simulated disk', () => {
  it('keeps through a power cut what was flushed: bytes by the file, names by the folder', async () => {
    const disk = new SimulatedDisk(seededChance(1));
    await disk.makeFolder('/a');
    await disk.syncFolder('/');
    await (await written(disk, '/a/kept', 'bytes')).sync();
    await disk.syncFolder('/a');
    for (let i = 0; i < 20; i++) expect(await text(disk.restart(), '/a/kept')).toBe('bytes');
  });

  it('may lose bytes that were not flushed, whole, in part or as zeros, and may keep them', async () => {
    const disk = new SimulatedDisk(seededChance(2));
    await written(disk, '/file', 'abcdefgh');
    await disk.syncFolder('/');
    const found = new Set<string>();
    for (let i = 0; i < 200; i++) found.add(await text(disk.restart(), '/file'));
    expect(found.has('')).toBe(true);
    expect(found.has('abcdefgh')).toBe(true);
    expect([...found].some((content) => content.startsWith('a') && content.length < 8)).toBe(true);
    expect([...found].some((content) => content.length === 8 && content.endsWith('\0'))).toBe(true);
  });

  it('may lose a name that was not flushed, and may keep it', async () => {
    const disk = new SimulatedDisk(seededChance(3));
    await (await written(disk, '/file', 'x')).sync();
    const found = await Promise.all(Array.from({ length: 50 }, () => disk.restart().findStatus('/file')));
    expect(found.some((status) => status === null)).toBe(true);
    expect(found.some((status) => status !== null)).toBe(true);
  });

  it('shows after an unflushed rename the old file or the new one, both whole', async () => {
    const disk = new SimulatedDisk(seededChance(4));
    await (await written(disk, '/old', 'old')).sync();
    await disk.syncFolder('/');
    await (await written(disk, '/new', 'new')).sync();
    await disk.rename('/new', '/old');
    const found = new Set(await Promise.all(Array.from({ length: 50 }, () => text(disk.restart(), '/old'))));
    expect([...found].sort()).toEqual(['new', 'old']);
  });

  it('loses everything below a folder whose name was not flushed, when it is unlucky', async () => {
    const disk = new SimulatedDisk(unlucky);
    await disk.makeFolder('/a/b');
    await (await written(disk, '/a/b/file', 'x')).sync();
    await disk.syncFolder('/a/b');
    expect(await disk.restart().findStatus('/a')).toBe(null);
    await disk.syncFolder('/');
    await disk.syncFolder('/a');
    expect(await text(disk.restart(), '/a/b/file')).toBe('x');
  });

  it('stops at the step it was told to, and stays stopped', async () => {
    const disk = new SimulatedDisk(unlucky);
    disk.powerCutAfter(2);
    const file = await written(disk, '/file', 'x');
    await expect(file.sync()).rejects.toBeInstanceOf(PowerCut);
    await expect(disk.read('/file')).rejects.toBeInstanceOf(PowerCut);
    expect(disk.stepCount).toBe(2);
  });

  it('fails as a real disk does for what is not there or there already', async () => {
    const disk = new SimulatedDisk();
    await expect(disk.read('/none')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(disk.open('/none', 'append')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(disk.open('/none/file', 'create-new')).rejects.toMatchObject({ code: 'ENOENT' });
    await written(disk, '/file', 'x');
    await expect(disk.open('/file', 'create-new')).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(disk.makeFolder('/file')).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(disk.rename('/none', '/x')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a faulty file system', () => {
  it('fails at the step it was told to and leaves half of what was to be written', async () => {
    const disk = new SimulatedDisk();
    const fs = new FaultyFileSystem(disk, { firstStep: 2, code: 'ENOSPC', once: false });
    const file = await fs.open('/file', 'create-new');
    await expect(file.write(utf8('abcdef'))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await text(disk, '/file')).toBe('abc');
    await expect(file.write(utf8('x'))).rejects.toMatchObject({ code: 'ENOSPC' });
    await fs.remove('/file');
    fs.mend();
    await (await fs.open('/file', 'create-new')).write(utf8('again'));
    expect(await text(disk, '/file')).toBe('again');
  });
});
