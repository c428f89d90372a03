import { findAnchorProblems } from '../../anchors/index.ts';
import { findKeyProblems } from '../../archive/index.ts';
import { isKitConfirmed } from '../../setup/index.ts';
import type { Handlers } from '../handler.ts';

interface Check {
  code: string;
  status: 'ok' | 'warning' | 'failing';
  params?: Record<string, string | number | boolean>;
}

const VERSION = '0.1.0';

export const healthHandlers: Pick<Handlers, 'getHealth'> = {
  getHealth: async ({ archive, session, reply }) => {
    const checks: Check[] = [];
    const isUp = await archive.db.query('select 1').then(
      () => true,
      () => false,
    );
    checks.push({ code: 'health/database', status: isUp ? 'ok' : 'failing' });
    checks.push({ code: 'health/reader', status: archive.readers ? 'ok' : 'warning' });
    // Errors of the keys are warnings here: the archive answers, and a balancer must not take it away for them.
    const problems = await findKeyProblems(archive.config, archive.keys);
    if (problems.length === 0) checks.push({ code: 'health/keys', status: 'ok' });
    for (const { code, params } of problems) checks.push({ code, status: 'warning', ...(params ? { params } : {}) });
    if (isUp && archive.identity.kind === 'production') {
      const isConfirmed = await isKitConfirmed(archive);
      checks.push(isConfirmed ? { code: 'health/recovery-kit', status: 'ok' } : { code: 'key/kit-not-confirmed', status: 'warning' });
    }
    const anchors = isUp ? await findAnchorProblems(archive.db, archive.clock.nowMs()) : null;
    if (anchors?.length === 0) checks.push({ code: 'health/anchors', status: 'ok' });
    for (const { code, params } of anchors ?? []) checks.push({ code, status: 'warning', params });
    const worst = checks.some((c) => c.status === 'failing') ? 'failing' : checks.some((c) => c.status === 'warning') ? 'degraded' : 'ok';
    // A stranger learns that it answers, not where it is weak.
    const body = { status: worst, version: VERSION, checks: session ? checks : [] };
    return worst === 'failing' ? reply.status(503).send(body) : body;
  },
};
