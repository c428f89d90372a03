import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { judgeSignatures } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

export interface SignatureOptions {
  readonly roots?: string;
}

type Report = Awaited<ReturnType<typeof judgeSignatures>>[number];

const VERDICTS = {
  holds: ['有效', 'holds'],
  'signer-unknown': ['内容未改动，签署人未列入信任', 'unchanged, signer not known here'],
  broken: ['无效', 'does not hold'],
  unchecked: ['未能验证', 'not checked'],
} as const;
const KINDS = {
  signature: ['电子签名', 'signature'],
  seal: ['电子印章', 'seal'],
  timestamp: ['文件时间戳', 'time-stamp of the file'],
} as const;

/**
 * `lantai signature FILE`: who signed a PDF or OFD, when, what it covers, what holds. Needs no archive and no network.
 * Exits with 0 when every signature holds, 4 when one is disproved, else 1: none there, a signer not known, or not checked.
 * @throws ArchiveError `file/unreadable` (environment), as judgeSignatures
 */
export async function signatureCommand(context: Context, path: string, options: SignatureOptions): Promise<number> {
  const { config, out } = context;
  const rootsFolder = options.roots === undefined ? config.signerRootsFolder : resolve(options.roots);
  const reports = await judgeSignatures(config.programFolder, readOrRefuse(path), rootsFolder, Date.now());
  if (reports.length === 0) out.say('文件没有电子签名或印章。', 'The file has no signature or seal.');
  for (const [i, report] of reports.entries()) sayReport(context, report, i + 1);
  if (reports.some((report) => report.verdict === 'broken')) return EXIT.corruption;
  return reports.length > 0 && reports.every((report) => report.verdict === 'holds') ? EXIT.ok : EXIT.attention;
}

function readOrRefuse(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ArchiveError('file/unreadable', 'environment', {}, cause);
  }
}

function sayReport({ out }: Context, report: Report, number: number): void {
  out.json(report);
  const { verdict, kind, signer, seal, signedAtMs, timeBy, covered, total, faults, algorithm, format } = report;
  const [zh, en] = VERDICTS[verdict];
  const [kindZh, kindEn] = KINDS[kind];
  const who = [seal, signer?.name, signer?.organisation].filter(Boolean).join(' · ') || '—';
  const at = signedAtMs === null ? '—' : new Date(signedAtMs).toISOString();
  out.say(
    `${number}. ${kindZh}：${zh}。${who}；证书颁发者 ${signer?.issuer ?? '—'}；${algorithm ?? '—'}`,
    `${number}. ${kindEn}: ${en}. ${who}; issued by ${signer?.issuer ?? '—'}; ${algorithm ?? '—'}`,
  );
  out.say(
    `   ${at}（${timeBy === 'timestamp' ? '时间戳证实' : '签署人自述'}）；覆盖 ${covered} / ${total} ${format === 'pdf' ? '字节' : '个部分'}`,
    `   ${at} (${timeBy === 'timestamp' ? 'by time-stamp' : 'the signer says'}); covers ${covered} of ${total} ${format === 'pdf' ? 'bytes' : 'parts'}`,
  );
  for (const fault of faults) out.line(`   ${out.words(`signature/${fault}`, { number, missing: total - covered })}`);
}
