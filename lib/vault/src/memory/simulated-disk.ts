import type { FileStatus, FileSystem, OpenFile } from '../file-system.ts';
import { FileError } from './faulty-file-system.ts';
import { type Chance, seededChance } from './seeded-chance.ts';

/** A file: what a program sees, and what the disk is sure of. */
interface FileNode {
  readonly isFolder: false;
  readonly number: number;
  readonly mode: number;
  seen: Uint8Array;
  sure: Uint8Array;
}

/** A folder: the names a program sees, and those the disk is sure of. */
interface FolderNode {
  readonly isFolder: true;
  readonly number: number;
  readonly mode: number;
  seen: Map<string, Node>;
  sure: Map<string, Node>;
}

type Node = FileNode | FolderNode;

/** Thrown by every step once the power is gone. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

const NO_BYTES = new Uint8Array(0);

/**
 * A {@link FileSystem} in memory that knows what was flushed, to simulate power cuts.
 * `powerCutAfter(n)` lets n changing steps through and then fails all; `restart()` is the disk after the power came back:
 * bytes and names that were flushed are there, each of those that were not may be lost, whole, cut or zeroed, by chance.
 */
export class SimulatedDisk implements FileSystem {
  #root: FolderNode;
  #nextNumber = 2;
  #stepsLeft = Number.POSITIVE_INFINITY;
  readonly #chance: Chance;
  /** Changing steps done so far: new file, write, truncate, sync, folder sync, rename, remove, new folder. */
  stepCount = 0;

  constructor(chance: Chance = seededChance(1)) {
    this.#chance = chance;
    this.#root = { isFolder: true, number: 1, mode: 0o700, seen: new Map(), sure: new Map() };
  }

  /** The power goes after this many further changing steps. */
  powerCutAfter(steps: number): void {
    this.#stepsLeft = steps;
  }

