import { accountNames } from '../../access/index.ts';
import { countercheckMaterials, listCounterchecks, readSchemes } from '../../catalogue/index.ts';
import { listCountercheckRules, setCountercheckRule } from '../../countercheck/index.ts';
import { findShown } from '../../masking/index.ts';
import type { Handlers } from '../handler.ts';

type Handled = 'listCounterchecks' | 'countercheck' | 'listCountercheckRules' | 'setCountercheckRule';

export const countercheckHandlers: Pick<Handlers, Handled> = {
  listCounterchecks: async ({ archive, query, desk }) => {
    const { items, ...page } = await listCounterchecks(archive, await desk(), query);
    return { ...page, items: items.map((line) => ({ ...line, firstNames: [...line.firstNames] })) };
  },
  countercheck: async ({ archive, params, body, session, desk }) => {
    const door = await desk();
    const shown = await findShown(archive, door, session?.digest ?? null, { dossierId: params.dossierId, pageId: null });
    return countercheckMaterials(archive, door, params.dossierId, body, shown);
  },
  listCountercheckRules: async ({ archive, desk }) => {
    const door = await desk();
    const schemes = await readSchemes(archive.db, archive);
    const rules = await listCountercheckRules(
      door,
      schemes.map((scheme) => scheme.id),
    );
    const names = await accountNames(
      archive,
      archive.db,
      rules.flatMap((rule) => (rule.madeBy === null ? [] : [rule.madeBy])),
    );
    return { rules: rules.map(({ madeBy, ...rule }) => ({ ...rule, madeByName: madeBy === null ? '' : (names.get(madeBy) ?? '') })) };
  },
  setCountercheckRule: async ({ archive, body, desk, reply }) => {
    const door = await desk();
    const schemes = await readSchemes(archive.db, archive);
    await setCountercheckRule(
      archive,
      door,
      body,
      schemes.map((scheme) => scheme.id),
    );
    return reply.code(204).send();
  },
};
