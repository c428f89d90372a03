import { listOfficeConflicts } from '@lantai/server';
import type { Context } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { openSession } from '../session.ts';

/**
 * `lantai conflicts`: what stands in the data against the separation of the three administrators, for the audit or the security administrator.
 * 0: nothing; 1: there are conflicts.
 * @throws ArchiveError `desk/not-allowed` (caller)
 */
export async function conflictsCommand({ out, config }: Context, options: { readonly as?: string }): Promise<number> {
  const session = await openSession(config, { as: options.as, reads: false });
  try {
    const conflicts = await listOfficeConflicts(session.archive, session.account);
    for (const conflict of conflicts) {
      out.json(conflict);
      const who = conflict.accounts.map(({ name, role }) => `${name} (${role})`).join(' · ');
      out.line(`${who}  ${out.words(conflict.code, {})}${conflict.sign === 'none' ? '' : `  [${conflict.sign}]`}`);
    }
    out.say(
      conflicts.length ? `${conflicts.length} 处冲突。` : '三员分立，没有冲突。',
      conflicts.length ? `${conflicts.length} conflicts.` : 'No conflicts.',
    );
    return conflicts.length ? EXIT.attention : EXIT.ok;
  } finally {
    await session.close();
  }
}
