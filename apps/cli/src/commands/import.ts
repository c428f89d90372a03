import {
  createDossier,
  type FileOutcome,
  findDossierByCode,
  findRootUnit,
  importFiles,
  importSeparated,
  listFiles,
  waitUntilRead,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { startProgress } from '../progress.ts';
import { openSession } from '../session.ts';

export interface ImportOptions {
  readonly dossier: string;
  readonly as?: string;
  readonly scheme: string;
  readonly name?: string;
  readonly read: boolean;
  readonly separators?: boolean;
}

/** `lantai import PATH`: files of a folder into a dossier, which is opened when there is none by that code. */
export async function importCommand(context: Context, path: string, options: ImportOptions): Promise<number> {
  const { out } = context;
  const files = await listFiles(path);
  if (!files.length) throw new ArchiveError('import/nothing', 'caller');
  const session = await openSession(context.config, { as: options.as, reads: options.read });
  try {
    const { archive } = session;
    const desk = await session.desk('archive_work');
    const dossier = (await findDossierByCode(archive, desk, options.dossier)) ?? (await openNew(session, options));
    const bar = startProgress(files.length, out.language === 'zh' ? '导入' : 'import');
    let settled = 0;
    let attention = false;
    const watcher = {
      onOutcome: (outcome: FileOutcome) => {
        bar.to(Math.min(++settled, files.length), outcome.file);
        attention ||= outcome.outcome === 'refused' || outcome.outcome === 'needs_person';
        report(context, outcome);
      },
    };
    const home = { dossierId: dossier.dossierId, code: dossier.code, scheme: dossier.scheme };
    const result = options.separators
      ? await importSeparated(archive, desk, home, files, watcher)
      : await importFiles(archive, desk, dossier.dossierId, files, watcher);
    bar.end();
    out.say(
      `${result.files} 个文件，${result.pages} 页入库；拒收 ${result.refused}，重复 ${result.duplicates}，待人工 ${result.needsPerson}。`,
      `${result.files} files, ${result.pages} pages received; ${result.refused} refused, ${result.duplicates} duplicates, ${result.needsPerson} for a person.`,
    );
    if (options.read) await readAll(context, session, dossier.dossierId);
    return attention ? EXIT.attention : EXIT.ok;
  } finally {
    await session.close();
  }
}

async function openNew(
  session: Awaited<ReturnType<typeof openSession>>,
  options: ImportOptions,
): Promise<{ dossierId: string; code: string; scheme: string }> {
  const desk = await session.desk('archive_work');
  const unitId = session.account.unitId ?? (await findRootUnit(session.archive, desk));
  const { dossierId } = await createDossier(session.archive, desk, {
    code: options.dossier,
    unitId,
    scheme: options.scheme,
    subject: { kind: 'person', name: options.name ?? '' },
  });
  const made = await findDossierByCode(session.archive, desk, options.dossier);
  return { dossierId, code: made?.code ?? options.dossier, scheme: options.scheme };
}

function report({ out }: Context, o: FileOutcome): void {
  const reason = o.code === null ? null : out.words(o.code, o.detail);
  out.json({ file: o.file, outcome: o.outcome, pages: o.pages, code: o.code, reason });
  if (o.outcome !== 'pages' || o.code !== null) out.line(`  ${o.file}: ${reason ?? o.outcome} [${o.code ?? o.outcome}]`);
}

/** Waits until the dossier's pages are read, by this process or by the server that holds the archive. */
async function readAll({ out }: Context, session: Awaited<ReturnType<typeof openSession>>, dossierId: string): Promise<void> {
  if (session.archive.isShared || !session.archive.readers) {
    out.say('识读由正在运行的服务完成。', 'The running server reads the pages.');
    return;
  }
  let bar: ReturnType<typeof startProgress> | undefined;
  await waitUntilRead(session.archive, dossierId, (state) => {
    bar ??= startProgress(state.total, out.language === 'zh' ? '识读' : 'reading');
    bar.to(state.total - state.waiting);
  });
  bar?.end();
}
