import { useAccounts } from '../../api/access.ts';
import type { Schemas } from '../../api/client.ts';
import { Chip } from '../../parts/chip.tsx';
import { useWords } from '../../words/words.tsx';

type Trial = Schemas['PolicyTrial'];
type Difference = Trial['differences'][number];

function Change({ difference }: { difference: Difference }) {
  const { w } = useWords();
  const { action, gained, lost, mayBefore, mayAfter } = difference;
  return (
    <li>
      <span>{w(`action.${action}`)}</span>
      <span className="changes">
        {mayAfter && !mayBefore && gained === 0 && <Chip tone="jade">{w('policy.trialMay')}</Chip>}
        {mayBefore && !mayAfter && lost === 0 && <Chip tone="cinnabar">{w('policy.trialMayNot')}</Chip>}
        {gained > 0 && <Chip tone="jade">{w('policy.trialGained', { count: gained })}</Chip>}
        {lost > 0 && <Chip tone="cinnabar">{w('policy.trialLost', { count: lost })}</Chip>}
      </span>
    </li>
  );
}

/** Who would gain and who would lose, person by person; nothing has changed yet. */
export function TrialResult({ trial, isStale = false }: { trial: Trial; isStale?: boolean }) {
  const { w, number } = useWords();
  const accounts = useAccounts();
  const byAccount = groupByAccount(trial.differences);
  const nameOf = (id: string) => accounts.data?.items.find((line) => line.id === id);
  return (
    <section className={isStale ? 'card trial stale' : 'card trial'} aria-label={w('policy.trialResult')}>
      <h2>{w('policy.trialResult')}</h2>
      {isStale && <p className="refusal">{w('policy.trialStale')}</p>}
      {trial.differences.length === 0 && <p className="proven">✓ {w('policy.trialNone')}</p>}
      <ul>
        {[...byAccount].map(([accountId, differences]) => {
          const line = nameOf(accountId);
          return (
            <li key={accountId}>
              <strong className="song">{line?.name ?? '…'}</strong> <span className="quiet">{line && w(`role.${line.role}`)}</span>
              <ul>
                {differences.map((difference) => (
                  <Change key={difference.action} difference={difference} />
                ))}
              </ul>
            </li>
          );
        })}
      </ul>
      <p className="quiet">{w('policy.trialCounted', { accounts: number(trial.accounts), dossiers: number(trial.dossiers) })}</p>
    </section>
  );
}

function groupByAccount(differences: readonly Difference[]): Map<string, Difference[]> {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) groups.set(difference.accountId, [...(groups.get(difference.accountId) ?? []), difference]);
  return groups;
}
