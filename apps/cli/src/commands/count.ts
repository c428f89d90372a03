import type { DossierCount } from '@lantai/contract';
import {
  type Archive,
  checkCount,
  type Desk,
  declareSlip,
  fileDossier,
  findDossierByCode,
  makeSlipSheet,
  readCount,
  settleException,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

/** What `lantai count` does with a dossier. */
export const COUNT_ACTS = ['show', 'declare', 'check', 'explain', 'settle', 'print', 'file'] as const;
export type CountAct = (typeof COUNT_ACTS)[number];

export interface CountOptions {
  readonly as?: string;
  readonly sheets?: string;
  readonly faces?: string;
  readonly blank?: string;
  readonly words?: string;
  readonly out?: string;
}

/**
 * `lantai count ACT CODE`: sheets and faces declared of a dossier against images received, exception reports, filing. 0: it agrees, or what was
 * asked was done; 1: an exception report is open.
 * @throws ArchiveError as the acts; `dossier/not-found`, `count/number`, `count/words`, `count/out` (caller)
 */
export async function countCommand(context: Context, act: CountAct, code: string, options: CountOptions): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const { archive } = session;
    const desk = await session.desk('archive_work');
    const head = await findDossierByCode(archive, desk, code);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const { dossierId } = head;
    if (act === 'print') return await printSlip(context, archive, desk, dossierId, options.out);
    if (act === 'declare') await declareSlip(desk, dossierId, declaredBy(options));
    if (act === 'check') return tell(context, await checkCount(archive, desk, dossierId));
    if (act === 'explain' || act === 'settle') await closeOpen(archive, desk, dossierId, act, options.words);
    if (act === 'file') await fileDossier(archive, desk, dossierId);
    return tell(context, await readCount(archive, desk, dossierId));
  } finally {
    await session.close();
  }
}

function declaredBy({ sheets, faces, blank, words }: CountOptions) {
  const number = (text: string | undefined): number => {
    if (text === undefined || !/^\d{1,6}$/.test(text)) throw new ArchiveError('count/number', 'caller');
    return Number(text);
  };
  return { sheets: number(sheets), faces: number(faces), blankFaces: number(blank ?? '0'), note: words ?? '' };
}

async function closeOpen(
  archive: Archive,
  desk: Desk,
  dossierId: string,
  act: 'explain' | 'settle',
  words: string | undefined,
): Promise<void> {
  if (!words?.trim()) throw new ArchiveError('count/words', 'caller');
  const open = (await readCount(archive, desk, dossierId)).exceptions.find((e) => e.state === 'open');
  if (!open) throw new ArchiveError('count-exception/not-found', 'caller');
  await settleException(desk, open.id, { way: act === 'explain' ? 'explained' : 'settled', words: words.trim() });
}

async function printSlip({ out }: Context, archive: Archive, desk: Desk, dossierId: string, file: string | undefined): Promise<number> {
  if (!file) throw new ArchiveError('count/out', 'caller');
  const { bytes } = await makeSlipSheet(archive, desk, dossierId, out.language);
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

function tell({ out }: Context, count: DossierCount): number {
  out.json(count);
  const { slips, received, comparison, exceptions, dossierCode, dossierState } = count;
  const [slip] = slips;
  out.line(`${dossierCode}  ${dossierState}`);
  if (slip)
    out.say(
      `  申报 ${slip.sheets} 张 ${slip.faces} 面（登记空白 ${slip.blankFaces} 面），实收 ${received.images} 面，相差 ${comparison?.difference ?? 0}`,
      `  declared ${slip.sheets} sheets, ${slip.faces} faces (${slip.blankFaces} registered as blank); ${received.images} images; difference ${comparison?.difference ?? 0}`,
    );
  else out.say(`  未填流程单，实收 ${received.images} 面`, `  no slip; ${received.images} images`);
  for (const e of exceptions)
    out.line(
      `  ${e.kind} ${e.difference}  ${e.state}  ${new Date(e.openedAtMs).toISOString().slice(0, 16)}  ${e.openedByName}  ${e.words}`,
    );
  return exceptions.some((e) => e.state === 'open') ? EXIT.attention : EXIT.ok;
}
