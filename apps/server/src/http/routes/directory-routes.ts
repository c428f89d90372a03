import { XLSX } from '@lantai/contract';
import { ArchiveError } from '@lantai/values';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  applySheet,
  listSources,
  makeErrorSheet,
  makeTemplate,
  planSheet,
  type SheetLine,
  type SheetOptions,
} from '../../directory/index.ts';
import type { Handlers } from '../handler.ts';

type DirectoryHandlers = Pick<
  Handlers,
  'listDirectorySources' | 'getDirectoryTemplate' | 'planDirectory' | 'makeDirectoryErrorSheet' | 'applyDirectory'
>;

/** The sheet that was sent. @throws ArchiveError `request/malformed` (caller) when there is none */
function bytesOf(request: FastifyRequest): Uint8Array {
  if (!(request.body instanceof Uint8Array) || !request.body.length) throw new ArchiveError('request/malformed', 'caller');
  return request.body;
}

interface SheetQuery {
  readonly fondsId: string;
  readonly complete?: 'true' | 'false' | undefined;
  readonly adopts?: 'true' | 'false' | undefined;
}

const optionsOf = (query: SheetQuery): SheetOptions => ({
  fondsId: query.fondsId,
  complete: query.complete === 'true',
  adopts: query.adopts === 'true',
});

const linesOf = (lines: readonly SheetLine[]) => lines.map((line) => ({ ...line, changes: [...line.changes], params: { ...line.params } }));

const sendSheet = (reply: FastifyReply, name: string, bytes: Uint8Array) =>
  reply.type(XLSX).header('content-disposition', `attachment; filename="${name}.xlsx"`).send(Buffer.from(bytes));

export const directoryHandlers: DirectoryHandlers = {
  listDirectorySources: async ({ desk }) => ({ items: await listSources(await desk()) }),
  getDirectoryTemplate: async ({ archive, desk, reply }) => sendSheet(reply, 'lantai-directory', await makeTemplate(archive, await desk())),
  planDirectory: async ({ archive, desk, query, request }) => {
    const { lines, refusal, digest } = await planSheet(archive, await desk(), bytesOf(request), optionsOf(query));
    return { lines: linesOf(lines), refusal: refusal && { code: refusal.code, params: { ...refusal.params } }, digest };
  },
  makeDirectoryErrorSheet: async ({ archive, desk, query, request, reply, language }) => {
    const bytes = await makeErrorSheet(archive, await desk(), bytesOf(request), { ...optionsOf(query), language });
    return sendSheet(reply, 'lantai-directory-errors', bytes);
  },
  applyDirectory: async ({ archive, desk, query, request, reply }) => {
    const { plan, slips, emptied } = query;
    const options = { ...optionsOf(query), digest: plan, givesPasswords: slips === 'true', mayEmpty: emptied === 'true' };
    const { lines, passwords } = await applySheet(archive, await desk(), bytesOf(request), options);
    // What holds passwords is kept by no cache.
    reply.header('cache-control', 'no-store');
    return { lines: linesOf(lines), passwords: [...passwords] };
  },
};
