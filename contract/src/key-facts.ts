import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { Masking } from './masking.ts';
import { BoxPx, Id, PartialDateText, PurposeHeader, TimeMs } from './values.ts';

/** The key facts of a personnel dossier (三龄两历一身份): docs/spec/key-facts.md. */
export const KeyFactCode = z
  .enum(['name', 'idNumber', 'birthDate', 'workStart', 'partyDate', 'education', 'experience', 'identity'])
  .meta({ id: 'KeyFactCode' });
export type KeyFactCode = z.infer<typeof KeyFactCode>;

export const KeyFactResult = z
  .enum(['consistent', 'inconsistent', 'explained', 'determined', 'missing', 'altered', 'undated'])
  .meta({ id: 'KeyFactResult' });
export type KeyFactResult = z.infer<typeof KeyFactResult>;

const AlterationMark = z
  .enum(['altered', 'doubted'])
  .meta({ id: 'AlterationMark', description: '涂改, 存疑: a flag for persons, never a verdict.' });

/** A place that the eye of a person should look at again (docs/spec/alteration-hints.md). */
const AlterationHintView = z
  .object({
    id: Id,
    code: z.enum(['ink', 'density', 'rough', 'covered', 'struck', 'uneven']).describe('Words: code `hint/…`.'),
    pageId: Id,
    box: BoxPx.nullable().describe('On the page as it is shown now.'),
    measured: z.number().describe('In the unit of the code.'),
    limit: z.number(),
    version: z.string().describe('Of the check that made it.'),
    state: z.enum(['open', 'no_concern', 'concern']).describe('What a person answered; `open`: nobody yet.'),
    reason: z.string().describe('What that person saw.'),
  })
  .meta({
    id: 'AlterationHint',
    description: 'A hint of alteration (涂改线索): a flag for a person, never a verdict; it changes no comparison by itself.',
  });

/** What one material says of one fact (记载). */
const KeyFactAssertion = z
  .object({
    materialId: Id,
    value: z.string().nullable().describe('As it is compared: a date to the month; null: the words cannot be compared.'),
    written: z.string().describe('As the page has it.'),
    madeOn: PartialDateText.nullable().describe('When the material was made.'),
    pageId: Id.nullable(),
    box: BoxPx.nullable(),
    confidence01: z.number().min(0).max(1).nullable().describe('Null: a person said or confirmed it.'),
    flags: z.array(z.string()).describe('`lunar`, `not_a_date`, `check_digit`, `repaired`, `not_in_list`, `extra_text`.'),
    mark: z.object({ kind: AlterationMark, reason: z.string() }).nullable().describe('What a person marked on it, and what was seen.'),
    hints: z.array(AlterationHintView),
    weighs: z.boolean().describe('Whether it counts in the comparison.'),
    role: z.enum(['basis', 'agrees', 'deviates', 'none']),
  })
  .meta({ id: 'KeyFactAssertion' });

const KeyFactConflict = z
  .object({
    materialId: Id.describe('The deviating material.'),
    against: Id.describe('The one that is the measure.'),
    value: z.string(),
    confidence01: z.number().min(0).max(1),
    explanation: z.enum(['lunar-solar', 'approved-change']).nullable().describe('Why both may be true (解释性不一致).'),
  })
  .meta({ id: 'KeyFactConflict' });

const KeyFactNote = z
  .object({
    code: z.string().describe('`keyfact/…`; the words are keyed by code.'),
    severity: z.enum(['warning', 'info']),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    materialIds: z.array(Id),
    rule: z.string().describe('The rule it comes from.'),
  })
  .meta({ id: 'KeyFactNote' });

const DeterminationState = z
  .enum(['proposed', 'confirmed', 'refused', 'withdrawn'])
  .meta({ id: 'DeterminationState', description: 'proposed → confirmed or refused by another person, or withdrawn by who proposed it.' });

/** A formal determination (认定) of one fact. */
export const DeterminationView = z
  .object({
    id: Id,
    state: DeterminationState,
    isCurrent: z.boolean().describe('The latest that was confirmed: its value holds.'),
    value: z.string(),
    documentNo: z.string().describe('文号; empty: none.'),
    organisation: z.string().describe('Who decided (认定机关).'),
    decidedOn: z.iso.date(),
    reasons: z.string(),
    materialIds: z.array(Id).describe('Materials that it rests on.'),
    proposedByName: z.string(),
    proposedAtMs: TimeMs,
    reviewedByName: z.string(),
    reviewedAtMs: TimeMs.nullable(),
    review: z.string().describe('Words of the second person.'),
    documents: z
      .array(
        z.object({
          materialId: Id.describe('Not among the materials: it was taken apart.'),
          way: z.enum(['made', 'attached']).describe('Written from the data, or a scan of what came on paper.'),
          byName: z.string(),
          atMs: TimeMs,
        }),
      )
      .describe('What it was filed as (认定材料), the newest first: that one is in force.'),
    isOwn: z.boolean().describe('Proposed by this person, who may withdraw it and never decides.'),
  })
  .meta({ id: 'Determination' });
