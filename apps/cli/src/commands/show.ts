import { findDossierByCode, maskShown, revealSensitive, SENSITIVE_KINDS, showDossier } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

export interface ShowOptions {
  readonly as?: string;
  readonly text?: boolean;
  /** Why what is masked is to be shown. */
  readonly reveal?: string;
}

/**
 * `lantai show CODE`: a dossier's heading, materials and pages; with `--text` what was read. An entry of the log.
 * ID numbers, phones, addresses and accounts are masked, but with `--reveal REASON`: an entry more.
 */
export async function showCommand(context: Context, code: string, options: ShowOptions): Promise<number> {
  const { out } = context;
  const { reveal } = options;
  if (reveal !== undefined && reveal.trim().length < 2) throw new ArchiveError('reveal/reason-needed', 'caller');
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const desk = await session.desk('archive_work');
    const head = await findDossierByCode(session.archive, desk, code);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const { dossierId } = head;
    if (reveal !== undefined)
      await revealSensitive(session.archive, desk, null, { dossierId, pageId: null, kinds: SENSITIVE_KINDS, reason: reveal });
    const all = await showDossier(session.archive, desk, dossierId, options.text ?? false);
    const shown = reveal === undefined ? maskShown(all) : all;
    out.json(shown);
    out.line(
      `${shown.code}  ${shown.name || (out.language === 'zh' ? '（姓名待录）' : '(name not yet entered)')}  ${shown.scheme}  ${shown.state}`,
    );
    for (const m of shown.materials) out.line(`  ${m.classCode ?? '—'}-${m.sequence}  ${m.title || '—'}  ${m.date ?? ''}  ${m.pages} p.`);
    for (const p of shown.pages) {
      out.line(
        `  ${p.pageId}  ${p.file}  ${p.widthPx}×${p.heightPx}  ${p.readState}${p.findings.length ? `  ${p.findings.join(' ')}` : ''}`,
      );
      if (p.text !== null) for (const line of p.text.split('\n')) out.line(`      ${line}`);
    }
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
