import { ArchiveError, type Finding, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import { createDossier, fileListed, getScheme } from '../catalogue/index.ts';
import type { Desk } from '../desk/index.ts';
import { type IncomingFile, importFiles, insertFindings } from '../ingest/index.ts';
import { checkManifest, type ManifestSource } from './check-manifest.ts';
import type { DossierPlan, ManifestOptions, ManifestReport, ReadyDossier } from './manifest-plan.ts';

/** What became of one dossier of an applied list. */
export interface AppliedDossier {
  readonly code: string;
  readonly firstRow: number;
  readonly outcome: 'filed' | 'nothing' | 'refused';
  readonly dossierId: string | null;
  readonly made: number;
  readonly changed: number;
  readonly pages: number;
  /** Images that were refused, or are kept for a person. */
  readonly attention: number;
  /** Why it was refused while applying; what the check refused has its findings in the report. */
  readonly reason: string | null;
  readonly findings: readonly Finding[];
}

/** What applying needs beside checking. */
export interface ApplyManifestOptions extends ManifestOptions {
  /** Digest of the report that was shown; null: what the check finds now is applied. */
  readonly digest: string | null;
  /** The image of a path. */
  readonly file: (path: string) => IncomingFile;
  readonly signal?: AbortSignal;
  /** Told after the check, and after each dossier. */
  readonly onChecked?: (report: ManifestReport) => void | Promise<void>;
  readonly onDossier?: (dossier: AppliedDossier) => void | Promise<void>;
}

const STEP = 'manifest';
const VERSION = '1';

/**
 * Checks a list and files what of it can be filed, one dossier after another; each dossier's materials are filed in one transaction. A dossier
 * with an error in it is left out whole. Stopped or killed it goes on where it was when it is applied again: a dossier that stands as the list has
 * it is left alone, and images received already are not received twice.
 * @throws ArchiveError as checkManifest; `manifest/plan-changed` (caller); environment failures, which stop the whole
 */
export async function applyManifest(
  archive: Archive,
  desk: Desk,
  source: ManifestSource,
  options: ApplyManifestOptions,
): Promise<{ report: ManifestReport; applied: AppliedDossier[] }> {
  const ready = new Map<string, ReadyDossier>();
  const report = await checkManifest(archive, desk, source, options, { onReady: (r) => void ready.set(r.plan.code, r) });
  if (options.digest !== null && options.digest !== report.digest) throw new ArchiveError('manifest/plan-changed', 'caller');
  await options.onChecked?.(report);
  const applied: AppliedDossier[] = [];
  for (const plan of report.dossiers) {
    if (options.signal?.aborted) throw new ArchiveError('import/stopped', 'caller');
    const one = ready.get(plan.code);
    ready.delete(plan.code);
    const done =
      plan.act === 'refused' || !one ? leftOut(plan, 'refused') : await fileOne(archive, desk, { ...one, plan }, source, options);
    applied.push(done);
    await options.onDossier?.(done);
  }
  return { report, applied };
}

const leftOut = (
  { code, firstRow, dossierId }: DossierPlan,
  outcome: 'nothing' | 'refused',
  why: string | null = null,
): AppliedDossier => ({
  code,
  firstRow,
  outcome,
  dossierId,
  made: 0,
  changed: 0,
  pages: 0,
  attention: 0,
  reason: why,
  findings: [],
});

/** A refusal by the archive itself leaves this dossier out; a failure of the machine stops the whole. */
async function fileOne(
  archive: Archive,
  desk: Desk,
  ready: ReadyDossier,
  source: ManifestSource,
  options: ApplyManifestOptions,
): Promise<AppliedDossier> {
  const { plan } = ready;
  if (plan.act === 'nothing') return leftOut(plan, 'nothing');
  try {
    const dossierId = plan.dossierId ?? (await openNew(archive, desk, ready, options));
    // CRASH: a dossier without materials; applied again, the list finds it by its code and goes on.
    const received = source.paths ? await receive(archive, desk, dossierId, ready, options) : { pages: 0, attention: 0 };
    // CRASH: its pages lie loose; applied again, they are found by their paths.
    const filed = await fileListed(archive, desk, dossierId, ready.listed);
    await keepFindings(archive, desk, dossierId, [...summed(ready), ...filed.findings]);
    const { made, changed, findings } = filed;
    return { ...leftOut(plan, 'nothing'), outcome: 'filed', dossierId, made, changed, findings, ...received };
  } catch (error) {
    if (!isArchiveError(error) || error.fault !== 'caller' || error.code === 'desk/not-allowed' || error.code === 'use/stopped')
      throw error;
    return leftOut(plan, 'refused', error.code);
  }
}

async function openNew(
  archive: Archive,
  desk: Desk,
  { plan, subject, unitId }: ReadyDossier,
  { scheme }: ManifestOptions,
): Promise<string> {
  const { name, idNumber, idNumberFits, birthYear, sex, copySet } = subject;
  const { subject: kind } = await getScheme(archive.db, archive, scheme);
  const { dossierId } = await createDossier(archive, desk, {
    code: plan.code,
    unitId,
    scheme,
    copySet,
    subject: { kind, name, idNumber, idNumberAsWritten: !idNumberFits, birthYear, sex },
  });
  return dossierId;
}

async function receive(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  { paths }: ReadyDossier,
  { file, signal }: ApplyManifestOptions,
): Promise<{ pages: number; attention: number }> {
  if (!paths.length) return { pages: 0, attention: 0 };
  const result = await importFiles(archive, desk, dossierId, paths.map(file), { isLaidElsewhere: true, ...(signal ? { signal } : {}) });
  return { pages: result.pages, attention: result.refused + result.needsPerson };
}

/** What the check warned of, a code once with its count: findings of the dossier, for whoever looks at it later. */
function summed({ findings }: ReadyDossier): Finding[] {
  const byCode = new Map<string, { readonly params: Record<string, string | number>; count: number }>();
  for (const { code, severity, row, params } of findings) {
    if (severity !== 'warning') continue;
    const known = byCode.get(code);
    if (known) known.count++;
    else byCode.set(code, { params: { ...params, row }, count: 1 });
  }
  return [...byCode].map(([code, { params, count }]) => ({ code, severity: 'warning', params: { times: count, ...params } }));
}

async function keepFindings(archive: Archive, desk: Desk, dossierId: string, findings: readonly Finding[]): Promise<void> {
  await desk.act('page.import', async (tx) => {
    const row = await tx.one<{ fonds_id: string; unit_id: string; category: string; level: number }>(
      'select fonds_id, unit_id, category, level from dossier where id = $1',
      [dossierId],
    );
    if (!row) return;
    const place = { fondsId: row.fonds_id, unitId: row.unit_id, category: row.category, level: row.level };
    await tx.query('delete from finding where dossier_id = $1 and step = $2', [dossierId, STEP]);
    await insertFindings(tx, archive, { dossierId, place, pageId: null, sourceFileId: null, step: STEP, version: VERSION }, findings);
  });
}
