import { askBreakGlass, endBreakGlass, listBreakGlass, openBreakGlass } from '../../access/index.ts';
import type { Handlers } from '../handler.ts';
import { isAllowed } from '../rights.ts';

/** The alarm in the journal: by id alone, whoever watches the journal looks the rest up in the log. */
function alarm(id: string): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), alarm: true, what: 'break-glass.opened', id })}\n`);
}

export const breakGlassHandlers: Pick<Handlers, 'listBreakGlass' | 'askBreakGlass' | 'openBreakGlass' | 'endBreakGlass'> = {
  listBreakGlass: async ({ archive, account, desk }) => ({
    items: await listBreakGlass(archive, account),
    mayAsk: isAllowed(await desk(), 'dossier.read'),
  }),
  askBreakGlass: async ({ archive, account, body, reply }) => reply.status(201).send(await askBreakGlass(archive, account, body)),
  openBreakGlass: async ({ archive, account, params }) => {
    const line = await openBreakGlass(archive, account, params.breakGlassId);
    alarm(line.id);
    return line;
  },
  endBreakGlass: async ({ archive, account, params }) => endBreakGlass(archive, account, params.breakGlassId),
};
