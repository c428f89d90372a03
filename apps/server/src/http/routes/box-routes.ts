import { ArchiveError } from '@lantai/values';
import { createBoxes, editBox, findBox, listBoxes, putIntoBox, readBox, takeFromBox } from '../../boxes/index.ts';
import { type MadeSheet, makeBoxLabels, makeBoxLists } from '../../catalogue/index.ts';
import type { Call, Handlers } from '../handler.ts';

type Handled =
  | 'listBoxes'
  | 'createBoxes'
  | 'getBox'
  | 'editBox'
  | 'putIntoBox'
  | 'takeFromBox'
  | 'findBox'
  | 'makeBoxLabels'
  | 'makeBoxList';

/** `Z109/12`: code of the fonds and number of the last box of the page before. */
function placeAfter(cursor: string | undefined): { fonds: string; number: number } | undefined {
  if (cursor === undefined) return undefined;
  const at = cursor.lastIndexOf('/');
  const number = Number(cursor.slice(at + 1));
  if (at < 1 || !Number.isSafeInteger(number)) throw new ArchiveError('request/malformed', 'caller');
  return { fonds: cursor.slice(0, at), number };
}

const sent = (reply: Call<'makeBoxLabels'>['reply'], made: MadeSheet) =>
  reply.type(made.mediaType).header('content-disposition', `attachment; filename="${made.fileName}"`).send(Buffer.from(made.bytes));

export const boxHandlers: Pick<Handlers, Handled> = {
  listBoxes: async ({ query: { cursor, ...filters }, desk }) => {
    const { items, next } = await listBoxes(await desk(), { ...filters, after: placeAfter(cursor) });
    return { items, nextCursor: next && `${next.fonds}/${next.number}` };
  },
  createBoxes: async ({ body, desk, reply }) => reply.code(201).send({ ids: await createBoxes(await desk(), body) }),
  getBox: async ({ params, desk }) => readBox(await desk(), params.boxId),
  editBox: async ({ params, body, desk, reply }) => {
    await editBox(await desk(), params.boxId, body);
    return reply.code(204).send();
  },
  putIntoBox: async ({ params, body, desk, reply }) => {
    await putIntoBox(await desk(), params.boxId, body);
    return reply.code(204).send();
  },
  takeFromBox: async ({ params, body, desk, reply }) => {
    await takeFromBox(await desk(), params.boxId, body.volumes);
    return reply.code(204).send();
  },
  findBox: async ({ body, desk }) => ({ boxId: await findBox(await desk(), body.text) }),
  makeBoxLabels: async ({ archive, body, desk, language, reply }) =>
    sent(reply, await makeBoxLabels(archive, await desk(), body, language)),
  makeBoxList: async ({ archive, body, desk, language, reply }) => sent(reply, await makeBoxLists(archive, await desk(), body, language)),
};
