import type { Station } from '../../api/stations.ts';

/** In the order of the work. Source: contract, `Station`. */
export const STATION_ORDER: readonly Station[] = [
  'take_out',
  'prepare',
  'describe',
  'scan',
  'process',
  'check',
  'link',
  'accept',
  'back_up',
  'restore',
];

/** Where a contractor works. The server decides; the screen offers nothing that would be refused. */
export const CONTRACTOR_STATIONS: readonly Station[] = ['prepare', 'scan', 'process', 'check'];

/** Where a dossier may be sent back to from a station. */
export const returnsFrom = (station: Station): readonly Station[] => STATION_ORDER.slice(1, STATION_ORDER.indexOf(station));
