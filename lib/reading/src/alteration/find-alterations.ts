import type { Box } from '@lantai/values';
import type { Rgb } from '../raster.ts';
import { findCoveredPaper } from './covered-paper.ts';
import { viewField } from './field-view.ts';
import type { AlterationHint, PageLie } from './hints.ts';
import { findOddInk } from './odd-ink.ts';
import { findOddShapes } from './odd-shapes.ts';
import { findRoughPaper } from './rough-paper.ts';
import { findStrokes } from './strokes.ts';

/** A field to be looked at: its box as the reading gives it, and its words as the page has them. */
export interface AlterationField {
  readonly box: Box;
  readonly written: string;
}

/**
 * Looks at one field of a scan for what an alteration may leave (涂改): other ink, strokes over strokes, roughened or covered paper, a line through the writing,
 * a figure out of line. About 14 ms of CPU a field. Hints for the eye of a person, never a verdict; none is no proof either.
 * @param scan as it was stored, at 150 dpi or more
 */
export function findAlterations(scan: Rgb, lie: PageLie, { box, written }: AlterationField): AlterationHint[] {
  const view = viewField(scan, lie, box);
  const strokes = view && findStrokes(view);
  if (!view || !strokes) return [];
  return [
    ...findOddInk(view, strokes),
    ...findCoveredPaper(view, strokes),
    ...findRoughPaper(view, strokes),
    ...findOddShapes(view, strokes, written),
  ];
}
