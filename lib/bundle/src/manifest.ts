import { utf8 } from '@lantai/values';
import { canonicalJson, type Json } from './canonical-json.ts';
import { isMemberPath, MEMBERS_MAX } from './members.ts';

/** What a bundle was made as; its form is the same. */
export const BUNDLE_KINDS = ['audit-pack', 'evidence-pack', 'trace'] as const;
export type BundleKind = (typeof BUNDLE_KINDS)[number];

/** A file of a bundle. */
export interface ManifestFile {
  readonly path: string;
  readonly byteCount: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Id of the entry that commits to these bytes; its receipt is in the bundle with its salt. */
  readonly entryId?: string;
}

/** A material as it was handed out: which files hold its pages, in their order. */
export interface ManifestMaterial {
  readonly materialId: string;
  readonly dossierId: string;
  readonly code: string | null;
  readonly files: readonly string[];
}

/** What a bundle says it holds; normative: docs/spec/bundle.md, section 3. It names nobody: names and titles stand in files. */
export interface BundleManifest {
  readonly kind: BundleKind;
  readonly archiveId: string;
  /** Origin of the log. */
  readonly origin: string;
  readonly madeAtMs: number;
  readonly files: readonly ManifestFile[];
  /** Ids of the entries whose receipts are in the bundle, beside the one of the manifest. */
  readonly entries: readonly string[];
  readonly materials: readonly ManifestMaterial[];
}

export const MANIFEST_PATH = 'manifest.json';
/** Receipt of the entry that commits to the manifest's bytes. */
export const MANIFEST_RECEIPT_PATH = 'manifest.tlog-proof';
export const CHECKPOINT_PATH = 'log/checkpoint';
/** The log's verifier keys, one a line; a file of the manifest like others. */
export const KEYS_PATH = 'log/keys';
/** Folder of outside witnesses of the checkpoint; what lies there is judged by whoever knows its kind. */
export const ANCHOR_FOLDER = 'anchors/';
/** Kind of the entry that commits to a manifest. */
export const BUNDLE_ENTRY_KIND = 'bundle.made';
/** Longest manifest that is read. */
export const MANIFEST_BYTES_MAX = 64 * 1024 * 1024;

const FORMAT = 'lantai-bundle-1';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** An archival code: no control characters, no marks of direction. */
const CODE = /^[^\p{Cc}\p{Cf}\p{Cs}]{1,120}$/u;

/** Where the receipt of an entry lies. */
export const receiptPath = (entryId: string): string => `receipts/${entryId}.tlog-proof`;

/** The bytes of a manifest: canonical JSON, lists in code-unit order of path or id, so that one content has one spelling. */
export function encodeManifest(manifest: BundleManifest): Uint8Array {
  return utf8(canonicalJson(toJson(manifest)));
}

function toJson(m: BundleManifest): Json {
  const by = <T>(list: readonly T[], key: (item: T) => string) => [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return {
    archiveId: m.archiveId,
    entries: by(m.entries, (id) => id),
    files: by(m.files, (f) => f.path).map(({ path, byteCount, sha256, entryId }) => ({ path, byteCount, sha256, entryId })),
    format: FORMAT,
    kind: m.kind,
    madeAtMs: m.madeAtMs,
    materials: by(m.materials, (a) => a.materialId).map(({ materialId, dossierId, code, files }) => ({
      materialId,
      dossierId,
      code,
      files,
    })),
    origin: m.origin,
  };
}

/** Reads a manifest: it, or the code of why it is none. Bytes that are not exactly what {@link encodeManifest} writes are none. */
export function readManifest(bytes: Uint8Array): BundleManifest | 'bundle/manifest-malformed' | 'bundle/manifest-newer' {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return 'bundle/manifest-malformed';
    if (typeof value.format === 'string' && value.format !== FORMAT && /^lantai-bundle-\d+$/.test(value.format))
      return 'bundle/manifest-newer';
    if (!isManifest(value)) return 'bundle/manifest-malformed';
    return canonicalJson(toJson(value)) === text ? value : 'bundle/manifest-malformed';
  } catch {
    // Not UTF-8, not JSON, or a number with a fraction: an expected outcome of reading bytes from outside.
    return 'bundle/manifest-malformed';
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isPath = (value: unknown): value is string => typeof value === 'string' && isMemberPath(value);

function isManifest(m: Record<string, unknown>): m is Record<string, unknown> & BundleManifest {
  const { kind, archiveId, origin, madeAtMs, files, entries, materials } = m;
  if (!BUNDLE_KINDS.some((k) => k === kind) || !isUuid(archiveId) || !isCount(madeAtMs)) return false;
  if (typeof origin !== 'string' || !/^[^\s+]{1,200}$/u.test(origin)) return false;
  if (!isUniqueList(files, isFile, (f) => f.path.toLowerCase())) return false;
  if (!isUniqueList(entries, isUuid, (id) => id)) return false;
  if (!isUniqueList(materials, isMaterial, (a) => a.materialId)) return false;
  const [paths, ids] = [new Set(files.map((f) => f.path)), new Set(entries)];
  const vouched = files.flatMap((f) => f.entryId ?? []);
  const isWhole = vouched.every((id) => ids.has(id)) && new Set(vouched).size === vouched.length;
  return (
    isWhole &&
    paths.has(KEYS_PATH) &&
    files.every((f) => !isReserved(f.path)) &&
    materials.every((a) => a.files.every((path) => paths.has(path)))
  );
}

/** Paths that have a meaning of their own are no files; the log's keys are one, so that nobody adds a key unseen. */
const isReserved = (path: string) => path !== KEYS_PATH && /^(?:manifest\.|log\/|receipts\/|anchors\/)/i.test(path);

function isUniqueList<T>(value: unknown, is: (item: unknown) => item is T, key: (item: T) => string): value is T[] {
  return Array.isArray(value) && value.length <= MEMBERS_MAX && value.every(is) && new Set(value.map(key)).size === value.length;
}

function isFile(value: unknown): value is ManifestFile {
  if (!isRecord(value)) return false;
  const { path, byteCount, sha256, entryId } = value;
  return (
    isPath(path) &&
    isCount(byteCount) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    (entryId === undefined || isUuid(entryId))
  );
}

function isMaterial(value: unknown): value is ManifestMaterial {
  if (!isRecord(value)) return false;
  const { materialId, dossierId, code, files } = value;
  const isCode = code === null || (typeof code === 'string' && CODE.test(code));
  return isUuid(materialId) && isUuid(dossierId) && isCode && isUniqueList(files, isPath, (path) => path);
}