export type DeterminationView = z.infer<typeof DeterminationView>;

export const KeyFactView = z
  .object({
    code: KeyFactCode,
    result: KeyFactResult,
    value: z.string().nullable().describe('What holds: the latest determination, else the basis.'),
    basis: Id.nullable().describe('The material whose word is the measure.'),
    assertions: z.array(KeyFactAssertion).describe('In order of the days on which the materials were made, undated last.'),
    conflicts: z.array(KeyFactConflict),
    notes: z.array(KeyFactNote),
    determinations: z
      .array(DeterminationView)
      .describe('All there ever were, in the order in which they were proposed: none is overwritten.'),
  })
  .meta({ id: 'KeyFact' });
export type KeyFactView = z.infer<typeof KeyFactView>;

export const KeyFacts = z
  .object({
    dossierId: Id,
    facts: z.array(KeyFactView).describe('Each key fact once, always all of them.'),
    career: z
      .array(
        z
          .object({
            kind: z.enum(['study', 'work']),
            from: z.string().describe('`1998-09`.'),
            to: z.string(),
            place: z.string().describe('School or unit.'),
            materialIds: z.array(Id).describe('Materials that say so.'),
          })
          .meta({ id: 'CareerRow' }),
      )
      .describe('Times of study and work that the materials give (履历), in their order: gaps and overlaps are looked for between them.'),
    materials: z
      .array(
        z
          .object({
            id: Id,
            code: z.string().nullable(),
            title: z.string(),
            date: PartialDateText.nullable(),
            state: z.enum(['draft', 'proposed', 'confirmed']),
            pageIds: z.array(Id),
          })
          .meta({ id: 'KeyFactMaterial' }),
      )
      .describe('Those that a fact speaks of, in order of their dates.'),
    masking: Masking,
  })
  .meta({ id: 'KeyFacts' });
export type KeyFacts = z.infer<typeof KeyFacts>;

const dossierId = z.object({ dossierId: Id });
const determinationId = z.object({ determinationId: Id });

