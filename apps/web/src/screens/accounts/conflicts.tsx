import { Button } from 'antd';
import { useOfficeConflicts } from '../../api/access.ts';
import { Chip } from '../../parts/chip.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';

/** What stands against the separation of the three administrators, with who it is and how it is known. */
export function ConflictList() {
  const { w, code } = useWords();
  const { data, error, refetch, isFetching } = useOfficeConflicts();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.items.length === 0) return <EmptyState title={w('conflicts.none')}>{w('conflicts.help')}</EmptyState>;
  return (
    <>
      <div className="screen-head">
        <p className="quiet">{w('conflicts.help')}</p>
        <div className="stretch" />
        <Button loading={isFetching} onClick={() => void refetch()}>
          {w('conflicts.again')}
        </Button>
      </div>
      <ul className="conflict-list card">
        {data.items.map(({ code: what, sign, accounts }) => (
          <li key={`${what} ${sign} ${accounts.map((a) => a.id).join(' ')}`}>
            <div className="who">
              {accounts.map((account) => (
                <span key={account.id}>
                  <strong className="song">{account.name}</strong> <span className="quiet">{w(`role.${account.role}`)}</span>
                </span>
              ))}
            </div>
            <div>
              {code(what)}
              {sign !== 'none' && <span className="quiet"> · {w(`conflicts.by.${sign}`)}</span>}
            </div>
            <Chip tone={what === 'conflict/holder-unknown' ? 'amber' : 'cinnabar'}>
              {w(what === 'conflict/holder-unknown' ? 'conflicts.toRegister' : 'conflicts.toSettle')}
            </Chip>
          </li>
        ))}
      </ul>
    </>
  );
}
