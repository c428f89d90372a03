import { searchArchive } from '@lantai/server';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

export interface SearchOptions {
  readonly as?: string;
  readonly limit: string;
  readonly exact?: boolean;
}

/** `lantai search WORDS…`: what an account may see of what was read and catalogued. Exits with 1 when nothing is found. */
export async function searchCommand(context: Context, words: readonly string[], options: SearchOptions): Promise<number> {
  const { out } = context;
  const session = await openSession(context.config, { as: options.as, reads: false });
  try {
    const answer = await searchArchive(await session.desk('archive_work'), {
      query: words.join(' '),
      limit: Number(options.limit),
      exactCount: options.exact ?? false,
    });
    for (const hit of answer.hits) {
      out.json(hit);
      const page = hit.pageId ? ` ${hit.pageId}` : '';
      const doubt = hit.certainty === 'possible' ? (out.language === 'zh' ? ' 可能命中' : ' possible') : '';
      out.line(`${hit.dossierCode}${page} [${hit.kind}${doubt}]  ${hit.snippet.text}`);
    }
    const count = answer.count ?? { value: 0, more: true };
    const more = count.more ? '+' : '';
    out.json({ count: count.value, more: count.more, unreadPages: answer.unreadPages });
    out.say(
      `共 ${count.value}${more} 处命中，${answer.unreadPages} 页尚未识读。`,
      `${count.value}${more} hits; ${answer.unreadPages} pages are not read yet.`,
    );
    return answer.hits.length ? EXIT.ok : EXIT.attention;
  } finally {
    await session.close();
  }
}
