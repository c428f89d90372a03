// What a build step was made from, so that a second build knows in milliseconds that it has nothing to do.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Folders that never are the source of anything. */
const IGNORED = new Set(['node_modules', 'dist', '.git']);

/** All files below `path`, or the file itself; nothing when it does not exist. Paths are absolute. */
export function listFiles(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)]))
    .sort();
}

/** A digest over names, sizes and times of change of files: what an edit, a checkout or an installation alters. */
export function fingerprint(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const stat = statSync(file, { throwIfNoEntry: false });
    hash.update(`${relative(root, file)} ${stat ? `${stat.size} ${stat.mtimeMs}` : 'missing'}\n`);
  }
  return hash.digest('hex');
}

/** The stamps of all steps, kept in one file. */
export class Stamps {
  #file;
  #root;
  #steps;

  constructor(root, file) {
    this.#root = root;
    this.#file = file;
    this.#steps = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  }

  /** Files that `step` was last made from; null when it never was. */
  findInputs(step) {
    return this.#steps[step]?.inputs.map((name) => join(this.#root, name)) ?? null;
  }

  /** True when `step` was made from `inputs` as they are now, and what it made is still there. */
  isFresh(step, inputs, outputs) {
    return this.#steps[step]?.fingerprint === fingerprint(this.#root, inputs) && outputs.every((file) => existsSync(file));
  }

  /** Remembers what `step` was made from. `digest` was taken before the step ran, so an edit meanwhile is seen next time. */
  record(step, inputs, digest = fingerprint(this.#root, inputs)) {
    this.#steps[step] = { fingerprint: digest, inputs: inputs.map((file) => relative(this.#root, file)) };
    writeFileSync(this.#file, JSON.stringify(this.#steps));
  }
}
