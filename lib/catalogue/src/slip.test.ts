import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canBeDeclared, compareCount, type DeclaredSheets, SLIP_SHEETS_MAX, sumDeclared } from './slip.ts';

const slip = (sheets: number, faces: number, blankFaces = 0): DeclaredSheets => ({ sheets, faces, blankFaces });
const anySlip = fc
  .integer({ min: 1, max: 500 })
  .chain((sheets) => fc.integer({ min: sheets, max: 2 * sheets }).map((faces) => ({ sheets, faces })))
  .chain(({ sheets, faces }) => fc.integer({ min: 0, max: faces - 1 }).map((blankFaces) => ({ sheets, faces, blankFaces })));

describe('what a slip declares', () => {
  it('is one or two faces a sheet, of which some have content', () => {
    fc.assert(fc.property(anySlip, (declared) => canBeDeclared(declared)));
    for (const impossible of [
      slip(0, 0),
      slip(3, 2),
      slip(3, 7),
      slip(3, 4, 4),
      slip(3, 4, -1),
      slip(1.5, 2),
      slip(SLIP_SHEETS_MAX + 1, 30_000),
    ])
      expect(canBeDeclared(impossible)).toBe(false);
  });
});

describe('counting', () => {
  it('takes a face registered as blank as accounted for, and one that is not as missing', () => {
    expect(compareCount(slip(5, 10, 3), { images: 7 })).toEqual({ accounted: 10, difference: 0, kind: null, sheetsMissing: 0 });
    expect(compareCount(slip(5, 10), { images: 7 })).toEqual({ accounted: 7, difference: -3, kind: 'gap', sheetsMissing: 0 });
  });
  it('says how many whole sheets must be missing', () => {
    expect(compareCount(slip(5, 8), { images: 2 })).toMatchObject({ kind: 'gap', difference: -6, sheetsMissing: 3 });
  });
  it('calls a blank face that was registered and scanned all the same a surplus', () => {
    expect(compareCount(slip(5, 10, 3), { images: 8 })).toMatchObject({ kind: 'surplus', difference: 1 });
  });
  it('agrees with exactly one number of images', () => {
    fc.assert(
      fc.property(anySlip, fc.integer({ min: 0, max: 1200 }), (declared, images) => {
        const { kind, difference } = compareCount(declared, { images });
        return (
          (kind === null) === (images === declared.faces - declared.blankFaces) &&
          images - difference === declared.faces - declared.blankFaces
        );
      }),
    );
  });
});

describe('the sum of a batch', () => {
  it('never lets a gap of one dossier and a surplus of another cancel out', () => {
    const parts = [
      { declared: slip(2, 4), images: 3 },
      { declared: slip(2, 4), images: 5 },
      { declared: slip(1, 2, 1), images: 1 },
      { declared: null, images: 9 },
    ];
    expect(sumDeclared(parts)).toEqual({
      ...{ dossiers: 4, declared: 3, sheets: 5, faces: 10, blankFaces: 1, images: 18 },
      ...{ differing: 2, missing: 1, tooMany: 1 },
    });
  });
});
