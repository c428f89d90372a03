import type { Archive } from '../archive/index.ts';

/** The name of a unit, opened. @throws ArchiveError `column/corrupt` (corruption) */
export const unitName = ({ sealer }: Pick<Archive, 'sealer'>, id: string, fondsId: string, name: Uint8Array): string =>
  sealer.get({ kind: 'fonds', id: fondsId }, { table: 'unit', column: 'name', rowId: id, version: 1 }, name);
