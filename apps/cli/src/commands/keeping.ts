import { checkArchive, exportPlain, openArchive } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { startProgress } from '../progress.ts';
import { openSession } from '../session.ts';

/** `lantai fsck`: walks every object, row, key and entry. Exits with 0 when all is well, 1 when something is left over or offices conflict, 4 when something is missing or altered. */
export async function fsckCommand(context: Context, options: { readonly sweep?: boolean }): Promise<number> {
  const { out, config } = context;
  const archive = await openArchive(config, { reads: false });
  try {
    await archive.sequencer?.drain();
    let bar: ReturnType<typeof startProgress> | undefined;
    const walk = await checkArchive(archive, {
      sweep: options.sweep ?? false,
      onProgress: (_step, done, total) => {
        bar ??= startProgress(total, out.language === 'zh' ? '核查' : 'fsck');
        bar.to(done);
      },
    });
    bar?.end();
    for (const f of walk.findings) {
      out.json(f);
      out.line(`${f.kind.padEnd(9)} ${f.code}  ${f.what}`);
    }
    const { objects, rows, keys, entries, swept, destroyed } = walk;
    out.json({ objects, rows, keys, entries, swept, destroyed, findings: walk.findings.length, damaged: walk.isDamaged });
    out.say(
      `核查 ${objects} 个对象、${rows} 个密封值、${keys} 个密钥、${entries} 条日志：${walk.findings.length ? `${walk.findings.length} 处问题` : '完好'}${destroyed ? `，依法销毁 ${destroyed} 卷` : ''}${swept ? `，已清理 ${swept}` : ''}。`,
      `${objects} objects, ${rows} sealed values, ${keys} keys, ${entries} entries: ${walk.findings.length ? `${walk.findings.length} findings` : 'all well'}${destroyed ? `, ${destroyed} dossiers destroyed by law` : ''}${swept ? `, ${swept} swept` : ''}.`,
    );
    if (walk.isDamaged) return EXIT.corruption;
    return walk.findings.length > swept ? EXIT.attention : EXIT.ok;
  } finally {
    await archive.close();
  }
}

/** `lantai export FOLDER [CODE…]`: files as received and the catalogue, in plain form. */
export async function exportCommand(
  context: Context,
  folder: string,
  codes: readonly string[],
  options: { readonly as?: string; readonly allowSensitive?: boolean; readonly reason?: string },
): Promise<number> {
  const { out } = context;
  const reason = options.reason?.trim() ?? '';
  if (options.allowSensitive && reason.length < 2) throw new ArchiveError('reveal/reason-needed', 'caller');
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    let bar: ReturnType<typeof startProgress> | undefined;
    const result = await exportPlain(session.archive, await session.desk('archive_work'), folder, {
      codes: codes.length ? codes : null,
      leave: options.allowSensitive ? { reason } : null,
      onDossier: (done, total) => {
        bar ??= startProgress(total, out.language === 'zh' ? '导出' : 'export');
        bar.to(done);
      },
    });
    bar?.end();
    out.json(result);
    out.say(
      `导出 ${result.dossiers} 卷、${result.files} 个文件。导出内容为明文，请妥善保管。`,
      `${result.dossiers} dossiers, ${result.files} files. They are clear now: guard them.`,
    );
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
