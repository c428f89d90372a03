import { z } from 'zod';
import { Facts } from './dossiers.ts';
import { defineEndpoint } from './endpoint.ts';
import { KeyFactCode } from './key-facts.ts';
import { Masking } from './masking.ts';
import { RetentionPeriod } from './overview.ts';
import { BoxPx, Count, Cursor, FindingView, Id, Limit, PartialDateText, PurposeHeader, ShortText, TimeMs } from './values.ts';

const Confidence = z.number().min(0).max(1);

/** A value taken from a page or typed: where it stands and how sure the machine was. */
export const FieldValue = z
  .object({
    code: z.string().describe('`birthDate`, `startOfWork` … of the scheme, or a field of the archive.'),
    value: ShortText,
    confidence01: Confidence.nullable().describe('Null when a person typed or confirmed it.'),
    pageId: Id.nullable(),
    box: BoxPx.nullable(),
  })
  .meta({ id: 'FieldValue' });
export type FieldValue = z.infer<typeof FieldValue>;

/** One face (页) of a dossier. */
export const PageLine = z
  .object({
    id: Id,
    materialId: Id.nullable().describe('Null: loose, in no material yet.'),
    fileName: z.string().describe('Name of the file it came from.'),
    origin: z
      .enum(['as_received', 'embedded', 'rendered', 'flattened'])
      .describe('`flattened`: the sheet on a photograph, laid flat; the photograph is kept as received.'),
    mediaType: z.string(),
    widthPx: z.int().min(1),
    heightPx: z.int().min(1),
    turned: z
      .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
      .describe('Clockwise turn the scan suffered; the image service answers upright.'),
    readState: z.enum(['waiting', 'read', 'needs_person', 'not_needed']),
    readReason: z.string().nullable().describe('Code, when a person is needed.'),
    persons: z.array(z.string()).describe('Persons named on the page beside the subject.'),
    entryId: Id.describe('The entry that received it: its receipt vouches for the bytes as received.'),
    receivedAtMs: TimeMs,
    scans: z.int().min(1).describe('How many scans of this face are kept, this one among them: those it took the place of stay reachable.'),
    findings: z.array(FindingView),
  })
  .meta({ id: 'PageLine' });
export type PageLine = z.infer<typeof PageLine>;

/** Where a confirmed material stands between its two persons (双人复核). */
export const MaterialCountercheck = z
  .object({
    state: z.enum(['waiting', 'passed', 'returned']),
    firstNames: z.array(z.string()).describe('Who put something into it that nobody else has passed.'),
    firstUnknown: z
      .boolean()
      .describe('Others may have, before two persons were asked for: then whoever arranged the dossier counts as one.'),
    firstAtMs: TimeMs.nullable(),
    isOwn: z.boolean().describe('All of it is of who asks: only somebody else can pass it.'),
    isAmong: z
      .boolean()
      .describe('Something of it is: passing it says that one has looked at what the others put in, and it waits for another.'),
    answer: z.string().describe('What a first said to a return.'),
    secondName: z.string(),
    secondAtMs: TimeMs.nullable(),
    words: z.string().describe('Why it was returned.'),
    corrections: z
      .array(
        z.object({ field: z.string().describe('`classCode`, `title`, `date` or the code of a field.'), proposed: z.string().nullable() }),
      )
      .describe('What stands otherwise than the machine had proposed it, with what that was; numbers masked.'),
  })
  .meta({ id: 'MaterialCountercheck' });
export type MaterialCountercheck = z.infer<typeof MaterialCountercheck>;

