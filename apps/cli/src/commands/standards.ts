import { readFile } from 'node:fs/promises';
import { adoptStandard, listStandards, readStandardText, type StandardKind, type StandardTrial, tryStandard } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

export interface StandardsOptions {
  readonly as?: string;
  /** What the text is; left out: a classification scheme. */
  readonly kind?: StandardKind;
  /** The text is a quality standard: `--kind quality`. */
  readonly quality?: boolean;
  /** Adopt the text from this day on; without it nothing is kept. */
  readonly from?: string;
  /** Write the text of a version to the file instead of reading it. */
  readonly save?: string;
}

const kindOf = ({ kind, quality }: StandardsOptions): StandardKind => kind ?? (quality ? 'quality' : 'scheme');

/**
 * `lantai standards [FILE]`: without a file, what the archive works by; with one, what adopting its text would do, and with `--from` adopting it;
 * with `--save ID:VERSION`, that version is written to the file.
 * @throws ArchiveError as adoptStandard and readStandardText; `standard/not-found`, `pack/file-exists` (caller)
 */
export async function standardsCommand(context: Context, file: string | undefined, options: StandardsOptions): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const { archive } = session;
    const { out } = context;
    if (file === undefined) {
      const standards = await listStandards(archive.db, archive);
      out.json({ standards });
      for (const { kind, id, name, versions } of standards) {
        out.line(`${kind}  ${id}  ${name[out.language]}`);
        for (const v of versions) out.line(`   ${v.version}  ${v.state}  ${v.effectiveOn ?? '-'}`);
      }
      return EXIT.ok;
    }
    if (options.save !== undefined) {
      const [id = '', version = ''] = options.save.split(':');
      const text = await readStandardText(archive.db, archive, { kind: kindOf(options), id, version: Number(version) });
      await writeNewFile(
        file,
        (async function* () {
          yield Buffer.from(text);
        })(),
      );
      out.json({ file, id, version: Number(version) });
      out.say(`已写出 ${file}。`, `Written to ${file}.`);
      return EXIT.ok;
    }
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new ArchiveError('file/unreadable', 'caller', { reason: (error as NodeJS.ErrnoException).code ?? '' });
    });
    const desk = await session.desk('archive_work');
    const trial = await tryStandard(archive, desk, kindOf(options), text);
    sayTrial(context, trial);
    if (trial.problems.length) return EXIT.refused;
    if (options.from === undefined) return EXIT.ok;
    const adopted = await adoptStandard(archive, desk, { kind: kindOf(options), text, effectiveOn: options.from });
    out.json({ ...adopted, from: options.from });
    out.say(
      `${adopted.standardId} 第 ${adopted.version} 版自 ${options.from} 起生效。`,
      `${adopted.standardId} version ${adopted.version} is in force from ${options.from}.`,
    );
    return EXIT.ok;
  } finally {
    await session.close();
  }
}

function sayTrial({ out }: Context, { id, version, base, problems, differences }: StandardTrial): void {
  out.json({ id, version, base, problems, differences });
  for (const { code, params } of [...problems, ...differences]) out.line(`  ${out.words(code, params)} [${code}]`);
}
