import type { CodeRuleView } from '@lantai/contract';
import { listCodeRules, recodeDossiers, setCodeRule } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

/** What `lantai codes` does. */
export const CODES_ACTS = ['list', 'choose', 'rewrite'] as const;
export type CodesAct = (typeof CODES_ACTS)[number];
/** Forms of a code; `own`: as codes were always given, `none`: no second. */
export const CODE_FORMS = ['own', 'none', 'da-t-13', 'da-t-22'] as const;

export interface CodesOptions {
  readonly as?: string;
  readonly leading: (typeof CODE_FORMS)[number];
  readonly second: (typeof CODE_FORMS)[number];
}

/**
 * `lantai codes list | choose SCHEME | rewrite SCHEME [--fonds CODE]`: by which form codes are given, and writing those that are there by it.
 * @throws ArchiveError as the acts; `fonds/not-found`, `scheme/not-found` (caller)
 */
export async function codesCommand(
  { config, out }: Context,
  act: CodesAct,
  schemeId: string | undefined,
  fondsCode: string | undefined,
  options: CodesOptions,
): Promise<number> {
  const session = await openSession(config, { as: options.as, reads: false });
  try {
    const { archive } = session;
    const desk = await session.desk('archive_work');
    const { items } = await listCodeRules(archive, desk);
    if (act === 'list') return tell(out, items);
    const rules = items.filter((r) => r.schemeId === schemeId && (fondsCode === undefined || r.fondsCode === fondsCode));
    const [rule] = rules;
    if (!rule || rules.length > 1) throw new ArchiveError(fondsCode || rule ? 'fonds/not-found' : 'scheme/not-found', 'caller');
    const { fondsId } = rule;
    if (act === 'choose') {
      const form = (chosen: CodesOptions['leading']) => (chosen === 'own' || chosen === 'none' ? null : chosen);
      await setCodeRule(archive, desk, { fondsId, schemeId: rule.schemeId, leading: form(options.leading), second: form(options.second) });
      return tell(out, (await listCodeRules(archive, desk)).items);
    }
    const sum = { changed: 0, second: 0, unfit: 0 };
    for (let after: string | null | undefined; after !== null; ) {
      const done = await recodeDossiers(archive, desk, { fondsId, schemeId: rule.schemeId, after: after ?? null });
      for (const key of ['changed', 'second', 'unfit'] as const) sum[key] += done[key];
      after = done.after;
    }
    out.json(sum);
    out.say(
      `已改主档号 ${sum.changed} 卷，改副档号 ${sum.second} 卷，编不出的 ${sum.unfit} 卷。原档号仍可查到。`,
      `${sum.changed} leading codes and ${sum.second} second codes written, ${sum.unfit} could not be made. Former codes still find their dossiers.`,
    );
    return sum.unfit ? EXIT.attention : EXIT.ok;
  } finally {
    await session.close();
  }
}

function tell(out: Context['out'], items: readonly CodeRuleView[]): number {
  out.json(items);
  for (const r of items) {
    const template = r.leading === null ? r.templates.own : r.templates[r.leading];
    out.line(`${r.fondsCode}  ${r.schemeId}  ${r.leading ?? 'own'}  ${r.second ?? 'none'}  ${r.dossiers}  ${template ?? ''}`);
  }
  return EXIT.ok;
}