/** A material (材料, 份) with its pages in order. */
export const Material = z
  .object({
    id: Id,
    code: z.string().nullable().describe('Archival code; given when it is confirmed.'),
    classCode: z.string().nullable(),
    sequence: z.int().min(1).describe('Place inside its class, from 1.'),
    title: z.string(),
    date: PartialDateText.nullable(),
    copies: z.int().min(1),
    retention: RetentionPeriod.extend({
      until: PartialDateText.nullable().describe('Last day on which it must be kept, where that follows from its date.'),
    })
      .nullable()
      .describe('By its title or class in the scheme; null where the scheme says none.'),
    remarks: z.string(),
    tags: z.array(z.string()),
    fields: z.array(FieldValue),
    confidence: z.object({ classCode: Confidence.nullable(), title: Confidence.nullable(), date: Confidence.nullable() }),
    origin: z.enum(['scanned', 'typed', 'received']),
    state: z.enum(['draft', 'proposed', 'confirmed']),
    pageIds: z.array(Id),
    findings: z.array(FindingView),
    documentOf: z
      .object({ determinationId: Id, fact: KeyFactCode })
      .nullable()
      .describe('The determination that it is the document of (认定材料): corrected by another document alone.'),
    countercheck: MaterialCountercheck.nullable().describe('Null where two persons are not asked for, and of what nobody has confirmed.'),
    version: z.int().min(1),
  })
  .meta({ id: 'Material' });
export type Material = z.infer<typeof Material>;

/** All of a dossier's materials and pages: what the desk shows at first sight, in one answer. */
export const Desk = z
  .object({
    dossierId: Id,
    version: z.int().min(1).describe('Grows with every operation; sent back as `baseVersion`.'),
    countercheck: z.boolean().describe('Whether what one person confirmed must be passed by another before the dossier is filed.'),
    materials: z.array(Material).describe('In catalogue order: class, then sequence.'),
    pages: z.array(PageLine).describe('In order of arrival.'),
    masking: Masking,
    undo: z.object({ operationId: Id, kind: z.string(), atMs: TimeMs }).nullable().describe('What an undo would take back.'),
  })
  .meta({ id: 'Desk' });
export type Desk = z.infer<typeof Desk>;

const FieldEdit = z.object({ code: z.string().max(60), value: ShortText, pageId: Id.nullish(), box: BoxPx.nullish() });

export const MaterialEdit = z
  .object({
    classCode: z.string().max(20).nullable().optional(),
    title: ShortText.optional(),
    date: PartialDateText.nullable().optional(),
    copies: z.int().min(1).max(999).optional(),
    remarks: ShortText.optional(),
    tags: z.array(z.string().min(1).max(80)).max(50).optional(),
    fields: z.array(FieldEdit).max(100).optional().describe('Replaces the fields named; an empty value removes one.'),
  })
  .meta({ id: 'MaterialEdit' });
export type MaterialEdit = z.infer<typeof MaterialEdit>;

const pageIds = z.array(Id).min(1).max(2000);

