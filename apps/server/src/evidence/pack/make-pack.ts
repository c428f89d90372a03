import { canonicalJson, type Json } from '@lantai/bundle';
import { DEFAULT_POLICY } from '@lantai/policy/document';
import { ArchiveError, formatHex, utf8 } from '@lantai/values';
import type { Archive } from '../../archive/index.ts';
import { runSheetWorker, type ShownDossier, showDossier } from '../../catalogue/index.ts';
import type { Desk, DeskTx } from '../../desk/index.ts';
import type { Leave, LeavingCounts } from '../../masking/index.ts';
import { type BundleFile, type MadeBundle, makeBundle } from '../make-bundle.ts';
import { letPackGo, type PackLeaving } from './leave-pack.ts';
import { findPolicyInForce, listPackEntries, type PackEntry, type PackPolicy } from './pack-entries.ts';
import { foldersOf, listPackFiles, listPackMaterials, type PackFile } from './pack-files.ts';
import { layPackReport, type PackPurpose } from './pack-report.ts';
import { type PackDossier, type PackSelection, selectDossiers } from './select-dossiers.ts';

/** What is asked for. */
export interface PackRequest {
  readonly selection: PackSelection;
  /** Language of the readable report. */
  readonly language: 'zh' | 'en';
  /** Name of who makes it, for the report. */
  readonly madeBy: string;
}

/** A pack, ready to be handed out. */
export interface MadePack extends MadeBundle {
  /** In ASCII: what it is and when; never a person. */
  readonly fileName: string;
  readonly dossiers: number;
  readonly files: number;
  readonly entries: number;
}

const PURPOSES: readonly PackPurpose[] = ['archive_work', 'verification', 'audit'];

/** What was gathered in the transaction that also logged it. */
interface Gathered {
  readonly dossiers: readonly PackDossier[];
  readonly files: readonly PackFile[];
  readonly materials: Awaited<ReturnType<typeof listPackMaterials>>;
  readonly findings: readonly { readonly code: string; readonly count: number }[];
  readonly entries: readonly PackEntry[];
  readonly policy: PackPolicy;
}

/**
 * Makes an audit pack: the dossiers of a selection that the actor may export, with files, catalogue, history, findings, policy and proofs
 * (docs/spec/audit-pack.md). Each dossier taken is an entry, and so is the pack.
 * @param request `leave`: what was counted and confirmed ({@link countAuditPack}); null lets go what holds nothing sensitive
 * @throws ArchiveError `desk/not-allowed`, `export/…`, `pack/…`, `dossier/not-found`, `unit/not-found`, `bundle/too-large` (caller), `entry/not-integrated` (environment)
 */
export async function makeAuditPack(
  archive: Archive,
  desk: Desk,
  request: PackRequest & { readonly leave: Leave<PackLeaving> | null },
): Promise<MadePack> {
  const purpose = purposeOf(desk);
  const { selection, leave } = request;
  const chosen = await desk.act('dossier.export', (tx, scope) => selectDossiers(tx, scope, selection));
  const leaving = await letPackGo(archive, desk, chosen, leave);
  // Opened one by one, each an entry: a look at a catalogue is a look also when a machine takes it.
  const shown: ShownDossier[] = [];
  for (const { dossierId } of chosen) shown.push(await showDossier(archive, desk, dossierId, false));
  const gathered = await desk.act('dossier.export', async (tx, scope): Promise<Gathered> => {
    const dossiers = await selectDossiers(tx, scope, selection);
    // Another dossier may have come since; what was not opened is not packed.
    const opened = dossiers.filter((d) => shown.some((s) => s.dossierId === d.dossierId));
    await tx.logMany(opened.map((d) => ({ kind: 'dossier.packed', place: d.place, dossierId: d.dossierId, params: { contents: 1 } })));
    const files = await listPackFiles(archive, tx, opened);
    return {
      dossiers: opened,
      files,
      materials: await listPackMaterials(tx, files, opened),
      findings: await countFindings(tx, opened),
      ...(await gatherProofs(archive, tx, selection, opened, false)),
    };
  });
  return finish(archive, desk, { ...request, purpose, gathered, shown, leaving, reason: leave?.reason ?? '' });
}

/**
 * Makes an evidence pack: accesses and proofs without contents, for who reads the log. No file, no title, no name of a subject, no salt.
 * @throws as {@link makeAuditPack}
 */
export async function makeEvidencePack(archive: Archive, desk: Desk, request: PackRequest): Promise<MadePack> {
  const purpose = purposeOf(desk);
  const { selection } = request;
  // Two rights: to read the log, and to make receipts of these dossiers.
  desk.scope('log.read');
  const gathered = await desk.act('receipt.make', async (tx, scope): Promise<Gathered> => {
    const dossiers = await selectDossiers(tx, scope, selection).catch((error: unknown) => {
      // The log of a quiet time is evidence too.
      if (error instanceof ArchiveError && error.code === 'pack/empty') return [];
      throw error;
    });
    await tx.logMany(dossiers.map((d) => ({ kind: 'dossier.packed', place: d.place, dossierId: d.dossierId, params: { contents: 0 } })));
    return { dossiers, files: [], materials: [], findings: [], ...(await gatherProofs(archive, tx, selection, dossiers, true)) };
  });
  return finish(archive, desk, { ...request, purpose, gathered, shown: [], leaving: null, reason: '' });
}

