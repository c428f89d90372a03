import { ask, enterFirst } from './enter.ts';
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

async function enter(stage: Stage): Promise<Visitor> {
  const { page } = stage.visitor;
  const { fonds } = await ask<{ fonds: { id: string }[] }>(page, 'GET', '/api/v1/fonds');
  const account = { name: SECOND, role: 'archivist', fondsId: fonds[0]?.id, unitId: null, levelMax: 3 };
  const { password } = await ask<{ password: string }>(page, 'POST', '/api/v1/accounts', account);
  const visitor = await openVisitor(stage.browser, stage.archive.url);
  await enterFirst(visitor.page, SECOND, password);
  return visitor;
}
