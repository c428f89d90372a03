import type { PolicyLine } from './model.ts';
import { type Action, type ActorRole, ADMINISTRATORS, ARCHIVE_BUSINESS } from './words.ts';

/** Tells a problem of the line at this place; null: of all lines together. */
type Say = (code: string, at: number | null, params?: Record<string, string | number>) => void;

/** Rights that say who has rights: what is spent with them cannot be taken back by those who lost them. */
const KEYS_OF_POLICY: readonly Action[] = ['policy.read', 'policy.change', 'account.manage'];

/**
 * What no policy may say, whoever writes it.
 * INVARIANT: no administrator does archive business and no two of them share a right (三员分立); somebody can change the policy again.
 */
export function checkLines(lines: readonly PolicyLine[], say: Say): void {
  const ids = new Set<string>();
  const holder = new Map<Action, ActorRole>();
  lines.forEach((line, at) => {
    if (line.id && ids.has(line.id)) say('policy/twice', at, { key: 'id', value: line.id });
    ids.add(line.id);
    if (line.effect === 'deny') return;
    for (const role of line.roles.filter((r) => ADMINISTRATORS.includes(r)))
      for (const action of line.actions) {
        if (ARCHIVE_BUSINESS.includes(action)) say('policy/administrator-and-archive', at, { role, action });
        const other = holder.get(action);
        if (other && other !== role) say('policy/administrators-share', at, { role, other, action });
        holder.set(action, role);
      }
  });
  for (const action of KEYS_OF_POLICY)
    if (lines.length && holder.get(action) !== 'security_admin') say('policy/locks-out', null, { action });
}
