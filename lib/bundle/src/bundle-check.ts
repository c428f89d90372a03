import {
  type Checkpoint,
  createReceiptVerifier,
  type Entry,
  type LogPrimitives,
  type NoteVerifier,
  openCheckpoint,
  openLogKeys,
  type ReceiptVerdict,
  type SignatureAlgorithm,
  treeHash,
} from '@lantai/log';
import { formatHex } from '@lantai/values';
import { ANCHOR_BYTES_MAX, ANCHORS_MAX, type AnchorJudge, type AnchorOutcome, judgeAnchorMember } from './anchors.ts';
import {
  ANCHOR_FOLDER,
  BUNDLE_ENTRY_KIND,
  type BundleManifest,
  CHECKPOINT_PATH,
  KEYS_PATH,
  MANIFEST_BYTES_MAX,
  MANIFEST_PATH,
  MANIFEST_RECEIPT_PATH,
  type ManifestFile,
  readManifest,
  receiptPath,
} from './manifest.ts';
import { BundleRefused, type Member, readWhole } from './members.ts';

/** A SHA-256 that grows piece by piece. */
export interface RunningHash {
  update(piece: Uint8Array): void;
  digest(): Uint8Array;
}

/** The cryptography a bundle's check is handed. */
export interface BundlePrimitives extends LogPrimitives {
  startSha256(): RunningHash;
}

/** One thing that does not hold, and the member it concerns. Words are keyed by `code`. */
export interface BundleFault {
  readonly code: string;
  readonly path: string | null;
}

/** An entry whose receipt holds. */
export interface ProvedEntry {
  readonly entry: Entry;
  readonly position: number;
}

/** What became of one file. `proved`: an entry of the log commits to its bytes; `listed`: the manifest, which the log commits to, holds its digest. */
export interface FileOutcome {
  readonly path: string;
  readonly outcome: 'proved' | 'listed' | 'failed';
  /** The entry that commits to it, when it is proved. */
  readonly entryId?: string;
}

/** What checking a bundle gives. Nothing of it is to be believed beyond what `isValid` and `faults` say. */
export interface BundleVerdict {
  /** Everything holds, under a key that was given from outside. */
  readonly isValid: boolean;
  /** Everything holds under some key, be it one that the bundle itself brings along: then nothing says whose log it is. */
  readonly isWhole: boolean;
  /** At most {@link FAULTS_MAX}. */
  readonly faults: readonly BundleFault[];
  readonly faultCount: number;
  readonly keysFrom: 'given' | 'bundle';
  readonly manifest: BundleManifest | null;
  /** SHA-256 of the manifest: what a cover letter may quote. */
  readonly manifestSha256: Uint8Array | null;
  readonly checkpoint: Checkpoint | null;
  readonly signatures: readonly { readonly name: string; readonly algorithm: SignatureAlgorithm; readonly keyId: string }[];
  /** The entry by which the bundle was made. */
  readonly made: ProvedEntry | null;
  readonly files: readonly FileOutcome[];
  readonly entries: readonly ProvedEntry[];
  readonly anchors: readonly AnchorOutcome[];
}

/** What a bundle is checked against. */
export interface BundleQuestion {
  readonly members: ReadonlyMap<string, Member>;
  /** Verifier keys believed from elsewhere; empty: the bundle's own, which then proves nothing of whose log it is. */
  readonly logKeys: readonly string[];
  readonly judgeAnchor?: AnchorJudge;
  /** Told as bytes go by. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/** Faults told one by one; more are counted only. */
export const FAULTS_MAX = 1000;
const RECEIPT_BYTES_MAX = 64 * 1024;
const NOTE_BYTES_MAX = 64 * 1024;
const KEY_BYTES_MAX = 16 * 1024;
const KEYS_MAX = 16;

/**
 * Checks a bundle offline, file by file, in memory that does not grow with it. Never throws on a bad bundle: every fault is named with the
 * member it concerns. Throws only what reading the source throws (a disk that fails).
 * Normative: docs/spec/bundle.md, section 4.
 */
export async function verifyBundle(p: BundlePrimitives, question: BundleQuestion): Promise<BundleVerdict> {
  return new BundleCheck(p, question).run();
}

class BundleCheck {
  readonly #p: BundlePrimitives;
  readonly #question: BundleQuestion;
  readonly #faults: BundleFault[] = [];
  readonly #faulty = new Set<string>();
  #faultCount = 0;
  #doneBytes = 0;
  readonly #totalBytes: number;

