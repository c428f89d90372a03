import { type CopyInput, copyDossier, findDossierByCode, PageImages, type Purpose, showDossier } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

/** Forms a copy is written in. */
export const COPY_FORMS = ['pdf-a-1b', 'pdf-a-2b', 'ofd'] as const satisfies readonly CopyInput['form'][];
/** What one takes a copy for. */
export const COPY_PURPOSES = [
  'archive_work',
  'verification',
  'personnel_decision',
  'political_review',
  'talent',
  'discipline',
  'history',
  'daily_management',
  'lawful_interest',
] as const satisfies readonly Purpose[];

export interface CopyOptions {
  readonly as?: string;
  readonly form: CopyInput['form'];
  /** Class and number, as `lantai show` prints them: `4-1-2`. Left out: the whole dossier. */
  readonly material?: readonly string[];
  readonly purpose: Purpose;
  /** What it is for; sealed for auditors. */
  readonly reason: string;
  /** ID numbers and the like stand in the text layer as they were read. */
  readonly reveal?: boolean;
}

/**
 * `lantai copy CODE FILE`: a dual-layer copy of a dossier or of materials of it, marked page by page; entries of the log.
 * @throws ArchiveError `dossier/not-found`, `material/not-found`, `reveal/reason-needed`, `pack/file-exists`, and what making a copy throws
 */
export async function copyCommand(context: Context, code: string, to: string, options: CopyOptions): Promise<number> {
  const { out } = context;
  if (options.reason.trim().length < 2) throw new ArchiveError('reveal/reason-needed', 'caller');
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const { archive, account } = session;
    const desk = await session.desk(options.purpose);
    const head = await findDossierByCode(archive, desk, code);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const { dossierId } = head;
    let materialIds: string[] | null = null;
    if (options.material) {
      const { materials } = await showDossier(archive, desk, dossierId, false);
      materialIds = options.material.map((name) => {
        const found = materials.find((m) => `${m.classCode}-${m.sequence}` === name);
        if (!found) throw new ArchiveError('material/not-found', 'caller');
        return found.materialId;
      });
    }
    const { form, reason, reveal = false } = options;
    const input = { dossierId, materialIds, form, reason, showsSensitive: reveal, name: account.name, language: out.language };
    const copy = await copyDossier(archive, desk, new PageImages(archive), input);
    await writeNewFile(to, copy.bytes());
    out.json({ file: to, pages: copy.pages, number: copy.number, entryId: copy.entryId });
    out.say(
      `${to}：${copy.pages} 页，编号 ${copy.number}。每页带水印和隐藏标记，均已记入日志。文件为明文，请妥善保管。`,
      `${to}: ${copy.pages} pages, number ${copy.number}. Each page bears marks and is an entry of the log. It is clear now: guard it.`,
    );
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
