import type { Translation } from './translation.ts';
import type { zhReview } from './zh-review.ts';

/** The queue of reviews, in English. */
export const enReview: Translation<keyof typeof zhReview> = {
  'desk.confirmSureShort': 'Confirm all that is sure',
  'desk.confirmSure_one': 'Confirm the {count} sure material',
  'desk.confirmSure_other': 'Confirm all {count} sure materials',
  'desk.confirmedSure_one': '{count} material confirmed; one undo takes it back',
  'desk.confirmedSure_other': '{count} materials confirmed; one undo takes them back',
  'desk.noneSure': 'Nothing may be confirmed together: each has something to look at',
  'nav.review': 'To check',
  'review.class': 'Class {code}',
  'review.count_one': '{number} material to be checked',
  'review.count_other': '{number} materials to be checked, the least sure first',
  'review.least': 'Least sure value: {share}',
  'review.next': 'Next dossier to be checked',
  'review.none': 'No material waits to be checked',
  'review.noneElsewhere': 'No other dossier has a material to be checked',
  'review.noneHelp': 'Once a dossier has been read, the materials that the machine proposes are listed here for you to check and confirm.',
  'review.pages_one': '{number} page',
  'review.pages_other': '{number} pages',
  'review.title': 'Materials to be checked',
  'review.unclassed': 'No class',
  'review.untitled': 'No title yet',
};
