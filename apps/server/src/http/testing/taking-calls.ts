import { join } from 'node:path';
import vectors from '../../../../../test/vectors/timestamp/tokens.json' with { type: 'json' };
import { openLogSigners } from '../../archive/index.ts';
import { importFiles } from '../../ingest/index.ts';
import { startSequencer } from '../../sequencer/index.ts';
import { LOCKED_PDF } from '../../testing/locked-pdf.ts';
import { call, type OperationCall, one, owner, type Stage } from './operation-stage.ts';

const HEADERS = { 'lantai-purpose': 'audit' };
const selectionOf = (s: Stage) => ({ kind: 'dossier', dossierId: s.fileId });

/** Calls of operations that wait for the log to take their entries in: it must be at work. */
export const PACKS: OperationCall[] = [
  call('makeAuditPack', async (s) => {
    // Contents leave as they were counted just before.
    const counted = await s.owner.call('POST', '/api/v1/audit-packs/counts', { selection: selectionOf(s) }, HEADERS);
    const body = { selection: selectionOf(s), language: 'zh', leave: { confirmed: counted.body, reason: '年度核查' } };
    return { as: s.owner, method: 'POST', path: '/api/v1/audit-packs', headers: HEADERS, body };
  }),
  call('makeEvidencePack', (s) => ({
    as: s.owner,
    method: 'POST',
    path: '/api/v1/evidence-packs',
    headers: HEADERS,
    body: { selection: selectionOf(s), language: 'zh' },
  })),
];

/** Calls of operations by which something leaves the archive, or vouches for its log. */
export const TAKING: OperationCall[] = [
  call('countAuditPack', (s) => ({
    as: s.owner,
    method: 'POST',
    path: '/api/v1/audit-packs/counts',
    headers: HEADERS,
    body: { selection: selectionOf(s) },
  })),
  call('unlockFile', async (s, w) => {
    const locked = { path: 'locked.pdf', byteCount: LOCKED_PDF.length, read: async () => LOCKED_PDF };
    const { importId } = await importFiles(w.archive, await w.desk(), s.dossierId, [locked]);
    const fileId = await one(w, 'select id as value from source_file where import_id = $1', importId);
    return { as: s.owner, method: 'POST', path: `/api/v1/imports/${importId}/files/${fileId}/password`, body: { password: 'open' } };
  }),
  owner(
    'printPages',
    'POST',
    (s) => `/dossiers/${s.dossierId}/prints`,
    (s) => ({ pageIds: [s.pageIds[0]], copies: 1, reason: '存档' }),
  ),
  owner(
    'printSeparators',
    'POST',
    () => '/separators',
    (s) => ({ dossierIds: [s.dossierId], kind: 'labels' }),
  ),
  owner(
    'copyPage',
    'POST',
    (s) => `/pages/${s.pageIds[1]}/copies`,
    () => ({ reason: '存档' }),
  ),
  owner(
    'copyDossier',
    'POST',
    (s) => `/dossiers/${s.dossierId}/copies`,
    () => ({ form: 'ofd', showsSensitive: true, reason: '存档' }),
  ),
  owner(
    'revealSensitive',
    'POST',
    (s) => `/dossiers/${s.dossierId}/reveals`,
    () => ({ kinds: ['id_number'], reason: '核对身份' }),
  ),
  owner(
    'addAnchorProvider',
    'POST',
    () => '/anchors/providers',
    () => ({ name: 'tsa', everyMinutes: 60, settings: { kind: 'rfc3161', url: 'http://127.0.0.1:1/', roots: vectors.roots.own } }),
  ),
  call('endAnchorProvider', async (s, w) => ({
    as: s.owner,
    method: 'DELETE',
    path: `/api/v1/anchors/providers/${await one(w, 'select id as value from anchor_provider')}`,
  })),
  call('printCheckpoint', async (s, w) => {
    // The log of these tests stands still; here it is ordered once, so that there is a checkpoint to print.
    const { archive } = w;
    const [signer, ...moreSigners] = openLogSigners(archive.sealer, archive.identity.logOrigin);
    const folder = join(archive.config.dataFolder, 'log');
    const sequencer = startSequencer({ db: archive.db, folder, signer, moreSigners, origin: signer.name, intervalMs: 20 });
    await sequencer.drain();
    await sequencer.stop();
    return { as: s.owner, method: 'POST', path: '/api/v1/log/checkpoint/sheets' };
  }),
];
