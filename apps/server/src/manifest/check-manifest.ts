import type { Scheme } from '@lantai/catalogue';
import {
  type CellEdits,
  ImageFolders,
  isRefused,
  ManifestCheck,
  type ManifestDossier,
  type ManifestFinding,
  ManifestSheet,
  matchImages,
} from '@lantai/catalogue/manifest';
import { ArchiveError, formatHex, utf8 } from '@lantai/values';
import { type Archive, PURPOSE } from '../archive/index.ts';
import { getScheme, type ListedMaterial, titlesOf } from '../catalogue/index.ts';
import { type Desk, inScope } from '../desk/index.ts';
import { FindingTally } from './finding-tally.ts';
import { type Asked, findKnown } from './known-dossiers.ts';
import type { DossierPlan, ManifestOptions, ManifestReport, ManifestWatcher, ReadyDossier } from './manifest-plan.ts';
import { readManifest } from './read-manifest.ts';

/** A list as it came, with the names of the images beside it. */
export interface ManifestSource {
  readonly bytes: Uint8Array;
  /** Paths of the images; null: the list comes alone. */
  readonly paths: readonly string[] | null;
  /** Cells changed by a person since. */
  readonly edits?: CellEdits;
}

/** Dossiers looked up together. */
const BATCH_DOSSIERS = 200;

/**
 * Checks a list against its scheme, its images and the archive, and says what applying it would do. Changes nothing; memory holds a line for each
 * dossier, not the list. One act of the log tells of it, with counts.
 * @throws ArchiveError `table/…`, `manifest/heading-missing`, `manifest/column-twice`, `manifest/empty`, `scheme/not-found`, `unit/not-found`,
 *   `desk/not-allowed` (caller)
 */
export async function checkManifest(
  archive: Archive,
  desk: Desk,
  source: ManifestSource,
  options: ManifestOptions,
  watcher: ManifestWatcher = {},
): Promise<ManifestReport> {
  const run = new CheckRun(archive, desk, source, options, watcher, await getScheme(archive.db, archive, options.scheme));
  await run.open();
  await readManifest(archive, source.bytes, run);
  return run.end();
}

interface Unit {
  readonly id: string;
  readonly code: string;
}

class CheckRun {
  readonly #scheme;
  #sheet = new ManifestSheet([]);
  readonly #check: ManifestCheck;
  readonly #folders: ImageFolders | null;
  readonly #tally = new FindingTally();
  #waiting: ManifestDossier[] = [];
  #rows = 0;
  #fondsId = '';
  #units = new Map<string, Unit>();
  readonly #plans = new Map<string, DossierPlan>();
  readonly #byName = new Set<string>();

  constructor(
    private readonly archive: Archive,
    private readonly desk: Desk,
    private readonly source: ManifestSource,
    private readonly options: ManifestOptions,
    private readonly watcher: ManifestWatcher,
    scheme: Scheme,
  ) {
    this.#scheme = { scheme, titles: titlesOf(scheme) };
    this.#check = new ManifestCheck(this.#scheme, options.dossierCode);
    this.#folders = source.paths && new ImageFolders(source.paths);
  }

  /** @throws ArchiveError `unit/not-found`, `desk/not-allowed` (caller) */
  async open(): Promise<void> {
    const { db } = this.archive;
    const unit = await db.one<{ fonds_id: string }>('select fonds_id from unit where id = $1 and merged_into is null', [
      this.options.unitId,
    ]);
    if (!unit) throw new ArchiveError('unit/not-found', 'caller');
    this.#fondsId = unit.fonds_id;
    const units = await db.query<Unit>('select id, code from unit where fonds_id = $1 and merged_into is null', [unit.fonds_id]);
    const scope = this.desk.scope('dossier.create');
    const may = units.filter((u) => inScope(scope, { fondsId: unit.fonds_id, unitId: u.id, category: 'general', level: 1 }));
    this.#units = new Map(may.map((u) => [u.code, u]));
    if (!may.some((u) => u.id === this.options.unitId)) throw new ArchiveError('unit/not-found', 'caller');
  }

  head(merged: ConstructorParameters<typeof ManifestSheet>[0]): void {
    this.#sheet = new ManifestSheet(merged, this.source.edits);
  }

