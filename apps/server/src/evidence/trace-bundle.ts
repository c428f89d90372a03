import { canonicalJson } from '@lantai/bundle';
import { utf8 } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Desk } from '../desk/index.ts';
import { type MadeBundle, makeBundle } from './make-bundle.ts';

/** What tracing a picture gave, as far as a bundle tells it. */
export interface Trace {
  /** The entry `picture.traced`, which commits to the picture. */
  readonly entryId: string;
  readonly number: string | null;
  readonly looks: readonly {
    readonly entryId: string;
    readonly kind: string;
    readonly atMs: number;
    readonly account: { readonly id: string; readonly name: string } | null;
    readonly dossierCode: string | null;
    readonly pageId: string | null;
  }[];
}

const ENDINGS: readonly (readonly [head: string, ending: string])[] = [
  ['ffd8ff', '.jpg'],
  ['89504e47', '.png'],
];

/**
 * Binds a traced picture to its look, for whoever must be shown it: the picture, proved by the entry of its tracing; that entry, which names
 * the look; the look, whose id gives the number printed on the picture. An entry of the log. @throws ArchiveError `desk/not-allowed` (caller)
 */
export function makeTraceBundle(archive: Archive, desk: Desk, picture: Uint8Array, trace: Trace): Promise<MadeBundle> {
  const { entryId, number, looks } = trace;
  const head = Buffer.from(picture.subarray(0, 4)).toString('hex');
  const ending = ENDINGS.find(([magic]) => head.startsWith(magic))?.[1] ?? '.bin';
  const told = canonicalJson({
    format: 'lantai-trace-1',
    number,
    looks: looks.map((look) => ({ ...look, account: look.account && { ...look.account } })),
  });
  return makeBundle(
    archive,
    {
      kind: 'trace',
      files: [
        { path: `picture${ending}`, entryId, read: async () => picture },
        { path: 'trace.json', read: async () => utf8(`${told}\n`) },
      ],
      entryIds: looks.map((look) => look.entryId),
      materials: [],
    },
    (contentSha256) =>
      desk.act('log.read', (tx) =>
        tx.log({ kind: 'bundle.made', objectId: entryId, contentSha256, params: { kind: 'trace', looks: looks.length } }),
      ),
  );
}
