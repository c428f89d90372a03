import { checkElements, type MetadataStandard, valuesOf } from '@lantai/catalogue/properties';
import { wordsOf } from '@lantai/contract';
import { findEntry } from '@lantai/log';
import { Masker } from '@lantai/search';
import { ArchiveError, utf8 } from '@lantai/values';
import { accountNames } from '../access/index.ts';
import type { Archive } from '../archive/index.ts';
import { findHead } from '../catalogue/index.ts';
import type { Desk, DeskTx } from '../desk/index.ts';
import { type CheckStandards, loadCheckStandards, nameOfStandard } from '../filing-check/index.ts';
import { findDossierRows } from './dossier-rows.ts';
import { type OpenedEvidence, openEvidence } from './open-evidence.ts';
import { xmlElement, xmlLeaf, xmlMoment } from './xml.ts';

/** The namespace of the description: docs/spec/four-properties.md, section 7. */
const NAMESPACE = 'urn:lantai:description:1';

/** One act upon a dossier, out of its entry: the process metadata (过程元数据) of DA/T 46, M76 to M84. */
interface ProcessAct {
  readonly entryId: string;
  readonly position: number | null;
  readonly kind: string;
  readonly atMs: number;
  readonly actorId: string | null;
  readonly object: string | null;
  readonly purpose: string | null;
}

/**
 * The description of a dossier and its materials by DA/T 18 and DA/T 46, what is missing of it, and its process metadata, as XML. Process metadata
 * are no table: each act is an entry already, and is drawn from it. Sensitive numbers are masked. An entry that commits to its bytes.
 * @throws ArchiveError `dossier/not-found`, `desk/not-allowed` (caller)
 */
export async function makeDescription(
  archive: Archive,
  desk: Desk,
  dossierId: string,
): Promise<{ readonly bytes: Uint8Array; readonly fileName: string }> {
  const read = await desk.act('catalogue.export', async (tx, scope) => {
    const head = await findHead(tx, archive, scope, { id: dossierId });
    const rows = head && (await findDossierRows(tx, dossierId));
    if (!head || !rows) throw new ArchiveError('dossier/not-found', 'caller');
    const opened = await openEvidence(archive, tx, rows, desk.utcOffsetMinutes);
    const standards = loadCheckStandards(archive.config);
    const acts = await readActs(tx, dossierId, standards);
    const names = await accountNames(
      archive,
      tx,
      acts.flatMap((a) => a.actorId ?? []),
    );
    return { head, opened, standards, acts, names };
  });
  const bytes = utf8(writeDescription(archive, read, dossierId));
  // INVARIANT: what could not be written into the log is not handed out.
  await desk.act('catalogue.export', (tx) =>
    tx.log({
      kind: 'description.made',
      place: read.head.place,
      dossierId,
      objectId: dossierId,
      contentSha256: archive.sealer.primitives.hash('sha256', bytes),
      params: { acts: read.acts.length },
    }),
  );
  return { bytes, fileName: `${read.head.code.replace(/[^A-Za-z0-9-]/g, '_')}-description.xml` };
}

/** Acts in the order in which they were done. What the entry says is read from its bytes, which the log proves. */
async function readActs(tx: DeskTx, dossierId: string, { activities }: CheckStandards): Promise<ProcessAct[]> {
  const kinds = activities.activities.flatMap((a) => a.kinds);
  const rows = await tx.query<{ id: string; bytes: Uint8Array; position: number | null; actor_id: string | null }>(
    'select id, bytes, position, actor_id from entry where dossier_id = $1 and kind = any($2::text[]) order by id',
    [dossierId, kinds],
  );
  return rows.map(({ id, bytes, position, actor_id: actorId }) => {
    const entry = findEntry(bytes);
    if (!entry) throw new ArchiveError('log/entry-altered', 'corruption', { position: position ?? -1 });
    const purpose = entry.params?.purpose;
    return {
      entryId: id,
      position,
      kind: entry.kind,
      atMs: entry.atMs,
      actorId,
      object: entry.object ?? null,
      purpose: typeof purpose === 'string' ? purpose : null,
    };
  });
}

interface Read {
  readonly head: { readonly code: string };
  readonly opened: OpenedEvidence;
  readonly standards: CheckStandards;
  readonly acts: readonly ProcessAct[];
  readonly names: ReadonlyMap<string, string>;
}

function writeDescription(archive: Archive, read: Read, dossierId: string): string {
  const { evidence } = read.opened;
  const sets = [read.standards.description, read.standards.record];
  const masker = new Masker();
  const records = evidence.described.map((thing) =>
    xmlElement(1, 'record', { level: thing.kind, id: thing.id }, [
      ...sets.flatMap((set) =>
        set.elements.flatMap((element) =>
          valuesOf(element, thing).map((value) =>
            xmlLeaf(2, 'element', { standard: set.id, code: element.code, zh: element.name.zh, en: element.name.en }, masker.text(value)),
          ),
        ),
      ),
    ]),
  );
  const missing = sets.flatMap((set) =>
    checkElements(set, evidence.scheme, evidence.described)
      .filter((f) => f.code === 'metadata/missing')
      .map((f) => xmlElement(1, 'missing', { standard: set.id, code: f.params.element, level: f.object.kind, id: f.object.id })),
  );
  const root = xmlElement(
    0,
    'description',
    {
      xmlns: NAMESPACE,
      archive: archive.identity.archiveId,
      dossier: dossierId,
      dossierCode: read.head.code,
      standards: [...sets, read.standards.activities].map((s: Pick<MetadataStandard, 'id' | 'version'>) => nameOfStandard(s)).join(' '),
    },
    [...records, ...missing, ...agentsXml(read), ...actsXml(read)],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

/** 机构人员实体 (M76, M77): who acted, each once. */
const agentsXml = ({ acts, names }: Read): string[] =>
  [...new Set(acts.map((a) => a.actorId))].map((id) =>
    xmlElement(1, 'agent', { id: id ?? 'system', type: id === null ? '系统' : '个人', name: id === null ? null : (names.get(id) ?? null) }),
  );

/** 业务实体 (M80 to M84): what was done, when, by whom, by what mandate. */
const actsXml = ({ acts, standards }: Read): string[] =>
  acts.map((act) => {
    const activity = standards.activities.activities.find((a) => a.kinds.includes(act.kind));
    return xmlElement(1, 'act', {
      status: '历史行为',
      activity: activity?.code,
      name: activity?.name.zh,
      time: xmlMoment(act.atMs),
      agent: act.actorId ?? 'system',
      // 行为依据: what the actor looked into the dossier for.
      mandate: act.purpose,
      description: wordsOf('zh', `entry/${act.kind}`),
      object: act.object,
      entry: act.entryId,
      position: act.position,
    });
  });
