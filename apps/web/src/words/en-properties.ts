import type { Translation } from './translation.ts';
import type { zhProperties } from './zh-properties.ts';

/** The four-property check, in English. */
export const enProperties: Translation<keyof typeof zhProperties> = {
  'four.act': 'Answer',
  'four.answerHelp': 'An answer is never changed. A later one holds instead; each is in the log.',
  'four.answerTitle': 'Answer {code}',
  'four.answered': 'Kept',
  'four.answeredBy': 'Answered by {name}, {at}',
  'four.back': 'Back to the dossier',
  'four.checked_one': '{number} looked at',
  'four.checked_other': '{number} looked at',
  'four.choose': 'Checks made',
  'four.description': 'Description and process metadata (XML)',
  'four.filter.all': 'All',
  'four.filter.look': 'To settle',
  'four.more_one': '{number} more, in the XML report',
  'four.more_other': '{number} more, in the XML report',
  'four.moment': 'Moment',
  'four.none': 'Not checked yet',
  'four.noneHelp':
    'Choose the moment and start. The program compares digests, signatures, descriptions, pages, formats and looks for malware; what only persons can tell is answered after.',
  'four.nothing': 'Nothing is left to settle',
  'four.opening': 'Opening the four-property checks',
  'four.optional': 'optional',
  'four.rules': 'Check before filing',
  'four.rulesHelp':
    'Where it is on, a dossier is filed only after a check of moment filing in which no item failed and every item for a person was answered; what is changed after its check is checked again. Warnings hold nothing back, and what is filed stays filed. Each change is in the log.',
  'four.see': 'See it',
  'four.running': 'Checking: {done} of {total}',
  'four.start': 'Start the check',
  'four.started': 'The check has begun',
  'four.stopped': 'The check stopped: ',
  'four.title': 'Four-property check',
  'four.waiting': 'Waiting for its turn',
  'four.way.fail': 'Fails',
  'four.way.pass': 'Passes',
  'four.way.skipped': 'Does not apply',
  'four.words': 'How it was looked at, and what was seen',
  'keys.four': 'Four-property check',
};
