import { accountNames, listCountercheckRules, listCounterchecks, readSchemes, setCountercheckRule } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

/** What `lantai countercheck` does. */
export const COUNTERCHECK_ACTS = ['list', 'on', 'off'] as const;
export type CountercheckCommandAct = (typeof COUNTERCHECK_ACTS)[number];

export interface CountercheckOptions {
  readonly as?: string;
  readonly fonds?: string;
}

/**
 * `lantai countercheck [on|off SCHEME]`: where two persons are asked for, and what waits for this account as second person or came back to it as first;
 * `on` and `off` ask for two persons in a fonds under a scheme, or no longer. Passing is done at the desk, where the pages are seen.
 * Exit code 1 of the list: something waits for this account.
 * @throws ArchiveError as the acts; `scheme/not-found`, `fonds/not-found` (caller)
 */
export async function countercheckCommand(
  context: Context,
  act: CountercheckCommandAct,
  schemeId: string | undefined,
  options: CountercheckOptions,
): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const { archive } = session;
    const { out } = context;
    const desk = await session.desk('archive_work');
    const schemeIds = (await readSchemes(archive.db, archive)).map((scheme) => scheme.id);
    const rules = await listCountercheckRules(desk, schemeIds);
    if (act !== 'list') {
      const rule = rules.find((r) => r.schemeId === schemeId && (options.fonds === undefined || r.fondsCode === options.fonds));
      if (!rule) throw new ArchiveError(schemeIds.includes(schemeId ?? '') ? 'fonds/not-found' : 'scheme/not-found', 'caller');
      const required = act === 'on';
      await setCountercheckRule(archive, desk, { fondsId: rule.fondsId, schemeId: rule.schemeId, required }, schemeIds);
      out.json({ fonds: rule.fondsCode, scheme: rule.schemeId, required });
      out.say(
        `全宗 ${rule.fondsCode}、${rule.schemeId}：${required ? '已启用' : '已停用'}双人复核。`,
        `Fonds ${rule.fondsCode}, ${rule.schemeId}: two persons ${required ? 'are asked for' : 'are no longer asked for'}.`,
      );
      return EXIT.ok;
    }
    const names = await accountNames(
      archive,
      archive.db,
      rules.flatMap((r) => (r.madeBy === null ? [] : [r.madeBy])),
    );
    out.json({ rules: rules.map(({ madeBy, ...r }) => ({ ...r, madeByName: madeBy === null ? '' : (names.get(madeBy) ?? '') })) });
    for (const r of rules) out.line(`${r.required ? '●' : '○'}  ${r.fondsCode}  ${r.schemeId}`);
    return (await tellQueue(context, archive, desk)) ? EXIT.attention : EXIT.ok;
  } finally {
    await session.close();
  }
}

/** Prints what waits: archival codes and classes, no title and no name. Returns whether anything does. */
async function tellQueue(
  { out }: Context,
  archive: Parameters<typeof listCounterchecks>[0],
  desk: Parameters<typeof listCounterchecks>[1],
): Promise<boolean> {
  let waits = false;
  for (const as of ['second', 'first'] as const) {
    const { items, counts } = await listCounterchecks(archive, desk, { as });
    const count = counts[as];
    waits ||= count.value > 0;
    out.json({
      as,
      count,
      items: items.map(({ dossierCode, classCode, materialId, pages }) => ({ dossierCode, classCode, materialId, pages })),
    });
    const number = `${count.value}${count.more ? '+' : ''}`;
    if (as === 'second') out.say(`待您复核 ${number} 份`, `${number} for your countercheck`);
    else out.say(`退回给您 ${number} 份`, `${number} returned to you`);
    for (const line of items) out.line(`   ${line.dossierCode}  ${line.classCode ?? '-'}  ${line.pages}`);
  }
  return waits;
}
