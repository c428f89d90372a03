import { ask, enterFirst, PASSWORD } from './enter.ts';
import type { Stage } from './stage.ts';
import { openVisitor, type Visitor } from './visitor.ts';

/** Name of the second person: an archivist of the whole fonds, who is nobody else in these tests. */
export const SECOND = '孔复核';

const opened = new WeakMap<Stage, Promise<Visitor>>();

/** Another person before a browser of the own, signed in once for all tests of a file. The account is made by whoever keeps them. */
export function openSecond(stage: Stage): Promise<Visitor> {
  const known = opened.get(stage);
  if (known) return known;
  const made = enter(stage);
  opened.set(stage, made);
  return made;
}

/** Shows the password again, for acts that want it fresh: on a slow machine the sign-in is long ago. */
export async function showPasswordAgain(stage: Stage, who: 'first' | 'second'): Promise<void> {
  const { page } = who === 'first' ? stage.visitor : await openSecond(stage);
  await ask(page, 'POST', '/api/v1/session/fresh', { password: who === 'first' ? stage.archive.passwordOf('trial_owner') : PASSWORD });
}

async function enter(stage: Stage): Promise<Visitor> {
  const { page } = stage.visitor;
  await ask(page, 'POST', '/api/v1/session/fresh', { password: stage.archive.passwordOf('trial_owner') });
  const { fonds } = await ask<{ fonds: { id: string }[] }>(page, 'GET', '/api/v1/fonds');
  const account = { name: SECOND, role: 'archivist', fondsId: fonds[0]?.id, unitId: null, levelMax: 3 };
  const { password } = await ask<{ password: string }>(page, 'POST', '/api/v1/accounts', account);
  const visitor = await openVisitor(stage.browser, stage.archive.url);
  await enterFirst(visitor.page, SECOND, password);
  return visitor;
}
