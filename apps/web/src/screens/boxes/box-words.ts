import type { BoxPlace } from '../../api/boxes.ts';
import type { WordKey } from '../../words/words.tsx';

/** Steps of a place from the widest, as lib/catalogue has them. */
export const PLACE_STEPS = ['repository', 'zone', 'rack', 'bay', 'shelf', 'slot'] as const;

export const NO_PLACE: BoxPlace = { repository: '', zone: '', rack: '', bay: '', shelf: '', slot: '' };

/** Where a box stands in words; empty when nothing is known. */
export const sayPlace = (place: BoxPlace, w: (word: WordKey, params: { value: string }) => string): string =>
  PLACE_STEPS.flatMap((step) => (place[step] ? [w(`box.say.${step}`, { value: place[step] })] : [])).join(' · ');

/** `0012`. */
export const boxNumber = (number: number): string => String(number).padStart(4, '0');

/** Periods offered; others are typed. Source: domain rules §1.4. */
export const RETENTIONS = ['Y', 'D10', 'D30', 'D50', 'D100'] as const;
