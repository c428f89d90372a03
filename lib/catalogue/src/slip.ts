/** What the person who took the paper out declared on the processing slip (数字化加工流程单). Source: domain rules §2.1, §9. */
export interface DeclaredSheets {
  /** Sheets of paper (张). */
  readonly sheets: number;
  /** Faces (面) that are to be accounted for: with content, or registered as blank. */
  readonly faces: number;
  /** Of the faces, those registered as blank (空白面登记) that are not scanned. */
  readonly blankFaces: number;
}

/** What the archive holds of it. */
export interface ReceivedImages {
  /** Pages: one image a face. */
  readonly images: number;
}

/** What the comparison says. */
export interface CountComparison {
  /** Faces accounted for: images, and faces registered as blank without one. */
  readonly accounted: number;
  /** Accounted less declared: below 0 faces are missing, above 0 there are too many. */
  readonly difference: number;
  /** Null: they agree. */
  readonly kind: 'gap' | 'surplus' | null;
  /** Sheets of which no face at all is accounted for, at least; 0 when every sheet may be there. */
  readonly sheetsMissing: number;
}

/** The most sheets of one slip: far more than any dossier holds, far less than overflows a sum. */
export const SLIP_SHEETS_MAX = 20_000;

/** Whether that many faces can be on that many sheets: one at least and two at most, of which not all are blank. Whole numbers. */
export const canBeDeclared = ({ sheets, faces, blankFaces }: DeclaredSheets): boolean =>
  [sheets, faces, blankFaces].every(Number.isSafeInteger) &&
  sheets >= 1 &&
  sheets <= SLIP_SHEETS_MAX &&
  faces >= sheets &&
  faces <= 2 * sheets &&
  blankFaces >= 0 &&
  blankFaces < faces;

/** Compares what was declared with what came. A face registered as blank is accounted for and is no missing one. */
export function compareCount({ sheets, faces, blankFaces }: DeclaredSheets, { images }: ReceivedImages): CountComparison {
  const accounted = images + blankFaces;
  const difference = accounted - faces;
  return {
    accounted,
    difference,
    kind: difference === 0 ? null : difference < 0 ? 'gap' : 'surplus',
    sheetsMissing: Math.max(0, sheets - accounted),
  };
}

/** What several dossiers were declared and received, together. */
export interface SummedCount extends DeclaredSheets, ReceivedImages {
  readonly dossiers: number;
  /** Of them with a slip; only what these hold is compared. */
  readonly declared: number;
  /** Dossiers whose numbers do not agree. INVARIANT: a gap of one and a surplus of another never cancel out. */
  readonly differing: number;
  /** Faces missing, and faces too many, each of all dossiers together. */
  readonly missing: number;
  readonly tooMany: number;
}

/** Sums a batch. @param parts one for each dossier; `declared` null: without a slip */
export function sumDeclared(parts: readonly { readonly declared: DeclaredSheets | null; readonly images: number }[]): SummedCount {
  const sum = { dossiers: 0, declared: 0, sheets: 0, faces: 0, blankFaces: 0, images: 0, differing: 0, missing: 0, tooMany: 0 };
  for (const { declared, images } of parts) {
    sum.dossiers += 1;
    sum.images += images;
    if (!declared) continue;
    const { difference } = compareCount(declared, { images });
    sum.declared += 1;
    sum.sheets += declared.sheets;
    sum.faces += declared.faces;
    sum.blankFaces += declared.blankFaces;
    if (difference !== 0) sum.differing += 1;
    if (difference < 0) sum.missing -= difference;
    else sum.tooMany += difference;
  }
  return sum;
}
