import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { ArchivalCode, Cursor, Id, PurposeHeader } from './values.ts';

/** Boxes set up, and labels printed, at once. */
export const BOXES_AT_ONCE_MAX = 200;
/** Volumes put into a box, or taken out, at once. */
const VOLUMES_AT_ONCE_MAX = 200;
const SHEETS_MAX = 2000;

const PlaceStep = z.string().trim().max(16);
export const BoxPlaceView = z
  .object({
    repository: PlaceStep.describe('库房'),
    zone: PlaceStep.describe('分区'),
    rack: PlaceStep.describe('密集架'),
    bay: PlaceStep.describe('列'),
    shelf: PlaceStep.describe('层'),
    slot: PlaceStep.describe('盒位'),
  })
  .meta({ id: 'BoxPlace', description: 'Short codes; empty: not known. Never words about anybody.' });

const SpineMm = z
  .union([z.literal(20), z.literal(30), z.literal(40), z.literal(50)])
  .describe('Thickness of the spine 盒脊厚度, millimetres.');
const Retention = z
  .string()
  .regex(/^(?:Y|D[1-9]\d{0,2})$/)
  .nullable()
  .describe('Retention period 保管期限: `Y` permanent, `D30` thirty years.');
const Year = z.int().min(1800).max(2999).nullable();
const Sheets = z.int().min(1).max(SHEETS_MAX);
const BoxNumber = z.int().min(1).max(999_999_999).describe('盒号: given once in a fonds, for ever.');
const Volume = z.int().min(1).max(99).describe('册: volume of the dossier, from 1.');

/** What a box is arranged by and how it is made. */
const made = {
  spineMm: SpineMm,
  capacitySheets: Sheets.describe('Sheets it may hold.'),
  retention: Retention,
  year: Year,
  schemeId: z.string().max(80).nullable(),
  classCode: z.string().max(20).nullable(),
  place: BoxPlaceView,
  namesOutside: z.boolean().describe('Labels of this box may name those whose dossiers lie in it. Off unless somebody says so.'),
};

/** A box (卷盒): codes, numbers and counts. */
export const BoxView = z
  .object({
    id: Id,
    fondsId: Id,
    fondsCode: z.string(),
    unitId: Id.describe('The unit that keeps it.'),
    category: z.string(),
    level: z.int().describe('The highest of what may lie in it.'),
    number: BoxNumber,
    ...made,
    version: z.int().min(1),
    ended: z.boolean().describe('Out of use.'),
    volumes: z.int().min(0),
    sheets: z.int().min(0),
  })
  .meta({ id: 'Box' });
export type BoxView = z.infer<typeof BoxView>;

export const BoxDetail = z
  .object({
    ...BoxView.shape,
    lines: z.array(
      z.object({ dossierId: Id, dossierCode: z.string(), name: z.string(), volume: Volume, sheets: Sheets }).meta({ id: 'BoxLine' }),
    ),
    hidden: z.int().min(0).describe('Volumes of dossiers that this account may not see.'),
  })
  .meta({ id: 'BoxDetail' });
export type BoxDetail = z.infer<typeof BoxDetail>;

/** Where a volume of a dossier lies. */
export const BoxedVolume = z
  .object({ boxId: Id, number: BoxNumber, place: BoxPlaceView, volume: Volume, sheets: Sheets, position: z.int().min(1) })
  .meta({ id: 'BoxedVolume' });
export type BoxedVolume = z.infer<typeof BoxedVolume>;

