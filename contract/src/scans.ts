import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Id, PurposeHeader } from './values.ts';

const Source = z.enum(['feeder', 'duplex', 'glass']);
const Mode = z.enum(['colour', 'grey', 'black']);

/** A scanner of the machine that serves the archive. */
export const ScannerView = z
  .object({
    device: z.string().describe('As SANE names it.'),
    vendor: z.string(),
    model: z.string(),
    sources: z.array(Source),
    modes: z.array(Mode),
    resolutions: z.union([z.array(z.number()), z.object({ from: z.number(), to: z.number() })]).nullable(),
    isBusy: z.boolean().describe('A stack of this archive is on it.'),
  })
  .meta({ id: 'ScannerView' });
export type ScannerView = z.infer<typeof ScannerView>;

/** A stack that is being scanned, or was. */
export const ScanView = z
  .object({
    id: Id,
    dossierId: Id,
    state: z.enum(['scanning', 'waiting', 'done', 'failed']).describe('`waiting`: a fault, and a person decides.'),
    faces: z.int().min(0).describe('Sealed and durable.'),
    code: z.string().nullable(),
    importId: Id.nullable(),
    resolutionDpi: z.int(),
  })
  .meta({ id: 'ScanView' });
export type ScanView = z.infer<typeof ScanView>;

const scan = z.object({ scanId: Id });

/** Scanning from the desk: docs/spec/capture.md. */
export const scanEndpoints = {
  listScanners: defineEndpoint({
    method: 'GET',
    path: '/api/v1/scanners',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '本机扫描仪', en: 'Scanners of the machine that serves the archive' },
    description: 'Asked of SANE at most every five minutes, or `again`. Empty where there is none.',
    headers: PurposeHeader,
    query: z.object({ again: z.literal('true').optional() }),
    answers: { 200: z.object({ items: z.array(ScannerView) }).meta({ id: 'Scanners' }) },
  }),
  startScan: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/scans',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '扫描入卷', en: 'Scan a stack of paper into a dossier' },
    description:
      'Each face is sealed as it comes. Problems: `scanner/not-found` (422), `scan/source` `scan/mode` `scan/resolution` (422), `scanner/…` (503).',
    headers: PurposeHeader,
    params: z.object({ dossierId: Id }),
    body: z
      .object({
        device: z.string().min(1).max(200),
        source: Source,
        mode: Mode,
        resolutionDpi: z.int().min(75).max(1200).nullable().describe('Null: what the scheme asks for.'),
        facesMax: z.int().min(1).max(5000).optional(),
        separators: z.boolean().optional(),
      })
      .meta({ id: 'NewScan' }),
    answers: { 202: ScanView },
    problems: [404, 422],
  }),
  getScan: defineEndpoint({
    method: 'GET',
    path: '/api/v1/scans/{scanId}',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '扫描进度', en: 'How far a stack of one’s own has come' },
    headers: PurposeHeader,
    params: scan,
    answers: { 200: ScanView },
    problems: [404],
  }),
  continueScan: defineEndpoint({
    method: 'POST',
    path: '/api/v1/scans/{scanId}/continuation',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '续扫', en: 'Go on with the same stack after a fault' },
    headers: PurposeHeader,
    params: scan,
    answers: { 200: ScanView },
    problems: [404],
  }),
  endScan: defineEndpoint({
    method: 'POST',
    path: '/api/v1/scans/{scanId}/end',
    tag: 'capture',
    right: 'page.import',
    summary: { zh: '结束扫描', en: 'End a stack, keeping what was scanned or not' },
    headers: PurposeHeader,
    params: scan,
    body: z.object({ keep: z.boolean() }).meta({ id: 'ScanEnd' }),
    answers: { 200: ScanView },
    problems: [404],
  }),
} as const;
