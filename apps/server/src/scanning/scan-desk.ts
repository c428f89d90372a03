import {
  listScanners,
  readAbilities,
  type ScanMode,
  type Scanner,
  type ScannerAbilities,
  type ScanSource,
  type ScanWish,
  settleScan,
  wordsOf,
} from '@lantai/images/scanner';
import { ArchiveError } from '@lantai/values';
import { findAccount } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { getScheme } from '../catalogue/index.ts';
import { type Desk, openDesk, type Purpose, scopeSql } from '../desk/index.ts';
import { ScanBatch } from '../ingest/index.ts';
import { type FaceSink, ScanRun } from './scan-run.ts';

/** Where the scheme says nothing. */
const DPI_DEFAULT = 300;
/** Faces of one stack. */
export const STACK_FACES_MAX = 5000;
/** Asking for scanners takes seconds: what was found is believed so long. */
const FOUND_FOR_MS = 5 * 60_000;
/** Runs that are over are told of so long. */
const TOLD_FOR_MS = 60 * 60_000;

/** A scanner of this machine in our words. */
export interface ScannerLine extends Scanner {
  readonly sources: readonly ScanSource[];
  readonly modes: readonly ScanMode[];
  readonly resolutions: ScannerAbilities['resolutions'];
  readonly isBusy: boolean;
}

/** What is asked of a scanner for a dossier. */
export interface ScanOrder extends Omit<ScanWish, 'resolutionDpi'> {
  readonly dossierId: string;
  readonly device: string;
  /** Null: what the scheme asks for. */
  readonly resolutionDpi: number | null;
  readonly facesMax: number;
  readonly separators: boolean;
}

/** A stack as its scanner's clerk sees it. */
export interface ScanLine {
  readonly id: string;
  readonly dossierId: string;
  readonly state: ScanRun['state'];
  readonly faces: number;
  readonly code: string | null;
  readonly importId: string | null;
  readonly resolutionDpi: number;
}

interface Held {
  readonly id: string;
  readonly accountId: string;
  readonly dossierId: string;
  readonly device: string;
  readonly resolutionDpi: number;
  readonly run: ScanRun;
  readonly beganAtMs: number;
}

/**
 * The scanners of the machine that serves, for whoever works at the desk. Runs live in this process alone: when it dies, sealed faces are uploads that
 * nobody imported, which expire, and the stack is scanned again.
 */
export class ScanDesk {
  readonly #held = new Map<string, Held>();
  #found: { readonly atMs: number; readonly scanners: readonly Omit<ScannerLine, 'isBusy'>[] } | null = null;
  #asking: Promise<readonly Omit<ScannerLine, 'isBusy'>[]> | null = null;

  constructor(private readonly archive: Archive) {}

