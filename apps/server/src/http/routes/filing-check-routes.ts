import { accountNames } from '../../access/index.ts';
import { readSchemes } from '../../catalogue/index.ts';
import { listFilingCheckRules, setFilingCheckRule } from '../../filing-check/index.ts';
import type { Handlers } from '../handler.ts';

export const filingCheckHandlers: Pick<Handlers, 'listFilingCheckRules' | 'setFilingCheckRule'> = {
  listFilingCheckRules: async ({ archive, desk }) => {
    const door = await desk();
    const schemes = await readSchemes(archive.db, archive);
    const rules = await listFilingCheckRules(
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
  setFilingCheckRule: async ({ archive, body, desk, reply }) => {
    const door = await desk();
    const schemes = await readSchemes(archive.db, archive);
    await setFilingCheckRule(
      archive,
      door,
      body,
      schemes.map((scheme) => scheme.id),
    );
    return reply.code(204).send();
  },
};
