import { type Archive, openStoredObject } from '../archive/index.ts';
import { type Decoded, decodeFile } from './decode.ts';
import type { Destination, ReceivedFile } from './receive-batch.ts';

/** Room for the pages of one member among those of its container. */
const MEMBER_STEP = 5_000;

/**
 * A container gives its members as files of their own, each received alone. They lie sealed on disk and are opened one at a time:
 * a container unpacks to far more than itself.
 */
export async function unfold(
  archive: Archive,
  to: Destination,
  container: Omit<ReceivedFile, 'decoded'>,
  { members }: Extract<Decoded, { kind: 'members' }>,
): Promise<ReceivedFile[]> {
  const out: ReceivedFile[] = [];
  for (const [i, member] of members.entries()) {
    const path = `${container.path}/${member.path}`;
    const arrival = container.arrival + i * MEMBER_STEP;
    if ('code' in member) {
      const decoded = { kind: 'refused', code: member.code, detail: member.detail } as const;
      out.push({ ...container, path, arrival, byteCount: 0, body: new Uint8Array(), decoded });
      continue;
    }
    const { sha256 } = member.part;
    const body = member.part.object();
    const bytes = await openStoredObject(archive, {
      address: body.address,
      dossier_id: body.dossierId,
      object_id: body.objectId,
      suite: body.suite,
      wrapped_key: body.wrappedKey,
    });
    const inner = await decodeFile(archive, { dossierId: to.dossierId, path, bytes, depth: 1 });
    out.push({
      path,
      byteCount: bytes.length,
      body,
      sha256,
      contentKey: archive.sealer.contentKey(to.place.fondsId, sha256),
      arrival,
      // A container inside a container is not opened: its depth could be used against us.
      decoded: inner.kind === 'members' ? { kind: 'refused', code: 'zip/nested', detail: {} } : inner,
    });
  }
  return out;
}