  async rows(rows: Parameters<Parameters<typeof readManifest>[2]['rows']>[0]): Promise<void> {
    for (const given of rows) {
      const row = this.#sheet.take(given);
      if (!row) continue;
      this.#rows++;
      const done = this.#check.take(row);
      if (done) this.#waiting.push(done);
    }
    while (this.#waiting.length >= BATCH_DOSSIERS) await this.#judge(this.#waiting.splice(0, BATCH_DOSSIERS));
  }

  async end(): Promise<ManifestReport> {
    const head = this.#sheet.end();
    const last = this.#check.end();
    if (last) this.#waiting.push(last);
    while (this.#waiting.length) await this.#judge(this.#waiting.splice(0, BATCH_DOSSIERS));
    if (!this.#rows) throw new ArchiveError('manifest/empty', 'caller');
    this.#tellLate();
    for (const { row, findings } of this.#check.homeless) {
      this.#tally.add(findings);
      this.watcher.onRows?.(null, [row], findings);
    }
    const dossiers = [...this.#plans.values()];
    await this.desk.act('dossier.create', async (tx) => {
      const refused = dossiers.filter((d) => d.act === 'refused').length;
      await tx.log({ kind: 'manifest.checked', params: { rows: this.#rows, dossiers: dossiers.length, refused } });
    });
    return {
      columns: [...head.headings].map(([column, heading]) => ({ column, heading, field: head.columns.get(column) ?? null })),
      headRow: head.row,
      rows: this.#rows,
      dossiers,
      findings: this.#tally.findings,
      counts: this.#tally.counts,
      unusedImages: this.#folders?.unused() ?? [],
      digest: digestOf(this.archive, dossiers),
    };
  }

  /** What rows further down said of dossiers that were good till then. */
  #tellLate(): void {
    for (const [code, late] of this.#check.late) {
      // Images found by a name that two people bear belong to nobody.
      const isUnsure = this.#byName.has(code) && late.some((f) => f.code === 'manifest/same-name');
      const row = this.#plans.get(code)?.firstRow ?? 0;
      const findings: ManifestFinding[] = isUnsure
        ? [...late, { row, field: 'name', code: 'manifest/images-ambiguous', severity: 'error', params: {} }]
        : [...late];
      this.#tally.add(findings);
      this.watcher.onRows?.(code, [], findings);
      const plan = this.#plans.get(code);
      if (plan && isRefused(findings)) this.#plans.set(code, refusedPlan(plan));
    }
  }

  async #judge(batch: readonly ManifestDossier[]): Promise<void> {
    const laid = batch.map((dossier) => this.#lay(dossier));
    const { known, findings } = await this.desk.act('dossier.create', (tx, scope) =>
      findKnown(tx, this.archive, scope, { fondsId: this.#fondsId, scheme: this.options.scheme }, laid),
    );
    for (const { dossier, listed, paths, found } of laid) {
      const all = [...dossier.findings, ...found, ...(findings.get(dossier.code) ?? [])];
      const unitCode = dossier.subject.unitCode;
      const unit = unitCode === null ? { id: this.options.unitId } : this.#units.get(unitCode);
      if (!unit) all.push({ row: dossier.firstRow, field: 'unit', code: 'manifest/unit-unknown', severity: 'error', params: {} });
      const held = known.get(dossier.code) ?? null;
      const plan = planOf(dossier, paths.length, held, isRefused(all));
      this.#tally.add(all);
      this.watcher.onRows?.(dossier.code, dossier.rows, all);
      // A second stretch of a dossier leaves what was said of the first.
      const before = this.#plans.get(dossier.code);
      this.#plans.set(dossier.code, before ? refusedPlan({ ...before, rows: before.rows + plan.rows }) : plan);
      if (plan.act !== 'refused' && unit)
        this.watcher.onReady?.({ plan, subject: dossier.subject, unitId: unit.id, listed, paths, findings: all } satisfies ReadyDossier);
    }
  }

  /** The materials as they would be filed, with their images. */
  #lay(dossier: ManifestDossier): Asked & { paths: readonly string[]; found: readonly ManifestFinding[] } {
    const isOnlyOfName = !dossier.findings.some((f) => f.code === 'manifest/same-name');
    const images = this.#folders && matchImages(this.#scheme, this.#folders, dossier, isOnlyOfName);
    if (images?.isByName) this.#byName.add(dossier.code);
    const counted = new Map<string, number>();
    const listed = dossier.lines.map((line, at): ListedMaterial => {
      const { classCode, title, date, copies, remarks, row } = line;
      const number = line.number ?? (counted.get(classCode) ?? 0) + 1;
      counted.set(classCode, number);
      const paths = images ? (images.byLine[at] ?? []) : null;
      return { key: `${classCode} ${number}`, row, classCode, title, date, copies, remarks, pageCount: line.pages, paths };
    });
    const paths = images ? [...images.byLine.flat(), ...images.loose] : [];
    return { dossier, listed, paths, found: images?.findings ?? [] };
  }
}

const refusedPlan = (plan: DossierPlan): DossierPlan => ({ ...plan, act: 'refused', made: 0, changed: 0 });

function planOf(
  { code, firstRow, rows, lines }: ManifestDossier,
  images: number,
  held: { readonly dossierId: string; readonly counts: { readonly made: number; readonly changed: number; readonly same: number } } | null,
  refused: boolean,
): DossierPlan {
  const { made, changed, same } = held?.counts ?? { made: lines.length, changed: 0, same: 0 };
  const act = !held ? 'make' : made || changed ? 'change' : 'nothing';
  const plan: DossierPlan = { code, firstRow, rows: rows.length, act, made, changed, same, images, dossierId: held?.dossierId ?? null };
  return refused ? refusedPlan(plan) : plan;
}

/** INVARIANT: two reports with the same digest do the same to the same dossiers, as far as their counts tell. */
function digestOf({ sealer }: Archive, dossiers: readonly DossierPlan[]): string {
  const key = sealer.subkey({ kind: 'purpose', id: PURPOSE.upload }, 'lantai/manifest-plan/v1');
  const told = dossiers.map((d) => [d.code, d.act, d.rows, d.made, d.changed, d.same, d.images, d.dossierId]);
  return formatHex(sealer.primitives.hmac('sha256', key, utf8(JSON.stringify(told))));
}
