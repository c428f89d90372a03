import { Readable } from 'node:stream';
import { XLSX } from '@lantai/contract';
import {
  collectLeftOut,
  errorSheetOf,
  getManifestProgress,
  type ManifestView,
  optionsOfOrder,
  sourceOfOrder,
  startManifest,
  unitOfOrder,
  viewManifest,
} from '../../manifest/index.ts';
import type { Handlers } from '../handler.ts';

type ManifestHandlers = Pick<Handlers, 'checkManifest' | 'makeManifestErrorSheet' | 'applyManifest' | 'getManifest'>;

export const manifestHandlers: ManifestHandlers = {
  checkManifest: async ({ archive, account, desk, body }) => {
    const at = await desk();
    const source = await sourceOfOrder(archive, account.accountId, body);
    const view = await viewManifest(archive, at, source, optionsOfOrder(body, await unitOfOrder(archive, at, body)));
    return reportOf(view, body.images?.length ?? 0);
  },
  makeManifestErrorSheet: async ({ archive, account, desk, body, reply }) => {
    const at = await desk();
    const source = await sourceOfOrder(archive, account.accountId, body);
    const left = await collectLeftOut(archive, at, source, optionsOfOrder(body, await unitOfOrder(archive, at, body)));
    return reply
      .type(XLSX)
      .header('content-disposition', 'attachment; filename="lantai-left-out.xlsx"')
      .send(Readable.from(errorSheetOf(left), { objectMode: false }));
  },
  applyManifest: async ({ archive, desk, body, reply }) => {
    const { plan, ...order } = body;
    return reply.status(202).send({ manifestId: await startManifest(archive, await desk(), order, plan) });
  },
  getManifest: async ({ archive, account, desk, params }) => {
    (await desk()).scope('dossier.create');
    return getManifestProgress(archive, account.accountId, params.manifestId);
  },
};

function reportOf({ report, lines, linesLeft }: ManifestView, images: number) {
  const { dossiers } = report;
  const acts = (act: string) => dossiers.filter((d) => d.act === act).length;
  const sum = (of: 'made' | 'changed' | 'same') => dossiers.reduce((n, d) => n + (d.act === 'refused' ? 0 : d[of]), 0);
  const severities = new Map(report.findings.map((f) => [f.code, f.severity]));
  return {
    columns: report.columns.map((c) => ({ ...c })),
    rows: report.rows,
    acts: { make: acts('make'), change: acts('change'), nothing: acts('nothing'), refused: acts('refused') },
    materials: { made: sum('made'), changed: sum('changed'), same: sum('same') },
    findingCounts: Object.entries(report.counts).map(([code, count]) => ({ code, severity: severities.get(code) ?? 'info', count })),
    lines: lines.map((l) => ({ ...l, cells: [...l.cells], findings: l.findings.map((f) => ({ ...f, params: { ...f.params } })) })),
    linesLeft,
    images: { given: images, unused: report.unusedImages.length },
    digest: report.digest,
  };
}
