import type { BatchView } from '@lantai/contract';
import { createBatch, findDossierByCode, listBatches, listContractors, type NewBatch, readBatch } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession, type Session } from '../session.ts';

/** What `lantai batch` does. */
export const BATCH_ACTS = ['list', 'show', 'create'] as const;
export type BatchAct = (typeof BATCH_ACTS)[number];

export interface BatchOptions {
  readonly as?: string;
  readonly contractor?: string;
  readonly percent?: string;
  readonly pages?: string;
  readonly limit?: string;
  readonly hours?: string;
}

/**
 * `lantai batch list | show CODE | create CODE DOSSIERS…`: batches of digitisation, where their dossiers stand, what was counted and who did what.
 * `show` exits with 1 when the count of a dossier differs.
 * @throws ArchiveError as the acts; `batch/not-found`, `batch/number`, `contractor/not-found`, `dossier/not-found` (caller)
 */
export async function batchCommand(
  context: Context,
  act: BatchAct,
  code: string | undefined,
  dossierCodes: readonly string[],
  options: BatchOptions,
): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    if (act === 'list') return await listAll(context, session);
    if (code === undefined) throw new ArchiveError('batch/not-found', 'caller');
    if (act === 'create') return await createOne(context, session, code, dossierCodes, options);
    return await showOne(context, session, code);
  } finally {
    await session.close();
  }
}

const standingOf = ({ standing }: BatchView): string =>
  standing.map((s) => `${s.station}${s.pass === 2 ? ' 2' : ''} ${s.dossiers}${s.claimed ? ` (${s.claimed})` : ''}`).join(', ');

async function listAll({ out }: Context, { archive, desk }: Session): Promise<number> {
  const { items } = await listBatches(archive, await desk('archive_work'));
  for (const batch of items) {
    out.json(batch);
    out.line(`${batch.code}  ${batch.dossiers}  ${batch.contractor?.name ?? '—'}  ${standingOf(batch)}`);
  }
  return EXIT.ok;
}

async function showOne({ out }: Context, { archive, desk }: Session, code: string): Promise<number> {
  const door = await desk('archive_work');
  const found = (await listBatches(archive, door)).items.find((b) => b.code === code);
  if (!found) throw new ArchiveError('batch/not-found', 'caller');
  const batch = await readBatch(archive, door, found.id);
  out.json(batch);
  const { count } = batch;
  out.line(`${batch.code}  ${batch.contractor?.name ?? '—'}  ${standingOf(batch)}`);
  out.say(
    `  ${count.dossiers} 卷（${count.declared} 卷已填流程单）：申报 ${count.sheets} 张 ${count.faces} 面，实收 ${count.images} 面；缺 ${count.missing} 面，多 ${count.tooMany} 面`,
    `  ${count.dossiers} dossiers (${count.declared} with a slip): declared ${count.sheets} sheets, ${count.faces} faces; ${count.images} images; ${count.missing} missing, ${count.tooMany} too many`,
  );
  for (const line of batch.lines)
    out.line(`  ${line.dossierCode}  ${line.station}${line.pass === 2 ? ' 2' : ''}  r${line.round}  ${line.holder?.name ?? ''}`);
  for (const w of batch.work)
    out.line(`  ${w.operatorName}  ${w.contractor?.name ?? '—'}  ${w.station}  +${w.passed} ↩${w.returned} −${w.released}  ${w.images} p.`);
  return count.differing > 0 ? EXIT.attention : EXIT.ok;
}

async function createOne(
  { out }: Context,
  { archive, desk }: Session,
  code: string,
  dossierCodes: readonly string[],
  options: BatchOptions,
): Promise<number> {
  const door = await desk('archive_work');
  const dossierIds: string[] = [];
  for (const dossierCode of dossierCodes) {
    const head = await findDossierByCode(archive, door, dossierCode);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    dossierIds.push(head.dossierId);
  }
  if (!dossierIds.length) throw new ArchiveError('dossier/not-found', 'caller');
  const contractors = options.contractor === undefined ? [] : (await listContractors(archive, door)).items;
  const contractor = contractors.find((c) => c.code === options.contractor);
  if (options.contractor !== undefined && !contractor) throw new ArchiveError('contractor/not-found', 'caller');
  const id = await createBatch(door, {
    code,
    dossierIds,
    contractorUnitId: contractor?.unitId ?? null,
    sampling: samplingOf(options),
    limitPercent: numberOf(options.limit ?? '0', 0, 100),
    claimHours: numberOf(options.hours ?? '8', 1, 72),
  });
  out.json({ id, code, dossiers: dossierIds.length });
  out.say(`已组批 ${code}：${dossierIds.length} 卷。`, `Batch ${code} of ${dossierIds.length} dossiers.`);
  return EXIT.ok;
}

function samplingOf({ percent, pages }: BatchOptions): NewBatch['sampling'] {
  if (percent !== undefined) return { kind: 'percent', size: numberOf(percent, 1, 100) };
  return pages === undefined ? { kind: 'full' } : { kind: 'pages', size: numberOf(pages, 1, 10_000) };
}

function numberOf(text: string, least: number, most: number): number {
  const n = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(n >= least && n <= most)) throw new ArchiveError('batch/number', 'caller', { least, most });
  return n;
}
