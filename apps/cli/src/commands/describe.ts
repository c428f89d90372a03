import { Readable } from 'node:stream';
import { findDossierByCode, makeDescription } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

/**
 * `lantai describe CODE FILE`: the description of a dossier (著录) with its process metadata (过程元数据) as XML.
 * @throws ArchiveError `dossier/not-found`, `pack/file-exists` (caller)
 */
export async function describeCommand(context: Context, code: string, to: string, options: { readonly as?: string }): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const { archive } = session;
    const desk = await session.desk('archive_work');
    const head = await findDossierByCode(archive, desk, code);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const { bytes } = await makeDescription(archive, desk, head.dossierId);
    await writeNewFile(to, Readable.from([bytes]));
    context.out.json({ file: to, bytes: bytes.length });
    context.out.say(`${to}：著录与过程元数据，${bytes.length} 字节。`, `${to}: description and process metadata, ${bytes.length} bytes.`);
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
