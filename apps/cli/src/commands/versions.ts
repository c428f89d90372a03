import { findDossierByCode, openDossierDesk, operateDossier, readMaterialVersions } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

export interface VersionsOptions {
  readonly as?: string;
  /** Class and number, as `lantai show` prints them: `4-1-2`. Left out: every material of the dossier. */
  readonly material?: string;
}

/**
 * `lantai versions CODE`: how materials were catalogued before, and which scans gave way to better ones. An entry a material; numbers masked.
 * @throws ArchiveError `dossier/not-found`, `material/not-found`
 */
export async function versionsCommand(context: Context, code: string, options: VersionsOptions): Promise<number> {
  const { out } = context;
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const { archive } = session;
    const desk = await session.desk('archive_work');
    const head = await findDossierByCode(archive, desk, code);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const { dossierId } = head;
    const { materials } = await openDossierDesk(archive, desk, dossierId);
    const named = materials.map((m) => ({ id: m.id, title: m.title, name: `${m.classCode}-${m.sequence}` }));
    const wanted = options.material === undefined ? named : named.filter((m) => m.name === options.material);
    if (options.material !== undefined && !wanted.length) throw new ArchiveError('material/not-found', 'caller');
    const all = [];
    for (const { id: materialId, name, title } of wanted) {
      const versions = await readMaterialVersions(archive, desk, { dossierId, materialId });
      all.push({ name, ...versions });
      if (versions.catalogued.length + versions.scans.length === 0) continue;
      out.line(`${name}  ${title}`);
      for (const { atMs, byName, before, after } of versions.catalogued)
        out.line(`  ${new Date(atMs).toISOString()}  ${byName}  ${stateOf(before)} → ${after ? stateOf(after) : '—'}`);
      for (const { place, pageId, former } of versions.scans)
        for (const scan of former)
          out.line(`  ${new Date(scan.atMs).toISOString()}  ${scan.byName}  p. ${place}: ${scan.pageId} → ${pageId}  ${scan.reason}`);
    }
    out.json({ code, materials: all });
    return EXIT.ok;
  } finally {
    await session.close();
  }
}

const stateOf = (state: { classCode: string | null; title: string; date: string | null }) =>
  [state.classCode ?? '—', state.title || '—', state.date ?? ''].join(' ').trim();

export interface ReplacePageOptions {
  readonly as?: string;
  readonly reason: string;
}

/**
 * `lantai replace-page CODE PAGE BY`: a loose page takes the place of a page whose scan is bad; the bad one is kept. One step of undo.
 * @throws ArchiveError `dossier/not-found`, and what `operateDossier` refuses
 */
export async function replacePageCommand(
  context: Context,
  code: string,
  pageId: string,
  byPageId: string,
  options: ReplacePageOptions,
): Promise<number> {
  const { out } = context;
  if (options.reason.trim().length < 1) throw new ArchiveError('reveal/reason-needed', 'caller');
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const desk = await session.desk('archive_work');
    const head = await findDossierByCode(session.archive, desk, code);
    if (!head) throw new ArchiveError('dossier/not-found', 'caller');
    const { version } = await openDossierDesk(session.archive, desk, head.dossierId);
    const reason = options.reason.trim();
    const after = await operateDossier(session.archive, desk, head.dossierId, {
      baseVersion: version,
      operations: [{ type: 'replacePage', pageId, byPageId, reason }],
    });
    out.json({ code, pageId, byPageId, version: after.version });
    out.say(`已替换，旧扫描件已封存，可用 lantai versions ${code} 查看。`, `Replaced; the former scan is kept: lantai versions ${code}`);
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
