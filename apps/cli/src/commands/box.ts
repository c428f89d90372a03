import { readFile } from 'node:fs/promises';
import { BOX_PLACE_STEPS, BOX_SPINES_MM, type BoxPlaceStep, NO_BOX_PLACE, RETENTION_CODE } from '@lantai/catalogue';
import type { BoxDetail, BoxView } from '@lantai/contract';
import {
  createBoxes,
  type Desk,
  editBox,
  findBox,
  findBoxOnPicture,
  findDossierByCode,
  findRootUnit,
  listBoxes,
  makeBoxLabels,
  makeBoxLists,
  putIntoBox,
  readBox,
  takeFromBox,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession, type Session } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

/** What `lantai box` does. */
export const BOX_ACTS = ['list', 'show', 'create', 'put', 'take', 'place', 'find', 'labels', 'contents'] as const;
export type BoxAct = (typeof BOX_ACTS)[number];

export interface BoxOptions {
  readonly as?: string;
  readonly volume: string;
  readonly sheets?: string;
  readonly at?: string;
  readonly count: string;
  readonly category: string;
  readonly spine: string;
  readonly year?: string;
  readonly retention?: string;
  readonly kind: string;
  readonly out?: string;
}

/**
 * `lantai box ACT [BOX] [THINGS…]`: boxes of the storeroom.
 * @throws ArchiveError as the acts; `box/arguments` (caller) with what is missing or no number
 */
export async function boxCommand(
  context: Context,
  act: BoxAct,
  box: string | undefined,
  things: readonly string[],
  options: BoxOptions,
): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const desk = await session.desk('archive_work');
    if (act === 'list') return await tellBoxes(context, desk);
    if (act === 'create') return await create(context, session, desk, options);
    const boxId = await boxOf(session, desk, act, said(box, 'box'));
    if (act === 'put') await put(desk, boxId, things, options);
    if (act === 'take') await take(session, desk, boxId, things, options);
    if (act === 'place') await place(desk, boxId, things);
    if (act === 'labels' || act === 'contents') return await write(context, session, desk, boxId, act, options);
    return tell(context, await readBox(desk, boxId));
  } finally {
    await session.close();
  }
}

function said<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ArchiveError('box/arguments', 'caller', { what });
  return value;
}

function numberOf(text: string, what: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new ArchiveError('box/arguments', 'caller', { what });
  return Number(text);
}

function oneOf<T extends string | number>(text: string, list: readonly T[], what: string): T {
  return said(
    list.find((item) => String(item) === text),
    what,
  );
}

const boxOf = async ({ archive }: Session, desk: Desk, act: BoxAct, text: string): Promise<string> =>
  act === 'find' && /\.(?:png|jpe?g|tiff?|webp)$/i.test(text) ? findBoxOnPicture(archive, desk, await readFile(text)) : findBox(desk, text);

async function tellBoxes({ out }: Context, desk: Desk): Promise<number> {
  const items: BoxView[] = [];
  for (let after: { fonds: string; number: number } | null | undefined; after !== null; ) {
    const found = await listBoxes(desk, { after });
    items.push(...found.items);
    after = found.next;
  }
  out.json(items);
  for (const b of items) out.line(lineOf(b));
  return EXIT.ok;
}

async function create({ out }: Context, { archive }: Session, desk: Desk, o: BoxOptions): Promise<number> {
  if (o.retention !== undefined && !RETENTION_CODE.test(o.retention))
    throw new ArchiveError('box/arguments', 'caller', { what: '--retention' });
  const ids = await createBoxes(desk, {
    unitId: await findRootUnit(archive, desk),
    category: o.category,
    level: 1,
    count: numberOf(o.count, '--count'),
    number: null,
    spineMm: oneOf(o.spine, BOX_SPINES_MM, '--spine'),
    capacitySheets: null,
    retention: o.retention ?? null,
    year: o.year === undefined ? null : numberOf(o.year, '--year'),
    schemeId: null,
    classCode: null,
    place: NO_BOX_PLACE,
    namesOutside: false,
  });
  const made = [];
  for (const id of ids) made.push(await readBox(desk, id));
  out.json(made);
  for (const b of made) out.line(lineOf(b));
  return EXIT.ok;
}

const put = (desk: Desk, boxId: string, codes: readonly string[], o: BoxOptions): Promise<void> =>
  putIntoBox(desk, boxId, {
    volumes: codes.map((code) => ({
      dossier: { code },
      volume: numberOf(o.volume, '--volume'),
      ...(o.sheets === undefined ? {} : { sheets: numberOf(o.sheets, '--sheets') }),
    })),
    at: o.at === undefined ? null : numberOf(o.at, '--at'),
  });

async function take({ archive }: Session, desk: Desk, boxId: string, codes: readonly string[], o: BoxOptions): Promise<void> {
  const volume = numberOf(o.volume, '--volume');
  const volumes = [];
  for (const code of codes) {
    const head = await findDossierByCode(archive, desk, code);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    volumes.push({ dossierId: head.dossierId, volume });
  }
  await takeFromBox(desk, boxId, volumes);
}

/** `rack=3 slot=12`: what is not named stays. */
async function place(desk: Desk, boxId: string, steps: readonly string[]): Promise<void> {
  const { place: now, version } = await readBox(desk, boxId);
  const change: Partial<Record<BoxPlaceStep, string>> = {};
  for (const text of steps) {
    const at = text.indexOf('=');
    change[oneOf(text.slice(0, Math.max(0, at)), BOX_PLACE_STEPS, 'step=code')] = text.slice(at + 1);
  }
  await editBox(desk, boxId, { version, place: { ...now, ...change } });
}

async function write(
  { out }: Context,
  { archive }: Session,
  desk: Desk,
  boxId: string,
  act: 'labels' | 'contents',
  o: BoxOptions,
): Promise<number> {
  const file = said(o.out, '--out');
  const format = file.endsWith('.xlsx') ? 'xlsx' : 'pdf';
  const { bytes } =
    act === 'labels'
      ? await makeBoxLabels(
          archive,
          desk,
          { boxIds: [boxId], kind: oneOf(o.kind, ['face', 'spine', 'qr'] as const, '--kind'), format },
          out.language,
        )
      : await makeBoxLists(archive, desk, { boxIds: [boxId], format }, out.language);
  await writeNewFile(
    file,
    (async function* () {
      yield bytes;
    })(),
  );
  out.json({ file, bytes: bytes.length });
  out.say(`已写出 ${file}。`, `Written to ${file}.`);
  return EXIT.ok;
}

function lineOf(b: BoxView): string {
  const standing = BOX_PLACE_STEPS.map((step) => b.place[step])
    .filter(Boolean)
    .join('/');
  return `${b.fondsCode} ${String(b.number).padStart(4, '0')}  ${b.retention ?? '-'}  ${b.year ?? '-'}  ${b.volumes}  ${b.sheets}/${b.capacitySheets}  ${standing}`;
}

function tell({ out }: Context, box: BoxDetail): number {
  out.json(box);
  out.line(lineOf(box));
  for (const [at, l] of box.lines.entries()) out.line(`  ${at + 1}  ${l.dossierCode}  ${l.volume}  ${l.sheets}  ${l.name}`);
  if (box.hidden) out.say(`  另有 ${box.hidden} 册无权查看`, `  ${box.hidden} more that you may not see`);
  return EXIT.ok;
}