  /**
   * The scanners of this machine; none where SANE is not installed.
   * @param again asks the machine anew
   * @throws ArchiveError `scanner/…` (environment)
   */
  async list(desk: Desk, again: boolean): Promise<readonly ScannerLine[]> {
    desk.scope('page.import');
    const nowMs = this.archive.clock.nowMs();
    if (again || !this.#found || nowMs - this.#found.atMs > FOUND_FOR_MS) {
      // Whoever asks while it is asked waits for the same answer.
      this.#asking ??= this.#ask().finally(() => {
        this.#asking = null;
      });
      this.#found = { atMs: nowMs, scanners: await this.#asking };
    }
    return this.#found.scanners.map((scanner) => ({ ...scanner, isBusy: this.#isBusy(scanner.device) }));
  }

  async #ask(): Promise<Omit<ScannerLine, 'isBusy'>[]> {
    const { scanner: program } = this.archive.config;
    let found: readonly Scanner[];
    try {
      found = await listScanners(program);
    } catch (error) {
      // No program is a machine without scanners: the usual one.
      if (error instanceof ArchiveError && error.code === 'scanner/no-program') return [];
      throw error;
    }
    const out: Omit<ScannerLine, 'isBusy'>[] = [];
    for (const scanner of found) {
      // One that scans answers nobody else: what was known of it still holds.
      const known = this.#isBusy(scanner.device) ? this.#found?.scanners.find((s) => s.device === scanner.device) : undefined;
      if (known) {
        out.push(known);
        continue;
      }
      const abilities = await readAbilities(program, scanner.device);
      out.push({ ...scanner, ...wordsOf(abilities), resolutions: abilities.resolutions });
    }
    return out;
  }

  #isBusy(device: string): boolean {
    return [...this.#held.values()].some((held) => held.device === device && !held.run.isOver);
  }

  /**
   * Starts a stack; its faces come by themselves from then on.
   * @throws ArchiveError `dossier/not-found`, `scanner/not-found`, `scan/…` (caller), `scanner/busy`, `scanner/…` (environment), `desk/not-allowed`
   */
  async start(desk: Desk, order: ScanOrder): Promise<ScanLine> {
    const { archive } = this;
    const { device } = order;
    // Only what the machine itself named: a device is a word on the command line of its program.
    if (!(await this.list(desk, false)).some((s) => s.device === device)) throw new ArchiveError('scanner/not-found', 'caller');
    if (this.#isBusy(device)) throw new ArchiveError('scanner/busy', 'environment');
    const abilities = await readAbilities(archive.config.scanner, device);
    const id = archive.clock.newId();
    const { settled, isGlass, place } = await desk.act('page.import', async (tx, scope) => {
      const where = scopeSql(scope, 'd', 2);
      const row = await tx.one<{ scheme: string; fonds_id: string; unit_id: string; category: string; level: number }>(
        `select d.scheme, d.fonds_id, d.unit_id, d.category, d.level from dossier d where d.id = $1 and ${where.sql}`,
        [order.dossierId, ...where.params],
      );
      if (!row) throw new ArchiveError('dossier/not-found', 'caller');
      const { inspection } = await getScheme(tx, archive, row.scheme);
      const resolutionDpi = order.resolutionDpi ?? inspection.resolutionDpi ?? DPI_DEFAULT;
      const { isGlass, ...settled } = settleScan(abilities, { ...order, resolutionDpi });
      const params = { source: order.source, mode: order.mode, dpi: resolutionDpi };
      const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
      await tx.log({ kind: 'scan.started', place, dossierId: order.dossierId, objectId: id, params });
      return { settled, isGlass, place };
    });
    // Again, behind the awaits: two who ask at once are not both let in.
    if (this.#isBusy(device)) throw new ArchiveError('scanner/busy', 'environment');
    const sink = this.#sinkOf(desk, order);
    const noteEnd = async (run: ScanRun) => {
      await desk.tx((tx) =>
        tx.log({
          kind: 'scan.ended',
          place,
          dossierId: order.dossierId,
          objectId: id,
          params: { faces: run.faces, ...(run.code ? { code: run.code } : {}) },
        }),
      );
    };
    const pagesMax = isGlass ? 1 : order.facesMax;
    const run = new ScanRun(archive.config.scanner, { device, ...settled, pagesMax }, sink, noteEnd);
    this.#forget();
    const held: Held = {
      id,
      accountId: desk.actor.accountId,
      dossierId: order.dossierId,
      device,
      resolutionDpi: settled.resolutionDpi,
      run,
      beganAtMs: archive.clock.nowMs(),
    };
    this.#held.set(id, held);
    return lineOf(held);
  }

  /** Faces are sealed as they come; they go into the dossier by the policy of the moment at which they do. */
  #sinkOf(desk: Desk, { dossierId, separators }: ScanOrder): FaceSink {
    const { archive } = this;
    const name = `scan-${new Date(archive.clock.nowMs()).toISOString().replace(/\D/g, '').slice(0, 14)}`;
    const batch = new ScanBatch(archive, desk, name);
    return {
      get count() {
        return batch.count;
      },
      add: (bytes) => batch.add(bytes),
      finish: async () => batch.finish(dossierId, separators, true, await freshDesk(archive, desk.actor.accountId, desk.purpose)),
      discard: () => batch.discard(),
    };
  }

  /** A stack of one's own. @throws ArchiveError `scan/not-found` (caller) */
  get(desk: Desk, scanId: string): ScanLine {
    return lineOf(this.#own(desk, scanId));
  }

  /** Goes on with the same stack after a fault. @throws ArchiveError `scan/not-found` (caller) */
  goOn(desk: Desk, scanId: string): ScanLine {
    const held = this.#own(desk, scanId);
    held.run.goOn();
    return lineOf(held);
  }

  /** Ends a stack: what was scanned is kept, or thrown away. @throws ArchiveError `scan/not-found` (caller) */
  async end(desk: Desk, scanId: string, keeps: boolean): Promise<ScanLine> {
    const held = this.#own(desk, scanId);
    await held.run.end(keeps);
    return lineOf(held);
  }

  /** Lets every scanner go; what was scanned whole is received. For a server that stops. */
  async close(): Promise<void> {
    for (const { run } of this.#held.values()) if (!run.isOver) await run.end(true);
  }

  #own(desk: Desk, scanId: string): Held {
    desk.scope('page.import');
    const held = this.#held.get(scanId);
    if (!held || held.accountId !== desk.actor.accountId) throw new ArchiveError('scan/not-found', 'caller');
    return held;
  }

  #forget(): void {
    const before = this.archive.clock.nowMs() - TOLD_FOR_MS;
    for (const [id, held] of this.#held) if (held.run.isOver && held.beganAtMs < before) this.#held.delete(id);
  }
}

async function freshDesk(archive: Archive, accountId: string, purpose: Purpose): Promise<Desk> {
  const account = await findAccount(archive, accountId);
  if (!account) throw new ArchiveError('desk/not-allowed', 'caller');
  return openDesk(archive, account, purpose);
}

const lineOf = ({ id, dossierId, resolutionDpi, run }: Held): ScanLine => ({
  id,
  dossierId,
  state: run.state,
  faces: run.faces,
  code: run.code,
  importId: run.importId,
  resolutionDpi,
});
