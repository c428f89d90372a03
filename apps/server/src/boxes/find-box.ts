import { readBoxCode } from '@lantai/catalogue';
import { ArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { CodesReply, DecoderRequest } from '../children/index.ts';
import type { Desk } from '../desk/index.ts';
import { selectBoxes } from './box-rows.ts';

/**
 * The box that a scanned code, or a number typed, names. @returns its id
 * @throws ArchiveError `box/code-damaged`, `box/not-found`, `box/several-fonds` (caller): of a number without a fonds when boxes of several are reached
 */
export function findBox(desk: Desk, text: string): Promise<string> {
  return desk.act('dossier.list', async (tx, scope) => {
    const typed = text.trim();
    const code = readBoxCode(typed);
    if (code === 'damaged') throw new ArchiveError('box/code-damaged', 'caller');
    const number = code?.number ?? (/^\d{1,9}$/.test(typed) ? Number(typed) : null);
    if (number === null) throw new ArchiveError('box/not-found', 'caller');
    const found = await selectBoxes(tx, scope, {
      sql: 'b.number = $1 and ($2::text is null or f.code = $2)',
      params: [number, code?.fonds ?? null],
      order: 'b.id',
      limit: 2,
    });
    if (found.length > 1) throw new ArchiveError('box/several-fonds', 'caller');
    if (!found[0]) throw new ArchiveError('box/not-found', 'caller');
    return found[0].id;
  });
}

/**
 * The box whose QR code is on a picture, a photograph or a scan; other codes on it are passed over. Decoded in a child.
 * @throws ArchiveError as {@link findBox}; `box/no-code` (caller) when there is none, or more than one box's, on it
 */
export async function findBoxOnPicture(archive: Archive, desk: Desk, picture: Uint8Array): Promise<string> {
  desk.scope('dossier.list');
  const { reply } = await archive.decoders.run<DecoderRequest, CodesReply>({ kind: 'codes' }, [picture]);
  const codes = [...new Set(reply.codes.map((c) => c.text).filter((text) => readBoxCode(text) !== null))];
  if (codes.length !== 1) throw new ArchiveError('box/no-code', 'caller', { codes: codes.length });
  return findBox(desk, codes[0]!);
}
