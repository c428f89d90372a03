/**
 * Stations of digitisation (数字化工序) in their order: 出库 前处理 著录 扫描 图像处理 质检 挂接 验收 备份 还原. Source: domain rules §2.1 (the order of
 * DA/T 31-2017). `check` is passed twice (初检, 复检).
 */
export const STATIONS = ['take_out', 'prepare', 'describe', 'scan', 'process', 'check', 'link', 'accept', 'back_up', 'restore'] as const;
export type Station = (typeof STATIONS)[number];

/** Where a contractor may work: with paper and images. What says what a dossier holds, and whether it is accepted, is the archive's own. */
export const CONTRACTOR_STATIONS: readonly Station[] = ['prepare', 'scan', 'process', 'check'];

/** First and second inspection. */
export type CheckPass = 1 | 2;

/** Where a dossier stands; `pass` counts at `check` alone and is 1 elsewhere. */
export interface Standing {
  readonly station: Station | 'done';
  readonly pass: CheckPass;
}

/** Where it stands when the work at a station is done. */
export function standingAfter(station: Station, pass: CheckPass): Standing {
  if (station === 'check' && pass === 1) return { station: 'check', pass: 2 };
  return { station: STATIONS[STATIONS.indexOf(station) + 1] ?? 'done', pass: 1 };
}

/** Where it may be sent back to (返工): stations before this one. From the paper's leaving nothing leads back. */
export const returnsFrom = (station: Station): readonly Station[] => STATIONS.slice(1, STATIONS.indexOf(station));
