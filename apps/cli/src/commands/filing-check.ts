import { accountNames, listFilingCheckRules, readSchemes, setFilingCheckRule } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

/** What `lantai filing-check` does. */
export const FILING_CHECK_ACTS = ['list', 'on', 'off'] as const;
export type FilingCheckAct = (typeof FILING_CHECK_ACTS)[number];

export interface FilingCheckOptions {
  readonly as?: string;
  readonly fonds?: string;
}

/**
 * `lantai filing-check [on|off SCHEME]`: in which fonds, under which schemes a dossier must pass the four-property check before it is filed; `on` and
 * `off` ask for it, or no longer. The check itself is `lantai check-properties`.
 * @throws ArchiveError as the acts; `scheme/not-found`, `fonds/not-found` (caller)
 */
export async function filingCheckCommand(
  context: Context,
  act: FilingCheckAct,
  schemeId: string | undefined,
  options: FilingCheckOptions,
): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const { archive } = session;
    const { out } = context;
    const desk = await session.desk('archive_work');
    const schemeIds = (await readSchemes(archive.db, archive)).map((scheme) => scheme.id);
    const rules = await listFilingCheckRules(desk, schemeIds);
    if (act === 'list') {
      const names = await accountNames(
        archive,
        archive.db,
        rules.flatMap((r) => (r.madeBy === null ? [] : [r.madeBy])),
      );
      out.json({ rules: rules.map(({ madeBy, ...r }) => ({ ...r, madeByName: madeBy === null ? '' : (names.get(madeBy) ?? '') })) });
      for (const r of rules) out.line(`${r.required ? '●' : '○'}  ${r.fondsCode}  ${r.schemeId}`);
      return EXIT.ok;
    }
    const rule = rules.find((r) => r.schemeId === schemeId && (options.fonds === undefined || r.fondsCode === options.fonds));
    if (!rule) throw new ArchiveError(schemeIds.includes(schemeId ?? '') ? 'fonds/not-found' : 'scheme/not-found', 'caller');
    const required = act === 'on';
    await setFilingCheckRule(archive, desk, { fondsId: rule.fondsId, schemeId: rule.schemeId, required }, schemeIds);
    out.json({ fonds: rule.fondsCode, scheme: rule.schemeId, required });
    out.say(
      `全宗 ${rule.fondsCode}、${rule.schemeId}：${required ? '已启用' : '已停用'}归档前四性检测。`,
      `Fonds ${rule.fondsCode}, ${rule.schemeId}: the four-property check ${required ? 'is asked for' : 'is no longer asked for'} before filing.`,
    );
    return EXIT.ok;
  } finally {
    await session.close();
  }
}
