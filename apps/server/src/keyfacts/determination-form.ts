import type { KeyFactCode, SchemeTitle } from '@lantai/catalogue';
import { wordsOf } from '@lantai/contract';
import type { ReportDocument } from '@lantai/documents/sheets';
import { formatPartialDate, parsePartialDate } from '@lantai/values';
import type { DossierHead, FiledDossier } from '../catalogue/index.ts';
import type { DeterminationBody } from './determination-rows.ts';

type Language = 'zh' | 'en';

/** A person who took part, and when. */
interface Part {
  readonly name: string;
  readonly atMs: number;
}

/** All that the form says. */
export interface DeterminationForm {
  /** As the scheme names it: the form's heading. */
  readonly title: SchemeTitle;
  readonly head: DossierHead;
  readonly dossier: FiledDossier;
  readonly fact: KeyFactCode;
  readonly body: DeterminationBody;
  readonly review: string;
  readonly proposer: Part;
  readonly reviewer: Part;
  /** What was determined of the fact before, in order. */
  readonly former: readonly DeterminationBody[];
  readonly language: Language;
  readonly nowMs: number;
  readonly utcOffsetMinutes: number;
}

const MINUTE_MS = 60_000;
/** What a seal needs. */
const BLANK = { zh: '　　　　　　　　　　（盖章）　　　　年　　月　　日', en: '　　　　　　　　　　(seal and date)' } as const;

/**
 * Lays out the document of a determination (组织认定、专项审核认定): what was determined, by whom, on what, by which two persons, and what it supersedes.
 * It is filed, and says the value in full.
 */
export function layDeterminationForm(form: DeterminationForm): ReportDocument {
  const { title, head, dossier, fact, body, language, nowMs } = form;
  const say = (key: string) => wordsOf(language, `determination-form/${key}`);
  const factName = wordsOf(language, `audit-form/fact.${fact}`);
  const moment = (atMs: number) => new Date(atMs + form.utcOffsetMinutes * MINUTE_MS).toISOString();
  const two = [
    { label: wordsOf(language, 'audit-form/item'), share: 1 },
    { label: wordsOf(language, 'audit-form/content'), share: 4 },
  ];
  const table = (rows: string[][]) => ({ columns: two, rows });
  const bases = body.materialIds.flatMap((id) => dossier.materials.filter((m) => m.id === id));
  return {
    title: title.name,
    language,
    madeOn: parsePartialDate(moment(nowMs).slice(0, 10)),
    // To the second: a form made again is another file.
    foot: `${dossier.code}　${moment(nowMs).slice(0, 19).replace('T', ' ')}`,
    sections: [
      {
        heading: wordsOf(language, 'audit-form/person'),
        lines: [],
        table: table([
          [wordsOf(language, 'audit-form/name'), head.subject.name],
          [wordsOf(language, 'audit-form/dossier'), dossier.code],
        ]),
      },
      {
        heading: say('determined'),
        lines: [],
        table: table([
          [say('fact'), factName],
          [say('value'), body.value],
          [say('organisation'), body.organisation],
          [say('document-no'), body.documentNo || say('none')],
          [say('decided-on'), body.decidedOn],
          [say('reasons'), body.reasons],
        ]),
      },
      {
        heading: say('basis'),
        lines: bases.length ? [] : [say('none')],
        ...(bases.length
          ? {
              table: {
                columns: [
                  { label: say('basis-code'), share: 2 },
                  { label: say('basis-title'), share: 4 },
                  { label: say('basis-date'), share: 1 },
                  { label: say('basis-pages'), share: 1 },
                ],
                rows: bases.map((m) => [m.code ?? '', m.title ?? '', m.date ? formatPartialDate(m.date) : '', String(m.pageIds.length)]),
              },
            }
          : {}),
      },
      {
        heading: say('persons'),
        lines: [],
        table: table([
          [say('proposer'), `${form.proposer.name}　${moment(form.proposer.atMs).slice(0, 10)}`],
          [say('reviewer'), `${form.reviewer.name}　${moment(form.reviewer.atMs).slice(0, 10)}`],
          [say('review'), form.review || say('none')],
          [wordsOf(language, 'audit-form/unit-opinion'), BLANK[language]],
        ]),
      },
      ...(form.former.length
        ? [
            {
              heading: say('supersedes'),
              lines: [],
              table: table(
                form.former.map((was) => [was.value, [was.organisation, was.documentNo, was.decidedOn].filter(Boolean).join(' ')]),
              ),
            },
          ]
        : []),
    ],
  };
}
