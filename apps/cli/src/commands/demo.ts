import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Config,
  createArchive,
  type Desk,
  findReceiptChecks,
  findTrialOwner,
  importSampleNow,
  type OpenArchive,
  openArchive,
  openDesk,
  openDossierDesk,
  receiptForPage,
  searchArchive,
  serve,
  showDossier,
  waitUntilProposed,
  waitUntilRead,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { startProgress } from '../progress.ts';

/** What the demo asks for; whether it is found is the product's answer. */
const QUERY = '张德振';
const LINES_SHOWN = 6;
/** Of each kind. */
const HITS_SHOWN = 2;

/** `lantai demo`: the main job on the sample dossier in a throw-away archive. Everything printed comes from the running product. */
export async function demoCommand(context: Context): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-demo-'));
  const config: Config = {
    ...context.config,
    dataFolder: join(folder, 'data'),
    keyFolder: join(folder, 'keys'),
    databaseUrl: null,
    port: 0,
    proposes: true,
  };
  try {
    const setup = await createArchive(config, { kind: 'trial', suite: 'intl', fonds: { code: 'Z999', name: '演示全宗' } });
    await work(context, config);
    await showWeb(context, config, setup.accounts[0]?.password ?? '');
    return EXIT.ok;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function work(context: Context, config: Config): Promise<void> {
  const archive = await openArchive(config, { reads: true });
  try {
    const owner = await findTrialOwner(archive);
    if (!owner) throw new ArchiveError('account/needed', 'caller');
    const desk = await openDesk(archive, owner, 'archive_work');
    const dossierId = await importAndRead(context, archive, desk);
    await showReading(context, archive, desk, dossierId);
    await showProposals(context, archive, desk, dossierId);
    const pageId = await search(context, desk);
    await prove(context, archive, desk, pageId);
  } finally {
    await archive.close();
  }
}

async function importAndRead({ out }: Context, archive: OpenArchive, desk: Desk): Promise<string> {
  out.say('1  导入示例案卷', '1  Import the sample dossier');
  const { dossierId, result } = await importSampleNow(archive, desk, (o) => out.line(`   ${o.file}  ${o.outcome} ${o.pages}`));
  out.say(
    `   ${result.files} 个文件，${result.pages} 页：已密封、入账、著录`,
    `   ${result.files} files, ${result.pages} pages: sealed, logged, catalogued`,
  );
  if (!archive.readers) throw new ArchiveError('reader/off', 'environment');
  out.say('2  识读', '2  Read');
  const bar = startProgress(result.pages, '   ');
  const state = await waitUntilRead(archive, dossierId, (s) => bar.to(s.total - s.waiting));
  bar.end();
  if (state.needsPerson) throw new ArchiveError('demo/not-read', 'environment', { pages: state.needsPerson });
  return dossierId;
}

async function showReading({ out }: Context, archive: OpenArchive, desk: Desk, dossierId: string): Promise<void> {
  const shown = await showDossier(archive, desk, dossierId, true);
  for (const page of shown.pages) {
    const lines = (page.text ?? '').split('\n').filter(Boolean);
    const marks = [...(page.turned ? [`↻${page.turned}°`] : []), ...page.findings].join(' ');
    out.line(`   ${page.file}  ${lines.length} 行  ${marks}  ${lines.slice(0, LINES_SHOWN).join(' / ')}`);
  }
}

/** What the machine made of the pages by itself, for a person to check. */
async function showProposals({ out }: Context, archive: OpenArchive, desk: Desk, dossierId: string): Promise<void> {
  if (!(await waitUntilProposed(archive, dossierId))) throw new ArchiveError('proposal/failed', 'environment');
  const { materials } = await openDossierDesk(archive, desk, dossierId);
  if (!materials.length) throw new ArchiveError('demo/nothing-proposed', 'environment');
  out.say(`   建议材料 ${materials.length} 份，待人核对：`, `   ${materials.length} materials proposed, for a person to check:`);
  for (const m of materials) {
    const fields = m.fields.map(({ value }) => value).join(' ');
    out.line(`   ${m.classCode ?? '-'}  ${m.title}  ${m.date ?? ''}  ${m.pageIds.length} 页  ${fields}`);
  }
}

async function search({ out }: Context, desk: Desk): Promise<string> {
  out.say(`3  检索“${QUERY}”`, `3  Search for “${QUERY}”`);
  const found = await searchArchive(desk, { query: QUERY });
  const kindsShown = ['dossier', 'material', 'page'].flatMap((kind) => found.hits.filter((hit) => hit.kind === kind).slice(0, HITS_SHOWN));
  for (const hit of kindsShown) out.line(`   ${hit.dossierCode}  ${hit.kind}  ${hit.snippet.text}`);
  const page = found.hits.find((h) => h.pageId);
  if (!page?.pageId) throw new ArchiveError('demo/nothing-found', 'environment', { unread: found.unreadPages });
  out.say(`   共 ${found.count?.value ?? 0} 处`, `   ${found.count?.value ?? 0} hits`);
  return page.pageId;
}

async function prove({ out }: Context, archive: OpenArchive, desk: Desk, pageId: string): Promise<void> {
  out.say('4  凭证与离线验证', '4  Receipt, checked offline');
  const { receipt, bytes } = await receiptForPage(archive, desk, pageId);
  const verdict = findReceiptChecks({ receiptText: receipt, logKeys: archive.identity.logKeys, fileBytes: bytes });
  for (const check of verdict.checks) out.line(`   ${check.outcome === 'passed' ? '✓' : '✗'} ${out.words(`verify/${check.name}`)}`);
  if (!verdict.isValid || !verdict.isFileProved) throw new ArchiveError('demo/not-proved', 'corruption');
  const altered = Uint8Array.from(bytes);
  altered[altered.length >> 1]! ^= 1;
  const refused = findReceiptChecks({ receiptText: receipt, logKeys: archive.identity.logKeys, fileBytes: altered });
  if (refused.isFileProved) throw new ArchiveError('demo/not-proved', 'corruption');
  out.say('   改动一位后：验证不通过（应当如此）', '   with one bit changed: refused, as it must be');
}

/** Starts the web server on the archive just made; in a terminal it stays until Ctrl-C. */
async function showWeb({ out }: Context, config: Config, password: string): Promise<void> {
  const running = await serve(config);
  try {
    const health = await fetch(`${running.url}/api/v1/health`);
    if (!health.ok) throw new ArchiveError('demo/web', 'environment', { status: health.status });
    out.say(`5  网页 ${running.url}  账号 trial  口令 ${password}`, `5  Web page ${running.url}  account trial  password ${password}`);
    if (!process.stdout.isTTY) return;
    out.say('   按 Ctrl-C 结束；演示数据随即删除。', '   Ctrl-C ends it; the demo data are removed then.');
    await new Promise<void>((resolve) => process.once('SIGINT', resolve));
  } finally {
    await running.close();
  }
}
