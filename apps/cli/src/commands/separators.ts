import { makeSeparators } from '@lantai/server';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

export interface SeparatorsOptions {
  readonly as?: string;
  readonly labels?: boolean;
}

/**
 * `lantai separators FILE CODES…`: separator sheets or labels of dossiers as PDF.
 * @throws ArchiveError as makeSeparators; `pack/file-exists` (caller)
 */
export async function separatorsCommand(
  { config, out }: Context,
  file: string,
  codes: readonly string[],
  options: SeparatorsOptions,
): Promise<number> {
  const session = await openSession(config, { as: options.as, reads: false });
  try {
    const kind = options.labels ? 'labels' : 'sheets';
    const bytes = await makeSeparators(session.archive, await session.desk('archive_work'), {
      dossiers: codes.map((code) => ({ code })),
      kind,
      language: out.language,
    });
    await writeNewFile(
      file,
      (async function* () {
        yield bytes;
      })(),
    );
    out.json({ file, dossiers: codes.length, bytes: bytes.length });
    out.say(`已写出 ${file}。`, `Written to ${file}.`);
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
