import type { PropertyFinding, PropertyOutcome } from '@lantai/catalogue/properties';
import { contentCommitment, createReceiptVerifier, findEntry } from '@lantai/log';
import { equalBytes, formatHex, isArchiveError } from '@lantai/values';
import type { Archive } from '../archive/index.ts';
import type { Sql } from '../db/index.ts';
import { type ObjectClass, type ObjectState, readStates } from '../desk/index.ts';
import type { DossierRows, EntryRow } from './dossier-rows.ts';
import type { ExaminedObject } from './examine-objects.ts';

type Params = PropertyFinding['params'];
const finding = (
  code: string,
  kind: PropertyFinding['object']['kind'],
  id: string,
  params: Params = {},
  weight: PropertyFinding['weight'] = 'fail',
): PropertyFinding => ({ code, weight, object: { kind, id }, params });

/**
 * 1-1: every object opens under its address and seal, is what the entry of its receipt committed to, that entry is proved to stand in the signed
 * log, and rows are as the last entry about them left them.
 * @throws ArchiveError of fault environment
 */
export async function judgeFixity(
  archive: Archive,
  rows: DossierRows,
  objects: readonly ExaminedObject[],
  states: ComparedStates,
): Promise<PropertyOutcome> {
  const digests = new Map(objects.flatMap((o) => (o.sha256 ? [[formatHex(o.row.address), o.sha256] as const] : [])));
  const findings: PropertyFinding[] = objects.flatMap((o) => (o.damage === null ? [] : [finding(o.damage, 'object', o.row.object_id)]));
  const committed: { readonly kind: 'page' | 'file'; readonly id: string; readonly address: Uint8Array; readonly entryId: string }[] = [
    ...rows.pages.map((p) => ({ kind: 'page' as const, id: p.id, address: p.object_address, entryId: p.entry_id })),
    ...rows.files.flatMap((f) =>
      f.object_address ? [{ kind: 'file' as const, id: f.id, address: f.object_address, entryId: f.entry_id }] : [],
    ),
  ];
  for (const { kind, id, address, entryId } of committed) {
    const sha256 = digests.get(formatHex(address));
    // One that does not open was said above.
    if (!sha256) continue;
    const problem = findCommitmentProblem(archive, rows.entries.get(entryId), sha256);
    if (problem) findings.push(finding(problem, kind, id));
  }
  // What a signature was found to be when its file came; the file itself is proved above to be that file.
  for (const { source_file_id: id, code, severity, params } of rows.signatures)
    if (severity !== 'info') findings.push(finding(code, 'file', id, params, severity === 'error' ? 'fail' : 'warn'));
  const log = await proveEntries(archive, archive.db.system('properties'), [...rows.entries.keys()]);
  return {
    checked: objects.length + rows.entries.size + states.compared,
    findings: [...findings, ...log, ...states.findings],
    measured: { objects: objects.length, entries: rows.entries.size, states: states.compared },
  };
}

function findCommitmentProblem({ sealer }: Archive, row: EntryRow | undefined, sha256: Uint8Array): string | null {
  const commit = row && findEntry(row.bytes)?.commit;
  if (!row?.salt || !commit) return 'four/no-commitment';
  const p = sealer.primitives;
  const held = contentCommitment((key, ...parts) => p.hmac('sha256', key, ...parts), row.salt, sha256);
  return equalBytes(commit, held) ? null : 'four/commitment-differs';
}

/** Each entry with its receipt under the latest checkpoint, and the checkpoint with its signature. */
async function proveEntries(archive: Archive, sql: Sql, entryIds: readonly string[]): Promise<PropertyFinding[]> {
  const checkpoint = await archive.log.findCheckpoint(sql);
  if (!checkpoint) return [finding('four/log-empty', 'dossier', archive.identity.archiveId)];
  const verify = createReceiptVerifier(archive.sealer.primitives, archive.identity.logKeys);
  const findings: PropertyFinding[] = [];
  for (const id of entryIds) {
    try {
      const made = await archive.log.makeReceipt(sql, id, checkpoint);
      // Younger than the checkpoint: durable, and not proved yet.
      if (made.kind === 'pending') findings.push(finding('four/entry-pending', 'entry', id, {}, 'warn'));
      if (made.kind !== 'receipt') continue;
      const failed = verify({ receiptText: made.text }).checks.find((c) => c.name !== 'file' && c.outcome !== 'passed');
      if (failed) findings.push(finding('four/receipt', 'entry', id, { reason: failed.reason ?? failed.name }));
    } catch (error) {
      if (!isArchiveError(error) || error.fault !== 'corruption') throw error;
      findings.push(finding(error.code, 'entry', id));
    }
  }
  return findings;
}

