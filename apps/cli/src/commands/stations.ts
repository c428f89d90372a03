import { STATIONS, type Station } from '@lantai/catalogue';
import type { ClaimView } from '@lantai/contract';
import {
  claimStation,
  finishClaim,
  judgePage,
  listBatches,
  listClaims,
  listDefectKinds,
  readClaim,
  releaseClaim,
  returnClaim,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession, type Session } from '../session.ts';

/** What `lantai stations` does. */
export const STATION_ACTS = ['list', 'claim', 'show', 'judge', 'finish', 'release', 'return', 'defects'] as const;
export type StationAct = (typeof STATION_ACTS)[number];

export interface StationsOptions {
  readonly as?: string;
  /** Archival code: of several claims the one that is meant, or the dossier to be claimed. */
  readonly dossier?: string;
  /** Where a dossier is sent back to. */
  readonly to?: string;
  readonly reason?: string;
}

/**
 * `lantai stations list | claim BATCH STATION | show | judge PAGE pass|DEFECT… | finish | release | return --to STATION --reason WORDS | defects`:
 * the work at a station from the command line, by the own claims alone. `show` exits with 1 while pages of an inspection wait or it has failed.
 * @throws ArchiveError as the acts; `claim/which`, `batch/not-found`, `station/unknown`, `page/not-found` (caller)
 */
export async function stationsCommand(
  context: Context,
  act: StationAct,
  words: readonly string[],
  options: StationsOptions,
): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    return await ACTS[act](context, session, words, options);
  } finally {
    await session.close();
  }
}

type Act = (context: Context, session: Session, words: readonly string[], options: StationsOptions) => Promise<number>;

const ACTS: Readonly<Record<StationAct, Act>> = {
  list: async ({ out }, session) => {
    const { items } = await listClaims(await session.desk('archive_work'));
    for (const claim of items) {
      out.json(claim);
      out.line(lineOf(claim));
    }
    return EXIT.ok;
  },
  claim: async ({ out }, session, [batchCode, station], { dossier = null }) => {
    const { archive } = session;
    const desk = await session.desk('archive_work');
    const batch = (await listBatches(archive, desk)).items.find((b) => b.code === batchCode);
    if (!batch) throw new ArchiveError('batch/not-found', 'caller');
    const id = await claimStation(archive, desk, { batchId: batch.id, station: stationOf(station), dossierCode: dossier });
    const claim = (await listClaims(desk)).items.find((c) => c.id === id);
    out.json({ id, ...claim });
    if (claim) out.line(lineOf(claim));
    return EXIT.ok;
  },
  show: async ({ out }, session, _, options) => {
    const desk = await session.desk('archive_work');
    const claim = await readClaim(session.archive, desk, (await getClaim(session, options)).id);
    out.json(claim);
    out.line(lineOf(claim));
    if (claim.returned) out.line(`↩ ${claim.returned.station} → ${claim.returned.toStation}  ${claim.returned.reason ?? ''}`);
    for (const { place, verdict, defects } of claim.pages) out.line(`  ${place}  ${verdict ?? '–'}  ${defects.join(' ')}`);
    return claim.inspection === null || claim.inspection.verdict === 'pass' ? EXIT.ok : EXIT.attention;
  },
  judge: async ({ out }, session, [page, ...said], options) => {
    const { archive } = session;
    const desk = await session.desk('archive_work');
    const { id } = await getClaim(session, options);
    const { pages } = await readClaim(archive, desk, id);
    const drawn = pages.find((p) => String(p.place) === page);
    if (!drawn) throw new ArchiveError('page/not-found', 'caller');
    const [first] = said;
    const defects = first === 'pass' ? [] : said;
    // A page whose defects are notes alone passes: the dictionary says so, and it is asked here as the screen asks it.
    const kinds = (await listDefectKinds(archive)).items.filter((kind) => defects.includes(kind.code));
    const passes = first === 'pass' || (defects.length > 0 && kinds.length === defects.length && kinds.every((k) => k.severity === 'note'));
    await judgePage(archive, desk, id, drawn.pageId, { verdict: passes ? 'pass' : 'fail', defects });
    out.json({ id, place: drawn.place, verdict: passes ? 'pass' : 'fail', defects });
    out.say(`第 ${drawn.place} 页：${passes ? '合格' : '不合格'}。`, `Page ${drawn.place}: ${passes ? 'passes' : 'fails'}.`);
    return EXIT.ok;
  },
  finish: (context, session, _, options) =>
    ending(context, session, options, async (id) => finishClaim(session.archive, await session.desk('archive_work'), id)),
  release: (context, session, _, options) =>
    ending(context, session, options, async (id) => releaseClaim(await session.desk('archive_work'), id)),
  return: (context, session, _, options) =>
    ending(context, session, options, async (id) =>
      returnClaim(await session.desk('archive_work'), id, {
        toStation: stationOf(options.to),
        reason: options.reason ?? '',
      }),
    ),
  defects: async ({ out }, session) => {
    for (const kind of (await listDefectKinds(session.archive)).items) {
      out.json(kind);
      out.line(`${kind.code.padEnd(20)} ${kind.severity.padEnd(8)} ${kind.station.padEnd(9)} ${kind.name[out.language]}`);
    }
    return EXIT.ok;
  },
};

const lineOf = (claim: ClaimView): string =>
  `${claim.batchCode}  ${claim.dossierCode}  ${claim.station}${claim.pass === 2 ? ' 2' : ''}  → ${new Date(claim.untilMs).toISOString()}`;

/** @throws ArchiveError `station/unknown` (caller) */
function stationOf(word: string | undefined): Station {
  const station = STATIONS.find((s) => s === word);
  if (!station) throw new ArchiveError('station/unknown', 'caller', { stations: STATIONS.join(' ') });
  return station;
}

/** The own claim that is meant: the only one, or that upon the named dossier. @throws ArchiveError `claim/which`, `claim/not-found` (caller) */
async function getClaim(session: Session, { dossier }: StationsOptions): Promise<ClaimView> {
  const { items } = await listClaims(await session.desk('archive_work'));
  const meant = dossier === undefined ? items : items.filter((claim) => claim.dossierCode === dossier);
  const [claim] = meant;
  if (!claim) throw new ArchiveError('claim/not-found', 'caller');
  if (meant.length > 1) throw new ArchiveError('claim/which', 'caller', { count: meant.length });
  return claim;
}

async function ending({ out }: Context, session: Session, options: StationsOptions, act: (id: string) => Promise<void>): Promise<number> {
  const claim = await getClaim(session, options);
  await act(claim.id);
  out.json({ id: claim.id, dossierCode: claim.dossierCode, station: claim.station });
  out.say(`${claim.dossierCode}：${claim.station} 已交出。`, `${claim.dossierCode}: out of hand at ${claim.station}.`);
  return EXIT.ok;
}
