import type { Translation } from './translation.ts';
import type { zhReview } from './zh-review.ts';

/** The queue of reviews, in English. */
export const enReview: Translation<keyof typeof zhReview> = {
  'nav.review': 'To check',
  'review.count_one': '{number} material to be checked',
  'review.count_other': '{number} materials to be checked, the least sure first',
  'review.least': 'Least sure value: {share}',
  'review.next': 'Next dossier to be checked',
  'review.none': 'No material waits to be checked',
  'review.noneElsewhere': 'No other dossier has a material to be checked',
  'review.noneHelp': 'Once a dossier was read, the materials that the machine proposes are listed here for you to check and confirm.',
  'review.pages_one': '{number} page',
  'review.pages_other': '{number} pages',
  'review.title': 'Materials to be checked',
  'review.unclassed': 'No class',
  'review.untitled': 'No title yet',
};