  /** The disk as it is found after a power cut now. This one is left as it is. */
  restart(): SimulatedDisk {
    const disk = new SimulatedDisk(this.#chance);
    const kept = new Map<Node, Node>();
    disk.#root = this.#survivor(this.#root, kept) as FolderNode;
    disk.#nextNumber = this.#nextNumber;
    return disk;
  }

  #survivor(node: Node, kept: Map<Node, Node>): Node {
    const known = kept.get(node);
    if (known) return known;
    if (!node.isFolder) {
      const bytes = this.#survivingBytes(node);
      const file: FileNode = { isFolder: false, number: node.number, mode: node.mode, seen: bytes, sure: bytes };
      kept.set(node, file);
      return file;
    }
    const names = new Map(node.sure);
    for (const name of new Set([...node.seen.keys(), ...node.sure.keys()])) {
      if (node.seen.get(name) === node.sure.get(name) || this.#chance() < 0.5) continue;
      const seen = node.seen.get(name);
      if (seen) names.set(name, seen);
      else names.delete(name);
    }
    const entries = new Map([...names].map(([name, child]) => [name, this.#survivor(child, kept)] as const));
    const folder: FolderNode = { isFolder: true, number: node.number, mode: node.mode, seen: entries, sure: new Map(entries) };
    kept.set(node, folder);
    return folder;
  }

  #survivingBytes({ seen, sure }: FileNode): Uint8Array {
    if (seen === sure) return sure;
    const luck = this.#chance();
    if (luck < 0.4) return sure;
    if (luck < 0.6) return seen;
    const cut = Math.floor(this.#chance() * (seen.length + 1));
    if (luck < 0.8) return seen.slice(0, Math.max(cut, Math.min(sure.length, seen.length)));
    // The length reached the disk, the bytes after some point did not: they read as zeros.
    const zeroed = seen.slice();
    return zeroed.fill(0, Math.max(cut, Math.min(sure.length, seen.length)));
  }

  #step(): void {
    if (this.#stepsLeft <= 0) throw new PowerCut('the power is gone');
    this.#stepsLeft--;
    this.stepCount++;
  }

  #alive(): void {
    if (this.#stepsLeft <= 0) throw new PowerCut('the power is gone');
  }

  #find(path: string): Node | null {
    let node: Node = this.#root;
    for (const name of path.split('/').filter(Boolean)) {
      const child: Node | undefined = node.isFolder ? node.seen.get(name) : undefined;
      if (!child) return null;
      node = child;
    }
    return node;
  }

  #folder(path: string): FolderNode {
    const node = this.#find(path);
    if (!node?.isFolder) throw new FileError('ENOENT', path);
    return node;
  }

  #file(path: string): FileNode {
    const node = this.#find(path);
    if (!node) throw new FileError('ENOENT', path);
    if (node.isFolder) throw new FileError('EISDIR', path);
    return node;
  }

  async open(path: string, how: 'create-new' | 'append', mode = 0o600): Promise<OpenFile> {
    this.#alive();
    const file = how === 'append' ? this.#file(path) : this.#create(path, mode);
    return {
      write: async (bytes) => {
        this.#step();
        const seen = new Uint8Array(file.seen.length + bytes.length);
        seen.set(file.seen);
        seen.set(bytes, file.seen.length);
        file.seen = seen;
      },
      sync: async () => {
        this.#step();
        file.sure = file.seen;
      },
      truncate: async (lengthBytes) => {
        this.#step();
        file.seen = file.seen.slice(0, lengthBytes);
      },
      close: async () => this.#alive(),
    };
  }

  #create(path: string, mode: number): FileNode {
    const { parent, name } = split(path);
    const folder = this.#folder(parent);
    if (folder.seen.has(name)) throw new FileError('EEXIST', path);
    this.#step();
    const file: FileNode = { isFolder: false, number: this.#nextNumber++, mode, seen: NO_BYTES, sure: NO_BYTES };
    folder.seen.set(name, file);
    return file;
  }

  async read(path: string): Promise<Uint8Array> {
    this.#alive();
    return this.#file(path).seen.slice();
  }

  async readRange(path: string, offset: number, lengthBytes: number): Promise<Uint8Array> {
    return this.readRangeSync(path, offset, lengthBytes);
  }

  readRangeSync(path: string, offset: number, lengthBytes: number): Uint8Array {
    this.#alive();
    return this.#file(path).seen.slice(offset, offset + lengthBytes);
  }

  async findStatus(path: string): Promise<FileStatus | null> {
    return this.findStatusSync(path);
  }

  findStatusSync(path: string): FileStatus | null {
    this.#alive();
    const node = this.#find(path);
    if (!node) return null;
    const lengthBytes = node.isFolder ? 0 : node.seen.length;
    return { isFolder: node.isFolder, lengthBytes, mode: node.mode, device: 'simulated', identity: String(node.number), modifiedAtMs: 0 };
  }

  async list(path: string): Promise<{ name: string; isFolder: boolean }[]> {
    this.#alive();
    return [...this.#folder(path).seen].map(([name, node]) => ({ name, isFolder: node.isFolder }));
  }

  async makeFolder(path: string, mode = 0o700): Promise<void> {
    this.#alive();
    let folder = this.#root;
    for (const name of path.split('/').filter(Boolean)) {
      let child = folder.seen.get(name);
      if (!child) {
        this.#step();
        child = { isFolder: true, number: this.#nextNumber++, mode, seen: new Map(), sure: new Map() };
        folder.seen.set(name, child);
      }
      if (!child.isFolder) throw new FileError('ENOTDIR', path);
      folder = child;
    }
  }

  async rename(from: string, to: string): Promise<void> {
    this.#alive();
    const node = this.#find(from);
    if (!node) throw new FileError('ENOENT', from);
    const source = split(from);
    const target = split(to);
    const targetFolder = this.#folder(target.parent);
    this.#step();
    this.#folder(source.parent).seen.delete(source.name);
    targetFolder.seen.set(target.name, node);
  }

  async remove(path: string): Promise<void> {
    this.#file(path);
    this.#step();
    const { parent, name } = split(path);
    this.#folder(parent).seen.delete(name);
  }

  async removeFolder(path: string): Promise<void> {
    if (this.#folder(path).seen.size > 0) throw new FileError('ENOTEMPTY', path);
    this.#step();
    const { parent, name } = split(path);
    this.#folder(parent).seen.delete(name);
  }

  async syncFolder(path: string): Promise<void> {
    const folder = this.#folder(path);
    this.#step();
    folder.sure = new Map(folder.seen);
  }

  /** Changes the bytes of a file where they lie, past every flush: rot, or a stranger's hand. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void {
    const file = this.#file(path);
    file.seen = change(file.seen.slice());
    file.sure = file.seen;
  }
}

function split(path: string): { parent: string; name: string } {
  const at = path.lastIndexOf('/');
  return { parent: path.slice(0, Math.max(at, 0)), name: path.slice(at + 1) };
}
