/** What the benches of a served archive share: a throw-away archive under the real server, and pages made of real scans. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Actor,
  createArchive,
  createDossier,
  type Desk,
  findRootUnit,
  findTrialOwner,
  type IncomingFile,
  openDesk,
  type RunningWeb,
  readConfig,
  serve,
} from '@lantai/server';

/** The project's folder. */
export const ROOT = resolve(import.meta.dirname, '..');

/** The middle of some figures; of an even number the upper one. */
export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** The JPEG files under a folder, in the order of their paths. @throws Error there is none */
export function readScans(folder: string): Buffer[] {
  const scans = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jpg'))
    .sort()
    .map((file) => readFileSync(join(folder, file)));
  if (!scans.length) throw new Error(`${folder} holds no .jpg`);
  return scans;
}

/** Files of so many pages, the scans in turns; each has a comment segment of its own, so that no two have the same bytes. */
export function pageFiles(scans: readonly Buffer[], pages: number, pathOf: (page: number) => string): IncomingFile[] {
  return Array.from({ length: pages }, (_, i) => {
    const bytes = numbered(scans[i % scans.length]!, i);
    return { path: pathOf(i), byteCount: bytes.length, read: async () => bytes };
  });
}

function numbered(scan: Buffer, n: number): Buffer {
  const text = Buffer.from(`page ${n}`.padEnd(24));
  return Buffer.concat([scan.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, text.length + 2]), text, scan.subarray(2)]);
}

/** A trial archive under the real server, its owner signed in by password and its desk open. */
export interface ServedArchive {
  readonly web: RunningWeb;
  readonly owner: Actor;
  readonly desk: Desk;
  readonly account: { readonly name: string; readonly password: string };
  /** Makes the dossier of an invented person in the root unit. Its id. */
  makeDossier(code: string): Promise<string>;
  /** Stops the server and removes the folder. */
  close(): Promise<void>;
}

/** Serves a new trial archive that reads nothing. `dist` must be built. */
export async function serveNewArchive(): Promise<ServedArchive> {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-bench-'));
  const places = { LANTAI_DATA: join(folder, 'data'), LANTAI_KEYS: join(folder, 'keys') };
  const config = readConfig({ ...places, LANTAI_READERS: '0', LANTAI_PORT: '0', LANTAI_PROGRAM: join(ROOT, 'dist') }, folder);
  const { accounts } = await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: 'bench' } });
  const web = await serve(config);
  const owner = await findTrialOwner(web.archive);
  if (!owner || !accounts[0]) throw new Error('no owner');
  const desk = await openDesk(web.archive, owner, 'archive_work');
  return {
    web,
    owner,
    desk,
    account: accounts[0],
    makeDossier: async (code) => {
      const unitId = await findRootUnit(web.archive, desk);
      const subject = { kind: 'person', name: '卞量' } as const;
      return (await createDossier(web.archive, desk, { code, unitId, scheme: 'cadre-2018', subject })).dossierId;
    },
    close: async () => {
      await web.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
