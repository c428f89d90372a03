import { ArchiveError } from '@lantai/values';

/** Where a ClamAV daemon answers: `host:port`, or the path of its socket. */
export type ClamdPlace = { readonly host: string; readonly port: number } | { readonly path: string };

/** Reads `LANTAI_CLAMD`: `host:port`, `[::1]:3310` or an absolute path. @throws ArchiveError `config/clamd` (caller) */
export function parseClamdPlace(text: string): ClamdPlace {
  if (text.startsWith('/')) return { path: text };
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (!host || !(port >= 1 && port <= 65_535)) throw new ArchiveError('config/clamd', 'caller');
  return { host, port };
}
