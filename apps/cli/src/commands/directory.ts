import { readFile } from 'node:fs/promises';
import {
  applySheet,
  getFondsByCode,
  getOnlyFonds,
  ldapSettingsOf,
  listSources,
  makeErrorSheet,
  makeTemplate,
  planSheet,
  type SheetLine,
  syncLdap,
} from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession, type Session } from '../session.ts';
import { writeNewFile } from '../write-new.ts';

export interface DirectoryOptions {
  readonly as?: string;
  readonly fonds?: string;
  readonly complete?: boolean;
  readonly adopt?: boolean;
  readonly emptied?: boolean;
  readonly errors?: string;
  readonly dryRun?: boolean;
  readonly person?: string;
}

/**
 * `lantai directory template|plan|import FILE`, `lantai directory sources|sync`: units and people from an Excel sheet. The system administrator's
 * account does the units, the security administrator's the people. 0: done; 1: a row is refused.
 * @throws ArchiveError `directory/…`, `table/…`, `file/unreadable` (environment), `desk/not-allowed` (caller)
 */
export async function directoryCommand(
  context: Context,
  act: string,
  file: string | undefined,
  options: DirectoryOptions,
): Promise<number> {
  const isWithoutFile = act === 'sources' || act === 'sync';
  if (!isWithoutFile && file === undefined) throw new ArchiveError('directory/file-needed', 'caller');
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    if (act === 'sources') return await sourcesCommand(context, session);
    if (act === 'sync' || file === undefined) return await syncCommand(context, session, options);
    if (act === 'template') return await templateCommand(context, session, file);
    return await sheetCommand(context, session, file, act === 'import', options);
  } finally {
    await session.close();
  }
}

async function sourcesCommand({ out }: Context, session: Session): Promise<number> {
  const sources = await listSources(await session.desk('administration'));
  for (const s of sources) {
    out.json(s);
    const ran = s.ranAtMs === null ? '–' : new Date(s.ranAtMs).toISOString();
    out.line(`${s.kind}  ${s.fondsCode}  ${s.people}  ${ran}${s.fault ? `  ! ${s.fault}` : ''}`);
  }
  return sources.some((s) => s.fault) ? EXIT.attention : EXIT.ok;
}

/**
 * Keeps units and people in step with the LDAP directory of `LANTAI_LDAP`, each in the name of its office; with `--dry-run` says what that
 * would do. Units that the directory does not name are told and stay. External ids are not told.
 */
async function syncCommand({ out }: Context, session: Session, options: DirectoryOptions): Promise<number> {
  const { dryRun = false, person, emptied = false } = options;
  const settings = ldapSettingsOf(session.archive);
  const done = await syncLdap(session.archive, await session.desk('administration'), settings, { dryRun, person, mayEmpty: emptied });
  for (const { act, code: unit, changes, refusal } of done.units) {
    out.json({ act, unit, changes, code: refusal?.code ?? null, params: refusal?.params ?? {} });
    if (act !== 'nothing') out.line(`${act.padEnd(8)} ${unit}  ${refusal ? out.words(refusal.code, refusal.params) : changes.join(' ')}`);
  }
  for (const { act, accountId, changes, refusal, wanted } of done.people) {
    const loginName = wanted?.person.loginName ?? null;
    out.json({ act, accountId, loginName, changes, code: refusal?.code ?? null, params: refusal?.params ?? {} });
    if (act !== 'nothing')
      out.line(`${act.padEnd(8)} ${loginName ?? accountId}  ${refusal ? out.words(refusal.code, refusal.params) : changes.join(' ')}`);
  }
  for (const unit of done.unnamed) {
    out.json({ act: 'unnamed', unit });
    out.line(`${'unnamed'.padEnd(8)} ${unit}  ${out.words('directory/unit-unnamed', {})}`);
  }
  return [...done.units, ...done.people].some((step) => step.act === 'refused') ? EXIT.attention : EXIT.ok;
}

async function templateCommand({ out }: Context, session: Session, file: string): Promise<number> {
  const bytes = await makeTemplate(session.archive, await session.desk('administration'));
  await writeNewFile(file, once(bytes));
  out.json({ file, bytes: bytes.length });
  out.say(`已写出 ${file}。`, `Written to ${file}.`);
  return EXIT.ok;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function sheetCommand(
  { out }: Context,
  session: Session,
  file: string,
  applies: boolean,
  options: DirectoryOptions,
): Promise<number> {
  const { archive } = session;
  const desk = await session.desk('administration');
  const bytes = await readSheetFile(file);
  const fondsId = options.fonds ? await getFondsByCode(archive.db, options.fonds) : await getOnlyFonds(archive.db, null);
  const sheet = { fondsId, complete: options.complete === true, adopts: options.adopt === true };
  if (options.errors !== undefined)
    await writeNewFile(options.errors, once(await makeErrorSheet(archive, desk, bytes, { ...sheet, language: out.language })));
  const { lines, refusal } = applies
    ? {
        ...(await applySheet(archive, desk, bytes, { ...sheet, digest: null, givesPasswords: false, mayEmpty: options.emptied === true })),
        refusal: null,
      }
    : await planSheet(archive, desk, bytes, sheet);
  for (const line of lines) {
    out.json(line);
    if (line.act !== 'nothing') out.line(sayLine(line, out.words));
  }
  if (refusal) out.warn(refusal.code, refusal.params);
  return refusal || lines.some((line) => line.act === 'refused') ? EXIT.attention : EXIT.ok;
}

function sayLine(line: SheetLine, words: Context['out']['words']): string {
  const why = line.code === null ? line.changes.join(' ') : words(line.code, line.params);
  return `${line.act.padEnd(8)} ${line.sheet} ${line.row === null ? '–' : `${line.column ?? ''}${line.row}`}  ${line.what ?? '–'}  ${why}`;
}

async function readSheetFile(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new ArchiveError('file/unreadable', 'environment', {}, cause);
  }
}
