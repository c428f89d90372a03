import { type BundleVerdict, openZip, readWhole, sourceOfBytes, verifyBundle } from '@lantai/bundle';
import { findViewNumber, formatViewNumber, isEntryOfNumber, numberOfEntry } from '@lantai/marks';
import { nodeBundlePrimitives } from '@lantai/primitives-node';
import { describe, expect, it } from 'vitest';
import { openDesk } from '../desk/index.ts';
import { openThumbnails, traceNumber, tracePicture } from '../pages/index.ts';
import { useArchive } from '../testing/archive-fixture.ts';
import { makeSmallPng } from '../testing/small-png.ts';
import type { MadeBundle } from './make-bundle.ts';
import { makeTraceBundle } from './trace-bundle.ts';

const fixture = useArchive({ sequenced: true });

async function check(made: MadeBundle): Promise<{ verdict: BundleVerdict; picture: Uint8Array; told: unknown }> {
  const parts: Uint8Array[] = [];
  for await (const part of made.bytes()) parts.push(part);
  const opened = await openZip(sourceOfBytes(new Uint8Array(Buffer.concat(parts))));
  if (opened.kind === 'refused') throw new Error(opened.code);
  const { members } = opened;
  const verdict = await verifyBundle(nodeBundlePrimitives, { members, logKeys: fixture.archive.identity.logKeys });
  const read = (path: string) => readWhole(members.get(path)!, 1_000_000);
  return { verdict, picture: await read('picture.png'), told: JSON.parse(new TextDecoder().decode(await read('trace.json'))) };
}

describe('a traced picture as a bundle', () => {
  it('proves which picture was traced, to which look, and that the printed number is that look’s', async () => {
    const { archive } = fixture;
    const desk = await fixture.desk();
    const dossierId = await fixture.addDossier();
    await fixture.importPages(dossierId, ['a.png']);
    const { entryId: lookId } = await openThumbnails(archive, desk, dossierId, null);
    const picture = makeSmallPng(1);
    const printed = formatViewNumber(numberOfEntry(lookId));
    const traced = await tracePicture(archive, desk, picture);
    const { number, looks } = await traceNumber(archive, desk, findViewNumber(printed));
    const {
      verdict,
      picture: kept,
      told,
    } = await check(await makeTraceBundle(archive, desk, picture, { entryId: traced.entryId, number, looks }));
    expect([verdict.isValid, verdict.manifest?.kind]).toEqual([true, 'trace']);
    expect(verdict.files.find((f) => f.path === 'picture.png')).toEqual({
      path: 'picture.png',
      outcome: 'proved',
      entryId: traced.entryId,
    });
    expect(kept).toEqual(Uint8Array.from(picture));
    expect(told).toMatchObject({ number: printed, looks: [{ entryId: lookId, kind: 'thumbnails.viewed' }] });
    const look = verdict.entries.find(({ entry }) => isEntryOfNumber(entry.id, findViewNumber(printed)!));
    expect(look?.entry).toMatchObject({ id: lookId, kind: 'thumbnails.viewed', dossier: dossierId });
    expect(verdict.made?.entry).toMatchObject({ object: traced.entryId, params: { kind: 'trace', looks: 1 } });
  });

  it('is made by nobody who may not read the log, and never of another picture than was traced', async () => {
    const { archive } = fixture;
    const traced = await tracePicture(archive, await fixture.desk(), makeSmallPng(2));
    const clerk = await fixture.addAccount({ role: 'unit_clerk', unitId: fixture.rootUnitId });
    await expect(makeTraceBundle(archive, await openDesk(archive, clerk, 'audit'), makeSmallPng(2), traced)).rejects.toThrow(
      'desk/not-allowed',
    );
    const { verdict } = await check(await makeTraceBundle(archive, await fixture.desk(), makeSmallPng(3), traced));
    expect(verdict.faults).toEqual([{ code: 'receipt/file-differs', path: 'picture.png' }]);
  });
});