/** How many objects were compared with the last line of their changes, and those that are another now. */
export interface ComparedStates {
  readonly compared: number;
  readonly findings: readonly PropertyFinding[];
}

/**
 * Compares rows with the last line of their changes (docs/spec/log-entry.md, section 6).
 * @param sql of one moment: a change between the two statements would look like a fault
 */
export async function compareStates(archive: Archive, sql: Sql, rows: DossierRows): Promise<ComparedStates> {
  const watched: readonly [ObjectClass, PropertyFinding['object']['kind'], readonly string[]][] = [
    ['dossier', 'dossier', [rows.dossier.id]],
    ['subject', 'dossier', [rows.dossier.subject_id]],
    ['material', 'material', rows.materials.map((m) => m.id)],
    ['page', 'page', rows.pages.map((p) => p.id)],
  ];
  const findings: PropertyFinding[] = [];
  let compared = 0;
  for (const [objectClass, kind, ids] of watched) {
    const last = await sql.query<{ object_id: string; after: string | null }>(
      `select distinct on (object_id) object_id, after from change where object_class = $1 and object_id = any($2::text[])
       order by object_id, place desc`,
      [objectClass, ids],
    );
    compared += last.length;
    const { states, damaged } = await readEach(
      archive,
      sql,
      objectClass,
      last.map((row) => row.object_id),
    );
    for (const { object_id: id, after } of last) {
      const object = objectClass === 'subject' ? rows.dossier.id : id;
      const damage = damaged.get(id);
      if (damage) findings.push(finding(damage, kind, object, { what: objectClass }));
      else if (states.get(id)?.digest !== after) findings.push(finding('fsck/state-altered', kind, object, { what: objectClass }));
    }
  }
  return { compared, findings };
}

/** States of objects in one statement; where one of them does not open, one by one, so that the others are compared all the same. */
async function readEach(archive: Archive, sql: Sql, objectClass: ObjectClass, ids: readonly string[]) {
  const damaged = new Map<string, string>();
  try {
    return { states: await readStates(sql, archive.sealer, objectClass, ids), damaged };
  } catch (error) {
    if (!isArchiveError(error) || error.fault !== 'corruption') throw error;
  }
  const states = new Map<string, ObjectState>();
  for (const id of ids)
    try {
      for (const [of, state] of await readStates(sql, archive.sealer, objectClass, [id])) states.set(of, state);
    } catch (error) {
      if (!isArchiveError(error) || error.fault !== 'corruption') throw error;
      damaged.set(id, error.code);
    }
  return { states, damaged };
}

/** Acts by which each kind of thing comes to be. */
const MADE_BY: Readonly<Record<'dossier' | 'material' | 'page' | 'file', RegExp>> = {
  dossier: /^dossier\./,
  material: /^dossier\.arranged$/,
  page: /^page\.received$/,
  file: /^file\.received$/,
};

/** 2-5: everything there is came by an act whose entry says so, of this very thing. */
export function judgeProcess({ dossier, materials, pages, files, entries }: DossierRows): PropertyOutcome {
  const things = [
    { kind: 'dossier' as const, id: dossier.id, entryId: dossier.entry_id },
    ...materials.map((m) => ({ kind: 'material' as const, id: m.id, entryId: m.entry_id })),
    ...pages.map((p) => ({ kind: 'page' as const, id: p.id, entryId: p.entry_id })),
    ...files.map((f) => ({ kind: 'file' as const, id: f.id, entryId: f.entry_id })),
  ];
  const findings = things.flatMap(({ kind, id, entryId }) => {
    const row = entries.get(entryId);
    const entry = row && findEntry(row.bytes);
    if (!entry) return [finding('four/no-entry', kind, id)];
    const named = kind === 'page' || kind === 'file' ? entry.object === id : entry.dossier === dossier.id || entry.object === dossier.id;
    const isRight = MADE_BY[kind].test(entry.kind) && entry.kind === row.kind && named;
    return isRight ? [] : [finding('four/entry-of-another', kind, id, { kind: entry.kind })];
  });
  return { checked: things.length, findings, measured: { entries: entries.size } };
}