/** An act on the tree of a dossier. Several in one request are one step of undo. */
export const Operation = z
  .discriminatedUnion('type', [
    z
      .object({ type: z.literal('assemble'), pageIds, edit: MaterialEdit.optional() })
      .describe('Pages, loose or not, become a new material.'),
    z
      .object({ type: z.literal('split'), materialId: Id, beforePageId: Id })
      .describe('This page and those after it become a new material.'),
    z
      .object({ type: z.literal('merge'), intoMaterialId: Id, materialIds: z.array(Id).min(1).max(200) })
      .describe('Pages of the others follow those of the first.'),
    z.object({ type: z.literal('reorderPages'), materialId: Id, pageIds }).describe('All pages of the material in their new order.'),
    z
      .object({ type: z.literal('movePages'), pageIds, toMaterialId: Id.nullable(), position: z.int().min(0).optional() })
      .describe('Into a material at a place (0 first, left out: last), or out of all (null).'),
    z
      .object({ type: z.literal('moveMaterial'), materialId: Id, classCode: z.string().max(20), position: z.int().min(0).optional() })
      .describe('Into a class at a place.'),
    z.object({ type: z.literal('edit'), materialId: Id, edit: MaterialEdit }),
    z.object({ type: z.literal('confirm'), materialId: Id }).describe('A person has seen it: proposals become the catalogue.'),
    z
      .object({ type: z.literal('addRecord'), edit: MaterialEdit })
      .describe('A record typed straight into a form becomes a material without pages.'),
    z
      .object({ type: z.literal('propose') })
      .describe(
        'Loose pages that were read become materials in state `proposed`, as their readings suggest; a person confirms or corrects them.',
      ),
    z.object({ type: z.literal('dissolve'), materialId: Id }).describe('Its pages become loose; a typed record is removed.'),
    z
      .object({
        type: z.literal('replacePage'),
        pageId: Id.describe('A page of a material, whose scan is bad.'),
        byPageId: Id.describe('A loose page: a better scan of the same face.'),
        reason: z.string().trim().min(1).max(300),
      })
      .describe('The loose page takes the place of the other, which is kept and found by no search. docs/spec/versions.md.'),
    z
      .object({ type: z.literal('restoreVersion'), materialId: Id, versionId: Id })
      .describe('Catalogues a material as it was before a version; what it is now becomes a version.'),
    z.object({ type: z.literal('turnPage'), pageId: Id, turned: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]) }),
    z.object({ type: z.literal('namePersons'), pageId: Id, names: z.array(z.string().trim().min(1).max(200)).max(50) }),
    z.object({
      type: z.literal('editDossier'),
      fields: z.record(z.string().max(60), ShortText).optional(),
      tags: z.array(z.string().min(1).max(80)).max(50).optional(),
      facts: Facts.optional().describe('All facts of the subject, in place of those there were.'),
    }),
    z
      .object({ type: z.literal('undo'), operationId: Id })
      .describe('Takes back the step named by `undo` of the desk. Stands alone in its request.'),
  ])
  .meta({ id: 'Operation' });
export type Operation = z.infer<typeof Operation>;

const dossierId = z.object({ dossierId: Id });

/** How a material was catalogued at one time (著录); numbers masked. */
const CataloguedState = z
  .object({
    code: z.string().nullable(),
    classCode: z.string().nullable(),
    title: z.string(),
    date: PartialDateText.nullable(),
    copies: z.int().min(1),
    remarks: z.string(),
    tags: z.array(z.string()),
    fields: z.array(z.object({ code: z.string(), value: z.string() })),
    state: z.enum(['draft', 'proposed', 'confirmed']),
  })
  .meta({ id: 'CataloguedState' });

/** A scan that a better one took the place of. */
const FormerScan = z
  .object({
    pageId: Id,
    turned: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
    byPageId: Id.describe('What took its place.'),
    reason: z.string(),
    byName: z.string().describe('Who said so.'),
    atMs: TimeMs,
    entryId: Id,
    receivedAtMs: TimeMs,
    findings: z.array(z.string()).describe('What the checks said of the former scan, by code.'),
  })
  .meta({ id: 'FormerScan' });

/** What a material was before: docs/spec/versions.md. */
export const MaterialVersions = z
  .object({
    materialId: Id,
    isGone: z.boolean().describe('It was taken apart; its versions are kept.'),
    catalogued: z
      .array(
        z
          .object({
            id: Id,
            atMs: TimeMs,
            byName: z.string().describe('Empty: the archive itself.'),
            entryId: Id,
            before: CataloguedState,
            after: CataloguedState.nullable().describe('Null: it was taken apart.'),
          })
          .meta({ id: 'CataloguedVersion' }),
      )
      .describe(
        'Each act that catalogued it otherwise once it was confirmed, and where two persons are asked for what a person made of a proposal; the oldest first.',
      ),
    scans: z
      .array(
        z
          .object({
            pageId: Id.describe('The page that stands.'),
            place: z.int().min(1).describe('In the material, from 1.'),
            former: z.array(FormerScan).describe('Newest first.'),
          })
          .meta({ id: 'FaceScans' }),
      )
      .describe('Faces of which former scans are kept.'),
    masking: Masking,
  })
  .meta({ id: 'MaterialVersions' });
export type MaterialVersions = z.infer<typeof MaterialVersions>;

