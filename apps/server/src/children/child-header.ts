import { ArchiveError } from '@lantai/values';

/** What a frame from a child may say; nothing in it is believed to have its type. */
export interface Header {
  readonly kind: unknown;
  readonly part?: unknown;
  readonly reply?: unknown;
  readonly code?: unknown;
  readonly fault?: unknown;
  readonly detail?: unknown;
}

/** @throws ArchiveError `child/protocol` when the header is no object with a kind */
export function asHeader(value: unknown): Header {
  if (typeof value !== 'object' || value === null || !('kind' in value))
    throw new ArchiveError('child/protocol', 'caller', { why: 'no kind' });
  return value;
}

/** The failure a child reports, reduced to a code, a fault and plain details. */
export function asError(header: Header): ArchiveError {
  const code = typeof header.code === 'string' && /^[a-z0-9-]+\/[a-z0-9-]+$/.test(header.code) ? header.code : 'child/failed';
  const fault = header.fault === 'caller' || header.fault === 'corruption' ? header.fault : 'environment';
  const detail: Record<string, string | number | boolean> = {};
  if (typeof header.detail === 'object' && header.detail !== null)
    for (const [key, value] of Object.entries(header.detail))
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') detail[key] = value;
  return new ArchiveError(code, fault, detail);
}
