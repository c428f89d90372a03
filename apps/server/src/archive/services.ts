import type { BlobStore, KeyStore } from '@lantai/vault';
import type { ChildPool } from '../children/index.ts';
import type { Config } from '../config.ts';
import type { Db } from '../db/index.ts';
import type { JobQueue } from '../jobs/index.ts';
import type { LogReader } from '../sequencer/index.ts';
import type { Clock } from './clock.ts';
import type { Moments } from './moments.ts';
import type { Sealer } from './sealer.ts';

/** What the archive's one row says of itself. */
export interface ArchiveIdentity {
  readonly archiveId: string;
  readonly kind: 'trial' | 'production';
  readonly suite: 'intl' | 'gm';
  readonly logOrigin: string;
  /** The log's Ed25519 verifier key, as signed notes write it. */
  readonly logKey: string;
  /** Every verifier key of the log: Ed25519 first, then SM2. Any one suffices to check a checkpoint. */
  readonly logKeys: readonly string[];
}

/** The parts of an open archive, joined in `open-archive.ts` and handed to every action. */
export interface Archive {
  readonly config: Config;
  readonly identity: ArchiveIdentity;
  readonly db: Db;
  readonly keys: KeyStore;
  readonly sealer: Sealer;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly moments: Moments;
  /** Makes proofs and receipts. */
  readonly log: LogReader;
  readonly queue: JobQueue;
  /** Processes that take files apart. */
  readonly decoders: ChildPool;
  /** Processes that read pages; null when the reader is switched off. */
  readonly readers: ChildPool | null;
}