/** Judging the key facts of a dossier. */
export const keyFactEndpoints = {
  getKeyFacts: defineEndpoint({
    method: 'GET',
    path: '/api/v1/dossiers/{dossierId}/key-facts',
    tag: 'desk',
    right: 'dossier.read',
    summary: { zh: '三龄两历一身份', en: 'Key facts of a dossier' },
    description:
      'What the materials say of birth, start of work, Party date, education, experience and identity, what disagrees and why it may; judged anew on what the catalogue holds at each call, and kept nowhere.',
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: KeyFacts },
    problems: [404],
  }),
  makeAuditForm: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/audit-forms',
    tag: 'desk',
    right: 'catalogue.export',
    needsFreshAuth: true,
    summary: { zh: '任前审核登记表', en: 'The audit form before an appointment, as PDF or Excel' },
    description:
      'Filled from the key facts and the career as they are held now; identity numbers stay masked. An entry that commits to its bytes.',
    headers: PurposeHeader,
    params: dossierId,
    query: z.object({ format: z.enum(['pdf', 'xlsx']).default('pdf') }),
    answers: {
      200: {
        media: ['application/pdf', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
        what: 'The form on A4, or a workbook with a sheet for each of its parts.',
      },
    },
    problems: [404, 422],
  }),
  proposeDetermination: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/determinations',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '提出认定（初审）', en: 'Propose to determine a key fact' },
    description:
      'It settles nothing before another person confirms it. Problems (422): `determination/waiting`, `determination/value`, `determination/material`, `determination/future`, `determination/own-dossier`.',
    headers: PurposeHeader,
    params: dossierId,
    body: z
      .object({
        fact: KeyFactCode,
        value: z.string().trim().min(1).max(200),
        documentNo: z.string().trim().max(60).default(''),
        organisation: z.string().trim().min(1).max(120),
        decidedOn: z.iso.date(),
        reasons: z.string().trim().min(1).max(1000),
        materialIds: z.array(Id).max(50).default([]),
      })
      .meta({ id: 'NewDetermination' }),
    answers: { 201: z.object({ id: Id }).meta({ id: 'DeterminationProposed' }) },
    problems: [404, 422],
  }),
  confirmDetermination: defineEndpoint({
    method: 'POST',
    path: '/api/v1/determinations/{determinationId}/confirmation',
    tag: 'desk',
    right: 'material.change',
    needsFreshAuth: true,
    summary: { zh: '复审通过认定', en: 'Confirm a determination' },
    description:
      'By another person than the one who proposed it. It supersedes what was determined before and overwrites nothing. Problems (422): `determination/own`, `determination/own-dossier`, `determination/decided`.',
    headers: PurposeHeader,
    params: determinationId,
    body: z.object({ words: z.string().trim().max(500).default('') }).meta({ id: 'DeterminationConfirmation' }),
    answers: { 204: { empty: 'Confirmed.' } },
    problems: [404, 422],
  }),
  refuseDetermination: defineEndpoint({
    method: 'POST',
    path: '/api/v1/determinations/{determinationId}/refusal',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '复审不予通过', en: 'Refuse a determination, with the reason' },
    description: 'Problems (422): `determination/own`, `determination/own-dossier`, `determination/decided`.',
    headers: PurposeHeader,
    params: determinationId,
    body: z.object({ reason: z.string().trim().min(1).max(500) }).meta({ id: 'DeterminationRefusal' }),
    answers: { 204: { empty: 'Refused.' } },
    problems: [404, 422],
  }),
  withdrawDetermination: defineEndpoint({
    method: 'POST',
    path: '/api/v1/determinations/{determinationId}/withdrawal',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '撤回认定', en: 'Take back what one has proposed' },
    description: 'Until it is decided. Problems (422): `determination/decided`.',
    headers: PurposeHeader,
    params: determinationId,
    answers: { 204: { empty: 'Withdrawn.' } },
    problems: [404, 422],
  }),
  answerAlterationHint: defineEndpoint({
    method: 'POST',
    path: '/api/v1/alteration-hints/{hintId}/answer',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '核看涂改线索', en: 'Answer a hint of alteration' },
    description:
      'By a person who looked at the page. `concern` marks what the material says as altered, unless it is marked already; `no_concern` changes nothing else. Problems: `hint/not-found` (404), `determination/own-dossier` (422).',
    headers: PurposeHeader,
    params: z.object({ hintId: Id }),
    body: z
      .object({ answer: z.enum(['no_concern', 'concern']), reason: z.string().trim().min(1).max(500) })
      .meta({ id: 'AlterationHintAnswer' }),
    answers: { 204: { empty: 'Answered.' } },
    problems: [404, 422],
  }),
  makeDeterminationDocument: defineEndpoint({
    method: 'POST',
    path: '/api/v1/determinations/{determinationId}/document-forms',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '生成认定材料并归入案卷', en: 'Make the document of a determination and file it' },
    description:
      'A PDF of the data, received like any file, becomes a material of the class and title that the scheme has for it, and is tied to the determination. What was filed before stays. Problems: `determination/not-confirmed` (409), `determination/no-form`, `determination/own-dossier` (422).',
    headers: PurposeHeader,
    params: determinationId,
    answers: { 201: z.object({ materialId: Id }).meta({ id: 'DeterminationDocumentMade' }) },
    problems: [404, 409, 422],
  }),
  attachDeterminationDocument: defineEndpoint({
    method: 'POST',
    path: '/api/v1/determinations/{determinationId}/documents',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '以案卷中的扫描件作为认定材料', en: 'Take a material of the dossier as the document of a determination' },
    description:
      'A confirmed material with pages, in the class that the scheme has for such documents. What was filed before stays. Problems: `determination/not-confirmed`, `determination/document-open` (409), `determination/no-form`, `determination/material`, `determination/document-class`, `determination/document-same`, `determination/own-dossier` (422).',
    headers: PurposeHeader,
    params: determinationId,
    body: z.object({ materialId: Id }).meta({ id: 'DeterminationDocument' }),
    answers: { 204: { empty: 'Tied.' } },
    problems: [404, 409, 422],
  }),
  markAssertion: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/assertion-marks',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '标注涂改、存疑', en: 'Mark what a material says as altered or doubted' },
    description:
      'A flag for persons, never a verdict: what is marked counts in no comparison. `mark` null lifts it. Problems: `material/not-found` (404), `mark/none`, `determination/own-dossier` (422).',
    headers: PurposeHeader,
    params: dossierId,
    body: z
      .object({
        materialId: Id,
        fact: KeyFactCode,
        mark: AlterationMark.nullable(),
        reason: z.string().trim().max(500).default(''),
      })
      .meta({ id: 'AssertionMarking' }),
    answers: { 204: { empty: 'Marked.' } },
    problems: [404, 422],
  }),
} as const;