  constructor(p: BundlePrimitives, question: BundleQuestion) {
    this.#p = p;
    this.#question = question;
    let total = 0;
    for (const member of question.members.values()) total += member.byteCount;
    this.#totalBytes = total;
  }

  async run(): Promise<BundleVerdict> {
    const manifestBytes = await this.#whole(MANIFEST_PATH, MANIFEST_BYTES_MAX, 'bundle/manifest-missing');
    const read = manifestBytes && readManifest(manifestBytes);
    if (typeof read === 'string') this.#fault(read, MANIFEST_PATH);
    const manifest = typeof read === 'string' ? null : read;
    const keysFrom = this.#question.logKeys.length ? 'given' : 'bundle';
    const logKeys = keysFrom === 'given' ? this.#question.logKeys : await this.#ownKeys();
    const note = await this.#text(CHECKPOINT_PATH, NOTE_BYTES_MAX);
    const { checkpoint, signatures, verifiers } = this.#openCheckpoint(note, logKeys);
    if (manifest && checkpoint && manifest.origin !== checkpoint.origin) this.#fault('bundle/origin-differs', CHECKPOINT_PATH);
    const verify = createReceiptVerifier(this.#p, logKeys);
    const judge: Judge = (text, fileSha256) => verify({ receiptText: text, ...(fileSha256 ? { fileSha256 } : {}) });
    const made = manifest && manifestBytes && checkpoint && note ? await this.#checkMade(judge, note, manifestBytes) : null;
    const digests = await this.#digestFiles(manifest?.files ?? []);
    const receipts =
      manifest && checkpoint && note
        ? await this.#checkReceipts(judge, note, manifest, digests)
        : { proved: [], provedFiles: new Set<string>() };
    const outcomeOf = ({ path, entryId }: ManifestFile): FileOutcome => {
      if (entryId === undefined) return { path, outcome: digests.has(path) ? 'listed' : 'failed' };
      return receipts.provedFiles.has(path) ? { path, outcome: 'proved', entryId } : { path, outcome: 'failed' };
    };
    if (manifest) this.#findExtras(manifest);
    const anchors = checkpoint ? await this.#checkAnchors(checkpoint, verifiers) : [];
    this.#findRotten();
    const isWhole = this.#faultCount === 0;
    return {
      isValid: isWhole && keysFrom === 'given',
      isWhole,
      faults: this.#faults,
      faultCount: this.#faultCount,
      keysFrom,
      manifest,
      manifestSha256: manifestBytes && this.#p.hash('sha256', manifestBytes),
      checkpoint,
      signatures,
      made,
      files: (manifest?.files ?? []).map(outcomeOf),
      entries: receipts.proved,
      anchors,
    };
  }

  #fault(code: string, path: string | null): void {
    this.#faultCount++;
    if (path !== null) this.#faulty.add(path);
    if (this.#faults.length < FAULTS_MAX) this.#faults.push({ code, path });
  }

  /** Runs one reading of a member; what the container refuses becomes a fault. */
  async #reading<T>(path: string, missing: string, read: (member: Member) => Promise<T>): Promise<T | null> {
    const member = this.#question.members.get(path);
    if (!member) {
      this.#fault(missing, path);
      return null;
    }
    try {
      return await read(member);
    } catch (error) {
      if (!(error instanceof BundleRefused)) throw error;
      this.#fault(error.code, path);
      return null;
    } finally {
      this.#doneBytes += member.byteCount;
      this.#question.onProgress?.(this.#doneBytes, this.#totalBytes);
    }
  }

