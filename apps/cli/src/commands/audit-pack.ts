import { findDossierToPack, findUnitByCode, makeAuditPack, makeEvidencePack, type PackSelection } from '@lantai/server';
import { ArchiveError, formatHex } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession, type Session } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

export interface AuditPackOptions {
  readonly as?: string;
  readonly dossier?: string;
  readonly subject?: string;
  readonly unit?: string;
  readonly from?: string;
  readonly to?: string;
  readonly purpose: 'archive_work' | 'verification' | 'audit';
  /** False with `--no-contents`: accesses and proofs alone. */
  readonly contents: boolean;
  /** Also when something sensitive is in it; then with a reason. */
  readonly allowSensitive?: boolean;
  /** Why; sealed for auditors. */
  readonly reason?: string;
}

/**
 * `lantai audit-pack OUT.zip --dossier CODE|--subject CODE|--unit CODE|--from DAY --to DAY`: everything of them with its proofs, as a bundle
 * that `lantai verify` checks; an entry of the log. The password was asked for just now: the act is as fresh as in the web.
 * @throws ArchiveError `pack/selection`, `pack/file-exists`, `dossier/not-found`, `reveal/reason-needed`, `export/sensitive`, and what making a pack throws
 */
export async function auditPackCommand(context: Context, to: string, options: AuditPackOptions): Promise<number> {
  const { out } = context;
  const reason = options.reason?.trim() ?? '';
  if (options.allowSensitive && reason.length < 2) throw new ArchiveError('reveal/reason-needed', 'caller');
  checkSelection(options);
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const desk = await session.desk(options.purpose);
    const selection = await selectionOf(session, options);
    const request = { selection, language: out.language, madeBy: session.account.name };
    const leave = options.allowSensitive ? { confirmed: null, reason } : null;
    const pack = options.contents
      ? await makeAuditPack(session.archive, desk, { ...request, leave })
      : await makeEvidencePack(session.archive, desk, request);
    await writeNewFile(to, pack.bytes());
    const { dossiers, files, entries, entryId } = pack;
    const manifestSha256 = formatHex(pack.manifestSha256);
    out.json({ file: to, dossiers, files, entries, entryId, manifestSha256 });
    out.say(
      `${to}：${dossiers} 卷，${files} 个文件，${entries} 条日志。清单摘要 ${manifestSha256}。核验：lantai verify ${to}。包内为明文，请妥善保管。`,
      `${to}: ${dossiers} dossiers, ${files} files, ${entries} entries. Manifest ${manifestSha256}. Check it: lantai verify ${to}. It is clear now: guard it.`,
    );
    return EXIT.ok;
  } finally {
    await session.close();
  }
}

/** One thing is named, and days are days. @throws ArchiveError `pack/selection` (caller) */
function checkSelection({ dossier, subject, unit, from, to }: AuditPackOptions): void {
  const named = [dossier, subject, unit, from ?? to].filter((value) => value !== undefined);
  if (named.length !== 1) throw new ArchiveError('pack/selection', 'caller');
  for (const day of [from, to]) dayMs(day, 0);
}

async function selectionOf({ archive, desk }: Session, options: AuditPackOptions): Promise<PackSelection> {
  const { dossier, subject, unit, from, to } = options;
  if (unit !== undefined) return { kind: 'unit', unitId: await findUnitByCode(archive, unit) };
  const code = dossier ?? subject;
  if (code !== undefined) {
    const dossierId = await findDossierToPack(await desk(options.purpose), code, options.contents);
    return { kind: dossier === undefined ? 'subject' : 'dossier', dossierId };
  }
  const [fromMs, toMs] = [dayMs(from, 0), dayMs(to, 1)];
  return { kind: 'period', fromMs: fromMs ?? 0, toMs: (toMs ?? archive.clock.nowMs() + 1) - 1 };
}

/** First millisecond of a day in China, or of the day `plus` days later. @throws ArchiveError `pack/selection` (caller) */
function dayMs(day: string | undefined, plus: number): number | null {
  if (day === undefined) return null;
  const ms = Date.parse(`${day}T00:00:00+08:00`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(ms)) throw new ArchiveError('pack/selection', 'caller');
  return ms + plus * 86_400_000;
}