function purposeOf({ purpose }: Desk): PackPurpose {
  const known = PURPOSES.find((p) => p === purpose);
  if (!known) throw new ArchiveError('pack/purpose', 'caller');
  return known;
}

async function gatherProofs(
  archive: Archive,
  tx: DeskTx,
  selection: PackSelection,
  dossiers: readonly PackDossier[],
  withGeneral: boolean,
) {
  return {
    entries: await listPackEntries(archive, tx, { selection, dossierIds: dossiers.map((d) => d.dossierId), withGeneral }),
    policy: await findPolicyInForce(tx, DEFAULT_POLICY),
  };
}

function countFindings(tx: DeskTx, dossiers: readonly PackDossier[]): Promise<{ code: string; count: number }[]> {
  return tx.query('select code, count(*)::int as count from finding where dossier_id = any($1::uuid[]) group by code order by code', [
    dossiers.map((d) => d.dossierId),
  ]);
}

interface Finishing extends PackRequest {
  readonly purpose: PackPurpose;
  readonly gathered: Gathered;
  readonly shown: readonly ShownDossier[];
  /** What is sensitive in it by kind; null: no contents leave. */
  readonly leaving: LeavingCounts | null;
  /** Why that may leave. */
  readonly reason: string;
}

/** Lays out the files that tell of the pack, makes the bundle and logs it. */
async function finish(archive: Archive, desk: Desk, of: Finishing): Promise<MadePack> {
  const { selection, gathered, shown } = of;
  const { dossiers, files, entries, policy } = gathered;
  const kind = shown.length ? 'audit-pack' : 'evidence-pack';
  const madeAtMs = archive.clock.nowMs();
  const policySha256 = formatHex(archive.sealer.primitives.hash('sha256', utf8(policy.text)));
  const report = await runSheetWorker(archive.config, {
    report: layPackReport(archive, { ...of, ...gathered, policy: { version: policy.version, sha256: policySha256 }, madeAtMs }),
  });
  const [only] = dossiers.length === 1 ? dossiers : [];
  const told: BundleFile[] = [
    file('report.pdf', report),
    json('scope.json', {
      format: 'lantai-pack-1',
      selection: { ...selection },
      purpose: of.purpose,
      madeBy: desk.actor.accountId,
      madeAtMs,
      contents: shown.length > 0,
      dossiers: dossiers.map(clearOf),
    }),
    json(
      'history.json',
      entries.map((e) => ({ ...e, actor: e.actor && { ...e.actor } })),
    ),
    json('policy.json', { version: policy.version, activatedAtMs: policy.activatedAtMs, entryId: policy.entryId, sha256: policySha256 }),
    ...(desk.may('policy.read') ? [file('policy.yaml', utf8(policy.text))] : []),
    ...catalogues(gathered, shown),
  ];
  const made = await makeBundle(
    archive,
    {
      kind,
      files: [...told, ...files],
      entryIds: [...entries.map((e) => e.entryId), ...(policy.entryId ? [policy.entryId] : [])],
      materials: gathered.materials,
    },
    (contentSha256) =>
      desk.act(shown.length ? 'dossier.export' : 'log.read', (tx) =>
        tx.log({
          kind: 'bundle.made',
          contentSha256,
          ...(only ? { place: only.place, dossierId: only.dossierId } : {}),
          params: {
            kind,
            selection: selection.kind,
            dossiers: dossiers.length,
            files: files.length,
            entries: entries.length,
            ...of.leaving,
          },
          ...(of.reason ? { detail: of.reason } : {}),
        }),
      ),
  );
  const day = new Date(madeAtMs).toISOString().slice(0, 10);
  return { ...made, fileName: `lantai-${kind}-${day}.zip`, dossiers: dossiers.length, files: files.length, entries: entries.length };
}

const file = (path: string, bytes: Uint8Array): BundleFile => ({ path, read: async () => bytes });
const json = (path: string, value: Json): BundleFile => file(path, utf8(`${canonicalJson(value)}\n`));
const clearOf = (d: PackDossier): Json => ({ ...d, place: { ...d.place } });

/** A catalogue for each dossier: what `export` writes (docs/spec/export.md), with the paths of this bundle. */
function catalogues({ dossiers, files }: Gathered, shown: readonly ShownDossier[]): BundleFile[] {
  const folders = foldersOf(dossiers);
  return shown.flatMap((dossier) => {
    const folder = folders.get(dossier.dossierId);
    if (!folder) return [];
    const own = files.filter((f) => f.dossierId === dossier.dossierId);
    return [
      json(`${folder}/catalogue.json`, {
        format: 'lantai-export-1',
        ...dossier,
        materials: dossier.materials.map((m) => ({ ...m })),
        pages: dossier.pages.map(({ text: _text, ...page }) => ({ ...page })),
        files: own.map(({ path, received, mediaType }) => ({ path, received, mediaType })),
      }),
    ];
  });
}