  #whole(path: string, bytesMax: number, missing: string): Promise<Uint8Array | null> {
    return this.#reading(path, missing, (member) => readWhole(member, bytesMax));
  }

  async #text(path: string, bytesMax: number, missing = 'bundle/member-missing'): Promise<string | null> {
    const bytes = await this.#whole(path, bytesMax, missing);
    if (!bytes) return null;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // Not UTF-8: an expected outcome of reading bytes from outside.
      this.#fault('bundle/text-malformed', path);
      return null;
    }
  }

  async #ownKeys(): Promise<string[]> {
    const text = await this.#text(KEYS_PATH, KEY_BYTES_MAX);
    return text === null ? [] : text.split('\n').filter(Boolean).slice(0, KEYS_MAX);
  }

  #openCheckpoint(note: string | null, logKeys: readonly string[]): OpenedNote {
    const { verifiers, fault } = openLogKeys(this.#p, logKeys);
    if (fault) this.#fault(`receipt/${fault}`, this.#question.logKeys.length ? null : KEYS_PATH);
    const nothing = { checkpoint: null, signatures: [], verifiers };
    if (note === null) return nothing;
    const opened = openCheckpoint(note, verifiers);
    if (opened.kind === 'refused') {
      this.#fault(`receipt/checkpoint-${opened.fault}`, CHECKPOINT_PATH);
      return nothing;
    }
    const signatures = opened.signedBy.map(({ name, algorithm, keyId }) => ({ name, algorithm, keyId: formatHex(keyId) }));
    return { checkpoint: opened.checkpoint, signatures, verifiers };
  }

  /** The receipt of the manifest: who made the bundle, when, and that nobody changed what it lists. */
  async #checkMade(judge: Judge, note: string, manifestBytes: Uint8Array): Promise<ProvedEntry | null> {
    const path = MANIFEST_RECEIPT_PATH;
    const text = await this.#text(path, RECEIPT_BYTES_MAX, 'bundle/receipt-missing');
    const verdict = text === null ? null : this.#judge(judge, note, path, text, this.#p.hash('sha256', manifestBytes));
    if (!verdict) return null;
    const file = faultOfFile(verdict);
    if (file) this.#fault(`receipt/${file}`, MANIFEST_PATH);
    // INVARIANT: no other entry with a file speaks for a bundle, or somebody could have a manifest received as a page.
    else if (verdict.entry?.kind !== BUNDLE_ENTRY_KIND) this.#fault('bundle/not-made', path);
    else return provedOf(verdict);
    return null;
  }

  /** Judges one receipt, its file aside; null when it does not hold. */
  #judge(judge: Judge, note: string, path: string, text: string, fileSha256: Uint8Array | null): ReceiptVerdict | null {
    // One checkpoint for all: another would need a proof that the one continues the other, and its signatures would have to be checked.
    if (text.slice(text.indexOf('\n\n') + 2) !== note) {
      this.#fault('bundle/other-checkpoint', path);
      return null;
    }
    const verdict = judge(text, fileSha256);
    const failed = verdict.checks.filter((check) => check.outcome === 'failed' && check.name !== 'keys' && check.name !== 'file');
    for (const check of failed) this.#fault(`receipt/${check.reason ?? check.name}`, path);
    return failed.length ? null : verdict;
  }

  async #digestFiles(files: readonly ManifestFile[]): Promise<Map<string, Uint8Array>> {
    const digests = new Map<string, Uint8Array>();
    for (const { path, byteCount, sha256 } of files) {
      const digest = await this.#reading(path, 'bundle/file-missing', (member) => this.#digest(member, byteCount));
      if (digest && formatHex(digest) === sha256) digests.set(path, digest);
      else if (digest) this.#fault('bundle/file-altered', path);
    }
    return digests;
  }

  /** Each receipt once, against the file that its entry commits to when there is one. */
  async #checkReceipts(judge: Judge, note: string, manifest: BundleManifest, digests: ReadonlyMap<string, Uint8Array>) {
    const fileOf = new Map(manifest.files.flatMap((file) => (file.entryId === undefined ? [] : [[file.entryId, file.path]])));
    const proved: ProvedEntry[] = [];
    const provedFiles = new Set<string>();
    for (const id of manifest.entries) {
      const path = receiptPath(id);
      const text = await this.#text(path, RECEIPT_BYTES_MAX, 'bundle/receipt-missing');
      const filePath = fileOf.get(id);
      const digest = filePath === undefined ? null : (digests.get(filePath) ?? null);
      const verdict = text === null ? null : this.#judge(judge, note, path, text, digest);
      const entry = verdict && provedOf(verdict);
      if (!verdict || !entry) continue;
      if (entry.entry.id !== id) {
        this.#fault('bundle/receipt-swapped', path);
        continue;
      }
      proved.push(entry);
      if (filePath === undefined || !digest) continue;
      const reason = faultOfFile(verdict);
      if (reason) this.#fault(`receipt/${reason}`, filePath);
      else provedFiles.add(filePath);
    }
    return { proved, provedFiles };
  }

  async #digest(member: Member, byteCount: number): Promise<Uint8Array> {
    if (member.byteCount !== byteCount) throw new BundleRefused('bundle/size-differs', member.path);
    const hash = this.#p.startSha256();
    let at = 0;
    for await (const piece of member.read()) {
      hash.update(piece);
      at += piece.length;
    }
    if (at !== byteCount) throw new BundleRefused('bundle/size-differs', member.path);
    return hash.digest();
  }

  /** INVARIANT: a member that nobody speaks of is a fault: it might be taken for proved. */
  #findExtras(manifest: BundleManifest): void {
    const known = new Set([MANIFEST_PATH, MANIFEST_RECEIPT_PATH, CHECKPOINT_PATH]);
    for (const { path } of manifest.files) known.add(path);
    for (const id of manifest.entries) known.add(receiptPath(id));
    for (const path of this.#question.members.keys())
      if (!known.has(path) && !path.startsWith(ANCHOR_FOLDER)) this.#fault('bundle/file-extra', path);
  }

  /** Checksums of the container that are not of the bytes read, where nothing else is amiss with these: one content gives one zip. */
  #findRotten(): void {
    for (const member of this.#question.members.values())
      if (member.isRotten?.() && !this.#faulty.has(member.path)) this.#fault('bundle/zip-form', member.path);
  }

  async #checkAnchors(checkpoint: Checkpoint, verifiers: readonly NoteVerifier[]): Promise<AnchorOutcome[]> {
    const paths = [...this.#question.members.keys()].filter((path) => path.startsWith(ANCHOR_FOLDER));
    if (paths.length > ANCHORS_MAX) this.#fault('bundle/too-many', ANCHOR_FOLDER);
    const ground = { hash: treeHash(this.#p), verifiers, checkpoint, judge: this.#question.judgeAnchor ?? null };
    const outcomes: AnchorOutcome[] = [];
    for (const path of paths.slice(0, ANCHORS_MAX)) {
      const text = await this.#text(path, ANCHOR_BYTES_MAX);
      if (text !== null) outcomes.push(...(await judgeAnchorMember(ground, path, text)));
    }
    for (const { path, outcome } of outcomes) if (outcome === 'refused') this.#fault('bundle/anchor-refused', path);
    return outcomes;
  }
}

/** The checkpoint of the bundle, when a believed key signed it. */
type OpenedNote = Pick<BundleVerdict, 'checkpoint' | 'signatures'> & { readonly verifiers: readonly NoteVerifier[] };

type Judge = (text: string, fileSha256: Uint8Array | null) => ReceiptVerdict;

const provedOf = ({ entry, position }: ReceiptVerdict): ProvedEntry | null =>
  entry && position !== undefined ? { entry, position } : null;

/** Why the file compared is not the one meant; null when it is, or none was given. */
const faultOfFile = ({ checks }: ReceiptVerdict): string | null =>
  checks.find((check) => check.name === 'file' && check.outcome === 'failed')?.reason ?? null;
