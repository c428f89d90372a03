import { verifyReceipt } from '@lantai/log';
import { nodePrimitives } from '@lantai/primitives-node';
import { describe, expect, it } from 'vitest';
import { editDossiers } from '../catalogue/index.ts';
import { receiptWhenReady } from '../pages/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { checkArchive } from './index.ts';

const a = useArchive({ sequenced: true });

describe('destroying a person’s data', () => {
  it('leaves every entry and every proof as it was, and opens nothing any more', async () => {
    const { archive } = a;
    const dossierId = await a.addDossier({ name: '梅长苏' });
    await a.importPages(dossierId, ['1.png', '2.png']);
    await editDossiers(archive, await a.desk(), [dossierId], { addTags: ['暂存'], level: 2 });
    const entries = await archive.db.query<{ id: string; kind: string }>('select id, kind from entry order by id');
    expect(entries.map((e) => e.kind)).toEqual(expect.arrayContaining(['dossier.created', 'page.received', 'dossier.changed']));
    const receipts = new Map<string, string>();
    for (const { id } of entries) receipts.set(id, await receiptWhenReady(archive, id));
    const root = await archive.log.findCheckpoint(archive.db);
    const subject = await archive.db
      .system('test')
      .one<{ subject_id: string }>('select subject_id from dossier where id = $1', [dossierId]);
    await archive.keys.destroyMany([
      { kind: 'dossier', id: dossierId },
      { kind: 'dossier', id: subject!.subject_id },
    ]);
    const verify = (receiptText: string) => verifyReceipt(nodePrimitives, { receiptText, logKeys: archive.identity.logKeys });
    for (const { id, kind } of entries) {
      expect({ kind, valid: verify(receipts.get(id)!).isValid }).toEqual({ kind, valid: true });
      expect({ kind, again: verify(await receiptWhenReady(archive, id)).isValid }).toEqual({ kind, again: true });
    }
    // The log goes on from the root that was published before. Of entries, tiles, signatures and lines of changes fsck finds nothing amiss; it names
    // the keys, for no register of destructions speaks of them: here they were destroyed without the procedure.
    expect(await archive.log.proveConsistency(archive.db, root!.size)).not.toBeNull();
    const amiss = (await checkArchive(archive)).findings.filter((f) => f.kind !== 'left_over').map((f) => f.code);
    expect([...new Set(amiss)]).toEqual(['fsck/key-destroyed-unrecorded']);
    await expect(editDossiers(archive, await a.desk(), [dossierId], { addTags: ['再存'] })).rejects.toMatchObject({
      code: 'key/destroyed',
    });
  });
});
