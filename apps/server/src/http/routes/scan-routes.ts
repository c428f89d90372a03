import { type ScanDesk, STACK_FACES_MAX } from '../../scanning/index.ts';
import type { Handlers } from '../handler.ts';

type ScanHandlers = Pick<Handlers, 'listScanners' | 'startScan' | 'getScan' | 'continueScan' | 'endScan'>;

/** Scanning from the desk, on the scanners of this machine. */
export const scanHandlers = (scans: ScanDesk): ScanHandlers => ({
  listScanners: async ({ desk, query }) => ({ items: await scans.list(await desk(), query.again === 'true') }),
  startScan: async ({ desk, params, body, reply }) => {
    const { facesMax = STACK_FACES_MAX, separators = false, ...wish } = body;
    return reply.status(202).send(await scans.start(await desk(), { ...wish, dossierId: params.dossierId, facesMax, separators }));
  },
  getScan: async ({ desk, params }) => scans.get(await desk(), params.scanId),
  continueScan: async ({ desk, params }) => scans.goOn(await desk(), params.scanId),
  endScan: async ({ desk, params, body }) => scans.end(await desk(), params.scanId, body.keep),
});
