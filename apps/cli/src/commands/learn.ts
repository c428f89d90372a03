import { type Learned, learn, listLearning } from '@lantai/server';
import { ArchiveError } from '@lantai/values';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

/** What each outcome means, for a terminal. */
const SAID: Readonly<Record<Learned['verdict'], { readonly zh: string; readonly en: string }>> = {
  better: { zh: '已启用新版', en: 'the new model is in force' },
  'too-few': { zh: '已核对的材料太少，尚不能学习', en: 'too few settled materials to learn by' },
  'no-gain': { zh: '没有比规则更好，不启用', en: 'no better than the rules; not put in force' },
  worse: { zh: '不如现用的一版，不启用', en: 'worse than what is in force; not put in force' },
  unsure: { zh: '改动之处错的太多，不启用', en: 'too much of what it changes is wrong; not put in force' },
};

/**
 * `lantai learn`: trains the models of every fonds that the account takes in whole, now and in this process. 0: done; 1: nothing was put in force.
 * @throws ArchiveError `desk/not-allowed`, `learning/none` (caller) when no proposal was ever laid there
 */
export async function learnCommand(context: Context, options: { readonly as?: string }): Promise<number> {
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const desk = await session.desk('archive_work');
    desk.scope('jobs.manage');
    const places = await listLearning(session.archive, desk);
    if (!places.length) throw new ArchiveError('learning/none', 'caller');
    const { out } = context;
    let isBetter = false;
    for (const { fondsId, fondsCode, schemeId } of places) {
      const learned = await learn(session.archive, { fondsId, schemeId });
      isBetter ||= learned.verdict === 'better';
      const { examples, corrected, verdict } = learned;
      const { zh, en } = SAID[verdict];
      out.say(
        `${fondsCode} ${schemeId}：${zh}（已核对 ${examples} 份，其中更正 ${corrected} 份）`,
        `${fondsCode} ${schemeId}: ${en} (${examples} settled, ${corrected} corrected)`,
      );
      out.json({ fonds: fondsCode, scheme: schemeId, ...learned });
    }
    return isBetter ? EXIT.ok : EXIT.attention;
  } finally {
    await session.close();
  }
}
