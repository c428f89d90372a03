import { readFile } from 'node:fs/promises';
import {
  type AppliedDossier,
  applyManifest,
  checkManifest,
  collectLeftOut,
  errorSheetOf,
  findRootUnit,
  type IncomingFile,
  listFiles,
  type ManifestFinding,
  type ManifestReport,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { startProgress } from '../progress.ts';
import { openSession, type Session } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

export interface ManifestCommandOptions {
  readonly as?: string;
  readonly scheme: string;
  readonly dossier?: string;
  readonly images?: string;
  readonly errors?: string;
}

/** Lines of findings shown on a terminal; all of them go with `--json`, and with `--errors`. */
const SHOWN_MAX = 40;

/**
 * `lantai manifest check|apply FILE`: dossiers and materials from a list, Excel or CSV, with a folder of images. 0: all of it; 1: something is left
 * out or wants a look.
 * @throws ArchiveError `table/…`, `manifest/…`, `scheme/not-found`, `desk/not-allowed` (caller), `file/unreadable` (environment)
 */
export async function manifestCommand(context: Context, act: string, path: string, options: ManifestCommandOptions): Promise<number> {
  const bytes = await readList(path);
  const files = options.images === undefined ? null : await listFiles(options.images);
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const desk = await session.desk('archive_work');
    const unitId = session.account.unitId ?? (await findRootUnit(session.archive, desk));
    const asked = { scheme: options.scheme, unitId, dossierCode: options.dossier ?? null };
    const source = { bytes, paths: files?.map((f) => f.path) ?? null };
    if (options.errors !== undefined) {
      const left = await collectLeftOut(session.archive, desk, source, asked);
      if (left.rows.length) await writeNewFile(options.errors, errorSheetOf(left));
    }
    if (act === 'check') {
      const report = await checkManifest(session.archive, desk, source, asked);
      tell(context, report);
      return codeOf(report, []);
    }
    return await applyCommand(context, session, source, asked, files ?? []);
  } finally {
    await session.close();
  }
}

async function readList(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new ArchiveError('file/unreadable', 'environment', {}, cause);
  }
}

async function applyCommand(
  context: Context,
  { archive, desk }: Session,
  source: Parameters<typeof applyManifest>[2],
  asked: Parameters<typeof checkManifest>[3],
  files: readonly IncomingFile[],
): Promise<number> {
  const { out } = context;
  const byPath = new Map(files.map((f) => [f.path, f]));
  let bar: ReturnType<typeof startProgress> | undefined;
  let done = 0;
  const { report, applied } = await applyManifest(archive, await desk('archive_work'), source, {
    ...asked,
    digest: null,
    file: (path) => byPath.get(path)!,
    onChecked: (checked) => {
      tell(context, checked);
      bar = startProgress(checked.dossiers.length, out.language === 'zh' ? '入卷' : 'filing');
    },
    onDossier: (dossier) => {
      bar?.to(++done, dossier.code);
      reportDossier(context, dossier);
    },
  });
  bar?.end();
  const filed = applied.filter((d) => d.outcome === 'filed');
  const sum = (of: (d: AppliedDossier) => number) => filed.reduce((n, d) => n + of(d), 0);
  const refused = applied.filter((d) => d.outcome === 'refused').length;
  out.say(
    `${filed.length} 卷已入库：新增 ${sum((d) => d.made)} 份，变更 ${sum((d) => d.changed)} 份，图像 ${sum((d) => d.pages)} 页；未导入 ${refused} 卷。`,
    `${filed.length} dossiers filed: ${sum((d) => d.made)} materials made, ${sum((d) => d.changed)} changed, ${sum((d) => d.pages)} pages; ${refused} dossiers left out.`,
  );
  return codeOf(report, applied);
}

function reportDossier({ out }: Context, dossier: AppliedDossier): void {
  out.json({ dossier: dossier.code, ...dossier });
  if (dossier.reason !== null) out.line(`  ${dossier.code}: ${out.words(dossier.reason)} [${dossier.reason}]`);
  for (const { code, params } of dossier.findings) out.line(`  ${dossier.code}: ${out.words(code, params)} [${code}]`);
}

/** Says what a list holds and what would become of it. Names of images stand only where they belong to nothing. */
function tell({ out }: Context, report: ManifestReport): void {
  for (const { heading, field, column } of report.columns) out.json({ column, heading, field });
  for (const dossier of report.dossiers) out.json(dossier);
  for (const finding of report.findings) out.json({ ...finding, reason: out.words(finding.code, finding.params) });
  for (const path of report.unusedImages) out.json({ unusedImage: path });
  const worth = report.findings.filter((f) => f.severity !== 'info');
  for (const finding of worth.slice(0, SHOWN_MAX)) out.line(sayFinding(finding, out.words));
  const acts = (act: string) => report.dossiers.filter((d) => d.act === act).length;
  const total = Object.values(report.counts).reduce((a, b) => a + b, 0);
  out.say(
    `${report.rows} 行，${report.dossiers.length} 卷：新建 ${acts('make')}，变更 ${acts('change')}，不变 ${acts('nothing')}，不予导入 ${acts('refused')}；问题 ${total} 个，未对应图像 ${report.unusedImages.length} 个。`,
    `${report.rows} rows, ${report.dossiers.length} dossiers: ${acts('make')} to make, ${acts('change')} to change, ${acts('nothing')} as they are, ${acts('refused')} refused; ${total} findings, ${report.unusedImages.length} images of no dossier.`,
  );
}

const sayFinding = ({ row, severity, code, params }: ManifestFinding, words: Context['out']['words']): string =>
  `  ${severity === 'error' ? '!' : '·'} ${row}: ${words(code, params)} [${code}]`;

const codeOf = (report: ManifestReport, applied: readonly AppliedDossier[]): number =>
  report.dossiers.some((d) => d.act === 'refused') ||
  report.unusedImages.length ||
  Object.keys(report.counts).some((code) => code === 'manifest/code-missing' || code === 'manifest/code-malformed') ||
  applied.some((d) => d.outcome === 'refused' || d.attention || d.findings.length)
    ? EXIT.attention
    : EXIT.ok;
