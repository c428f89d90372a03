import { wordsOf } from '@lantai/contract';
import {
  type Archive,
  type Desk,
  findDossierByCode,
  makePropertyReport,
  readPropertyCheck,
  runPropertyCheck,
  startPropertyCheck,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

/** When the four properties are checked. */
export const CHECK_MOMENTS = ['filing', 'handover', 'keeping'] as const;

export interface CheckPropertiesOptions {
  readonly as?: string;
  readonly moment: (typeof CHECK_MOMENTS)[number];
  /** Where the report of one dossier goes, `.pdf` or `.xml`. */
  readonly report?: string;
}

/**
 * `lantai check-properties CODE…`: the four-property check (四性检测) of dossiers, one after the other; its answers are given on the screen.
 * Exits with 0 when all have passed, 1 when items wait for a person or did not run, 4 when one fails.
 * @throws ArchiveError `dossier/not-found`, `properties/running`, `properties/report-form`, `pack/file-exists` (caller)
 */
export async function checkPropertiesCommand(context: Context, codes: readonly string[], options: CheckPropertiesOptions): Promise<number> {
  const { out, config } = context;
  const form = /\.(pdf|xml)$/.exec(options.report ?? '')?.[1] as 'pdf' | 'xml' | undefined;
  if (options.report !== undefined && (!form || codes.length !== 1)) throw new ArchiveError('properties/report-form', 'caller');
  const session = await openSession(config, { as: options.as, reads: false });
  try {
    const { archive } = session;
    const desk = await session.desk('archive_work');
    let worst: number = EXIT.ok;
    for (const code of codes) {
      const check = await checkOne(archive, desk, code, options.moment);
      out.json(check);
      const { language } = out;
      const verdict = wordsOf(language, `four-report/verdict.${check.verdict ?? 'open'}`);
      const { pass, warn, fail, manual, skipped } = check.counts;
      out.say(
        `${code}：${verdict}。通过 ${pass}，警告 ${warn}，不通过 ${fail}，待人工 ${manual}，未检 ${skipped}。`,
        `${code}: ${verdict}. ${pass} pass, ${warn} warn, ${fail} fail, ${manual} manual, ${skipped} skipped.`,
      );
      for (const item of check.items.filter((i) => i.result === 'fail' || i.result === 'warn'))
        for (const f of item.findings.slice(0, 5))
          out.line(`${item.code.padEnd(8)} ${item.result.padEnd(4)} ${wordsOf(language, f.code, f.params)}`);
      if (options.report !== undefined && form) {
        const made = await makePropertyReport(archive, desk, check.id, form, language);
        await writeNewFile(options.report, inOnePiece(made.bytes));
      }
      worst = Math.max(worst, check.verdict === 'failed' ? EXIT.corruption : check.verdict === 'passed' ? EXIT.ok : EXIT.attention);
    }
    return worst;
  } finally {
    await session.close();
  }
}

async function checkOne(archive: Archive, desk: Desk, code: string, moment: CheckPropertiesOptions['moment']) {
  const head = await findDossierByCode(archive, desk, code);
  if (!head) throw new ArchiveError('dossier/not-found', 'caller');
  const checkId = await startPropertyCheck(archive, desk, head.dossierId, moment, { queued: false });
  // Nobody else runs it: what goes wrong is kept as the reason why it stopped.
  await runPropertyCheck(archive, checkId, true);
  return readPropertyCheck(archive, desk, checkId);
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
