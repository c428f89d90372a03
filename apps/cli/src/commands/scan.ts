import { createInterface } from 'node:readline/promises';
import {
  listScanners,
  readAbilities,
  type ScanEnd,
  type ScanMode,
  type ScanOptions,
  type ScanSource,
  scanPages,
  settleScan,
} from '@lantai/images/scanner';
import { findDossierByCode, getScheme, ScanBatch } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession, type Session } from '../session.ts';

export interface ScanCommandOptions {
  readonly list?: boolean;
  readonly dossier?: string;
  readonly as?: string;
  readonly device?: string;
  readonly source: ScanSource;
  readonly mode: ScanMode;
  readonly dpi?: string;
  readonly pages: string;
  readonly separators?: boolean;
}

/** Where the scheme says nothing. */
const DPI_DEFAULT = 300;
const [DPI_MIN, DPI_MAX, PAGES_MAX] = [75, 1200, 5000];

/**
 * `lantai scan --dossier CODE`: scans a stack of paper into a dossier. Each face is sealed as it comes; what the scanner gives becomes pages when
 * the stack is whole. Stopped by a jam, it asks whether to go on with the same stack; where nobody can be asked it keeps what was scanned whole.
 * @throws ArchiveError `scanner/…` (environment), `scan/…` `dossier/not-found` (caller), as importing
 */
export async function scanCommand(context: Context, options: ScanCommandOptions): Promise<number> {
  const { config, out } = context;
  if (options.list) return list(context);
  if (options.dossier === undefined) throw new ArchiveError('scan/dossier-needed', 'caller');
  const session = await openSession(config, { as: options.as, reads: false });
  try {
    const desk = await session.desk('archive_work');
    const dossier = await findDossierByCode(session.archive, desk, options.dossier);
    if (!dossier) throw new ArchiveError('dossier/not-found', 'caller');
    const { inspection } = await getScheme(desk.sql, session.archive, dossier.scheme);
    const asked = await settle(context, options, inspection.resolutionDpi ?? DPI_DEFAULT);
    const batch = new ScanBatch(session.archive, desk, `scan-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`);
    const end = await scanStack(context, asked, batch);
    if (batch.count === 0) {
      sayEnd(context, end, 0);
      return end.kind === 'failed' ? EXIT.environment : EXIT.attention;
    }
    const importId = await batch.finish(dossier.dossierId, options.separators === true, session.archive.isShared);
    const refused = await tell(context, session, importId, batch.count);
    sayEnd(context, end, batch.count);
    out.json({ importId, faces: batch.count, end: end.kind, code: end.kind === 'failed' ? end.code : null });
    return end.kind === 'failed' || refused > 0 ? EXIT.attention : EXIT.ok;
  } finally {
    await session.close();
  }
}

async function list({ config, out }: Context): Promise<number> {
  const scanners = await listScanners(config.scanner);
  for (const { device, vendor, model } of scanners) {
    const { sources, modes, resolutions } = await readAbilities(config.scanner, device);
    out.json({ device, vendor, model, sources, modes, resolutions });
    out.line(`${device}\t${vendor} ${model}\t${sources.join(' | ')}\t${modes.join(' | ')}`);
  }
  if (scanners.length === 0) out.say('没有找到扫描仪。', 'No scanner was found.');
  return scanners.length > 0 ? EXIT.ok : EXIT.attention;
}

/** What is asked of the scanner, in its own words. @param limit resolution that the scheme asks for, dpi @throws ArchiveError `scan/…` (caller) for what it cannot do */
async function settle({ config, out }: Context, options: ScanCommandOptions, limit: number): Promise<ScanOptions> {
  const device = options.device ?? (await listScanners(config.scanner))[0]?.device;
  if (device === undefined) throw new ArchiveError('scanner/not-found', 'environment');
  const abilities = await readAbilities(config.scanner, device);
  const resolutionDpi = options.dpi === undefined ? limit : wholeNumber(options.dpi, DPI_MIN, DPI_MAX);
  if (resolutionDpi < limit) out.warn('scan/below-scheme', { dpi: resolutionDpi, limit });
  const { isGlass, ...settled } = settleScan(abilities, { source: options.source, mode: options.mode, resolutionDpi });
  return { device, ...settled, pagesMax: isGlass ? 1 : wholeNumber(options.pages, 1, PAGES_MAX) };
}

function wholeNumber(text: string, min: number, max: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < min || number > max) throw new ArchiveError('scan/number', 'caller', { min, max });
  return number;
}

/** Scans until the feeder is empty. After a jam the same stack goes on when somebody says so: a stack with separators must not be cut in two. */
async function scanStack(context: Context, asked: ScanOptions, batch: ScanBatch): Promise<ScanEnd> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    for (;;) {
      const end = await scanOnce(context, { ...asked, pagesMax: asked.pagesMax - batch.count, signal: stop.signal }, batch);
      if (end.kind !== 'failed' || !(await goesOn(context, end.code, batch.count))) return end;
    }
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}

async function scanOnce({ config, out }: Context, asked: ScanOptions, batch: ScanBatch): Promise<ScanEnd> {
  const pages = scanPages(config.scanner, asked);
  for (;;) {
    const step = await pages.next();
    if (step.done) return step.value;
    await batch.add(step.value);
    out.json({ face: batch.count, bytes: step.value.length });
    out.say(`  第 ${batch.count} 面`, `  face ${batch.count}`);
  }
}

async function goesOn({ out }: Context, code: string, count: number): Promise<boolean> {
  if (out.isJson || !process.stdin.isTTY) return false;
  out.warn(code, { faces: count });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await lines.question(
      out.language === 'zh' ? '处理好后按回车续扫，输入 q 结束：' : 'Clear it and press Enter to go on, q to end: ',
    );
    return said.trim().toLowerCase() !== 'q';
  } finally {
    lines.close();
  }
}

/** What became of the faces. @returns how many were refused or need a person */
async function tell({ out }: Context, session: Session, importId: string, faces: number): Promise<number> {
  if (session.archive.isShared) {
    out.say(`${faces} 面已封存，由正在运行的服务接收。`, `${faces} faces are sealed; the running server receives them.`);
    return 0;
  }
  const desk = await session.desk('archive_work');
  const row = await desk.sql.one<{ pages: number; refused: number }>(
    `select coalesce(sum(f.page_count), 0)::int as pages, count(*) filter (where f.outcome in ('refused', 'needs_person'))::int as refused
     from source_file f join import i on i.id = f.import_id where i.id = $1 or i.of_import = $1`,
    [importId],
  );
  const { pages, refused } = row ?? { pages: 0, refused: 0 };
  out.say(`扫描 ${faces} 面，${pages} 页入库；拒收 ${refused}。`, `${faces} faces scanned, ${pages} pages received; ${refused} refused.`);
  return refused;
}

function sayEnd({ out }: Context, end: ScanEnd, faces: number): void {
  if (end.kind === 'failed') out.warn(end.code, { faces });
  else if (end.kind === 'stopped') out.say('已停止扫描。', 'Scanning was stopped.');
  else if (faces === 0) out.say('送纸器中没有纸。', 'There is no paper in the feeder.');
}