const boxId = z.object({ boxId: Id });
const BoxIds = z.array(Id).min(1).max(BOXES_AT_ONCE_MAX);
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Boxes of the storeroom: docs/spec/boxes.md. */
export const boxEndpoints = {
  listBoxes: defineEndpoint({
    method: 'GET',
    path: '/api/v1/boxes',
    tag: 'catalogue',
    right: 'dossier.list',
    summary: { zh: '卷盒', en: 'Boxes, by fonds and number' },
    headers: PurposeHeader,
    query: z.object({
      fondsId: Id.optional(),
      category: z.string().max(40).optional(),
      retention: z
        .string()
        .regex(/^(?:Y|D[1-9]\d{0,2})$/)
        .optional(),
      year: z.coerce.number().int().min(1800).max(2999).optional(),
      schemeId: z.string().max(80).optional(),
      repository: z.string().max(16).optional(),
      fill: z.enum(['room', 'empty', 'ended']).optional().describe('With room to spare; empty; out of use. Left out: all in use.'),
      cursor: Cursor.optional(),
    }),
    answers: { 200: z.object({ items: z.array(BoxView), nextCursor: z.string().nullable() }).meta({ id: 'BoxList' }) },
  }),
  createBoxes: defineEndpoint({
    method: 'POST',
    path: '/api/v1/boxes',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '设盒', en: 'Set up boxes' },
    description: 'Problems: `unit/not-found` (404), `box/number-taken` (409), `box/place`, `level/consult-paper` (422).',
    headers: PurposeHeader,
    body: z
      .object({
        unitId: Id,
        category: z.string().min(1).max(40),
        level: z.int().min(0).max(9).default(1),
        count: z.int().min(1).max(BOXES_AT_ONCE_MAX).default(1),
        number: BoxNumber.nullable().default(null).describe('Of the first; null: the next of the fonds.'),
        ...made,
        capacitySheets: Sheets.nullable().default(null).describe('Null: by the spine.'),
        namesOutside: z.boolean().default(false),
      })
      .meta({ id: 'NewBoxes' }),
    answers: { 201: z.object({ ids: z.array(Id) }).meta({ id: 'BoxesCreated' }) },
    problems: [404, 409, 422],
  }),
  getBox: defineEndpoint({
    method: 'GET',
    path: '/api/v1/boxes/{boxId}',
    tag: 'catalogue',
    right: 'dossier.list',
    summary: { zh: '盒内案卷', en: 'A box with what lies in it' },
    headers: PurposeHeader,
    params: boxId,
    answers: { 200: BoxDetail },
    problems: [404],
  }),
  editBox: defineEndpoint({
    method: 'PATCH',
    path: '/api/v1/boxes/{boxId}',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '修改卷盒', en: 'Change a box: its place, what it is arranged by, whether it is in use' },
    description: 'Problems: `box/changed` (409), `box/too-small`, `box/not-empty`, `box/place` (422).',
    headers: PurposeHeader,
    params: boxId,
    body: z.object({ version: z.int().min(1), ...z.object(made).partial().shape, ended: z.boolean().optional() }).meta({ id: 'BoxChange' }),
    answers: { 204: { empty: 'Changed.' } },
    problems: [404, 409, 422],
  }),
  putIntoBox: defineEndpoint({
    method: 'POST',
    path: '/api/v1/boxes/{boxId}/volumes',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '入盒、移盒、调整盒内次序', en: 'Put volumes into a box, out of another, or at another place in it' },
    description:
      'Problems (422): `box/full`, `box/ended`, `box/sheets`, `box/other-fonds`, `box/other-category`, `box/other-level`, `dossier/code-in-several-fonds`.',
    headers: PurposeHeader,
    params: boxId,
    body: z
      .object({
        volumes: z
          .array(
            z.object({
              dossier: z.union([z.object({ id: Id }), z.object({ code: ArchivalCode })]),
              volume: Volume.default(1),
              sheets: Sheets.optional().describe('Left out: as known, else as the processing slip says, else one for each page.'),
            }),
          )
          .min(1)
          .max(VOLUMES_AT_ONCE_MAX),
        at: z.int().min(1).nullable().default(null).describe('Before the volume at this place; null: at the end.'),
      })
      .meta({ id: 'BoxPut' }),
    answers: { 204: { empty: 'They lie in the box.' } },
    problems: [404, 422],
  }),
  takeFromBox: defineEndpoint({
    method: 'POST',
    path: '/api/v1/boxes/{boxId}/takings',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '出盒', en: 'Take volumes out of a box' },
    description: 'Problems (422): `box/not-in-it`.',
    headers: PurposeHeader,
    params: boxId,
    body: z
      .object({
        volumes: z
          .array(z.object({ dossierId: Id, volume: Volume }))
          .min(1)
          .max(VOLUMES_AT_ONCE_MAX),
      })
      .meta({ id: 'BoxTaking' }),
    answers: { 204: { empty: 'Taken out.' } },
    problems: [404, 422],
  }),
  findBox: defineEndpoint({
    method: 'POST',
    path: '/api/v1/box-finds',
    tag: 'catalogue',
    right: 'dossier.list',
    summary: { zh: '扫码找盒', en: 'The box that a scanned code or a number names' },
    description: 'Problems: `box/not-found` (404), `box/code-damaged`, `box/several-fonds` (422).',
    headers: PurposeHeader,
    body: z.object({ text: z.string().min(1).max(120) }).meta({ id: 'BoxFind' }),
    answers: { 200: z.object({ boxId: Id }).meta({ id: 'BoxFound' }) },
    problems: [404, 422],
  }),
  makeBoxLabels: defineEndpoint({
    method: 'POST',
    path: '/api/v1/box-labels',
    tag: 'catalogue',
    right: 'dossier.change',
    summary: { zh: '打印盒面、盒脊、二维码标签', en: 'Labels of boxes: face, spine or QR code' },
    description:
      'Codes and numbers. Names stand on a face or spine only where the box says so and this account may see all that lies in it.',
    headers: PurposeHeader,
    body: z
      .object({ boxIds: BoxIds, kind: z.enum(['face', 'spine', 'qr']), format: z.enum(['pdf', 'xlsx']).default('pdf') })
      .meta({ id: 'BoxLabelOrder' }),
    answers: { 200: { media: ['application/pdf', XLSX], what: 'The labels.' } },
    problems: [404, 422],
  }),
  makeBoxList: defineEndpoint({
    method: 'POST',
    path: '/api/v1/box-lists',
    tag: 'catalogue',
    right: 'catalogue.export',
    needsFreshAuth: true,
    summary: { zh: '盒内目录', en: 'Contents lists of boxes, as PDF or Excel' },
    headers: PurposeHeader,
    body: z.object({ boxIds: BoxIds, format: z.enum(['pdf', 'xlsx']) }).meta({ id: 'BoxListOrder' }),
    answers: { 200: { media: ['application/pdf', XLSX], what: 'One list for each box.' } },
    problems: [404, 422],
  }),
} as const;
