import { type Facets, type IndexCipher, tokensOfFacets } from '@lantai/search';
import type { Place } from '../archive/index.ts';
import type { Tx } from '../db/index.ts';

/** A unit with every unit above it. */
export async function unitPath(tx: Tx, unitId: string): Promise<string[]> {
  const rows = await tx.queryNamed<{ id: string }>(
    'search-unit-path',
    `with recursive up(id, parent_id) as (
       select id, parent_id from unit where id = $1
       union all select u.id, u.parent_id from unit u join up on u.id = up.parent_id
     ) select id from up`,
    [unitId],
  );
  return rows.map((r) => r.id);
}

/** Where a line of the index is filed. */
export interface Filing {
  readonly place: Place;
  readonly dossierId: string;
  readonly classCode: string | null;
  readonly materialYear: number | null;
  readonly kind?: 'dossier' | 'material';
}

/** The tokens of many filings; the units' paths are read once each. */
export class FilingTokens {
  readonly #paths = new Map<string, string[]>();
  readonly #known = new Map<string, Int32Array>();

  constructor(
    private readonly tx: Tx,
    private readonly cipherOf: (fondsId: string) => IndexCipher,
  ) {}

  async of(filing: Filing): Promise<Int32Array> {
    const { fondsId, unitId, category, level } = filing.place;
    const name = [fondsId, unitId, category, level, filing.dossierId, filing.classCode, filing.materialYear, filing.kind].join('/');
    const known = this.#known.get(name);
    if (known) return known;
    const path = this.#paths.get(unitId) ?? (await unitPath(this.tx, unitId));
    this.#paths.set(unitId, path);
    const facets: Facets = {
      unitPath: path,
      category,
      level,
      dossierId: filing.dossierId,
      classCode: filing.classCode,
      materialYear: filing.materialYear,
      kind: filing.kind ?? null,
    };
    const tokens = tokensOfFacets(this.cipherOf(fondsId), facets);
    this.#known.set(name, tokens);
    return tokens;
  }
}
