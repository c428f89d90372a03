import { expect } from 'vitest';
import { listDossiers } from '../../catalogue/index.ts';
import { type Actor, openDesk } from '../../desk/index.ts';
import { searchArchive } from '../../search/index.ts';
import type { ArchiveFixture } from '../../testing/archive-fixture.ts';

/** Whether an account's list shows a dossier from its next request on; its search and the search's count must say the same. */
export async function sees({ archive }: ArchiveFixture, actor: Actor, dossierId: string, name: string): Promise<boolean> {
  const desk = await openDesk(archive, actor, 'archive_work');
  const listed = (await listDossiers(archive, desk, {})).items.some((d) => d.id === dossierId);
  const { hits, count } = await searchArchive(desk, { query: name });
  expect({ hits: hits.some((h) => h.dossierId === dossierId), counted: (count?.value ?? 0) > 0 }).toEqual({
    hits: listed,
    counted: listed,
  });
  return listed;
}