/** A material that was proposed and waits for a person. */
export const ReviewLine = z
  .object({
    materialId: Id,
    dossierId: Id,
    dossierCode: z.string(),
    name: z.string().describe("Of the dossier's subject."),
    schemeId: z.string(),
    classCode: z.string().nullable(),
    title: z.string().nullable().describe('Masked.'),
    pages: z.int().min(0),
    least01: Confidence.describe('How sure the machine was where it was least sure.'),
  })
  .meta({ id: 'ReviewLine' });
export type ReviewLine = z.infer<typeof ReviewLine>;

export const deskEndpoints = {
  listReviewQueue: defineEndpoint({
    method: 'GET',
    path: '/api/v1/review-queue',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '待核对材料', en: 'Materials to be checked' },
    description: 'What was proposed in the dossiers that one may arrange, the least sure first. An entry is made for the first page.',
    headers: PurposeHeader,
    query: z.object({ cursor: Cursor.optional(), limit: Limit.optional() }),
    answers: { 200: z.object({ items: z.array(ReviewLine), nextCursor: z.string().nullable(), count: Count }).meta({ id: 'ReviewPage' }) },
    problems: [422],
  }),
  getDesk: defineEndpoint({
    method: 'GET',
    path: '/api/v1/dossiers/{dossierId}/desk',
    tag: 'desk',
    right: 'dossier.read',
    summary: { zh: '案卷材料与页', en: 'Materials and pages of a dossier' },
    headers: PurposeHeader,
    params: dossierId,
    answers: { 200: Desk },
    problems: [404],
  }),
  getMaterialVersions: defineEndpoint({
    method: 'GET',
    path: '/api/v1/dossiers/{dossierId}/materials/{materialId}/versions',
    tag: 'desk',
    right: 'dossier.read',
    summary: { zh: '材料的历次版本', en: 'Versions of a material' },
    description:
      'How it was catalogued before each change since it was confirmed, and the scans that better ones took the place of. A former scan is looked at as any page is. The look is an entry.',
    headers: PurposeHeader,
    params: z.object({ dossierId: Id, materialId: Id }),
    answers: { 200: MaterialVersions },
    problems: [404],
  }),
  operate: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/operations',
    tag: 'desk',
    right: 'material.change',
    summary: { zh: '整理操作', en: 'Arrange and catalogue' },
    description:
      'All operations of the request are done in one transaction or none. Problems: `dossier/changed` (409) when `baseVersion` is old, `material/not-found` (404), `material/class-holds-none`, `operation/nothing-to-undo`, `page/not-in-material`, `page/superseded`, `page/not-loose`, `page/no-material`, `version/not-found`, `catalogue/masked-value` (422): a value shown masked may come back as it was shown, and then stays; never changed around its mask.',
    headers: PurposeHeader,
    params: dossierId,
    body: z.object({ baseVersion: z.int().min(1), operations: z.array(Operation).min(1).max(200) }).meta({ id: 'OperationRequest' }),
    answers: { 200: Desk },
    problems: [404, 409, 422],
  }),
  makeCatalogueSheet: defineEndpoint({
    method: 'POST',
    path: '/api/v1/dossiers/{dossierId}/catalogue-sheets',
    tag: 'desk',
    right: 'catalogue.export',
    needsFreshAuth: true,
    summary: { zh: '导出目录', en: 'Catalogue sheet as Excel or PDF' },
    description: 'An export is an entry of the log. Columns: 类号, 材料名称, 形成时间 (年/月/日), 份数, 页数, 备注.',
    headers: PurposeHeader,
    params: dossierId,
    body: z
      .object({
        format: z.enum(['xlsx', 'pdf']),
        sheet: z
          .enum(['catalogue', 'remarks', 'chase'])
          .default('catalogue')
          .describe(
            '目录; 备考表, with what the archive counted and rules for what people say; 催缴清单, what is missing (docs/spec/quality.md).',
          ),
      })
      .meta({ id: 'CatalogueSheetRequest' }),
    answers: {
      200: { media: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/pdf'], what: 'The sheet.' },
    },
    problems: [404],
  }),
} as const;
