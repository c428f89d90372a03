import { Link } from '@tanstack/react-router';
import { useAdministratorActs } from '../../api/access.ts';
import type { Schemas } from '../../api/client.ts';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayInstant } from '../../words/dates.ts';
import { useWords, type WordKey } from '../../words/words.tsx';

/** What is worth saying of an act beside its kind: the new role, or why it was refused. */
function Beside({ act }: { act: Schemas['AdministratorAct'] }) {
  const { w, code } = useWords();
  const { role, roleBefore, code: refusal } = act.params;
  return (
    <>
      {act.objectName !== null && act.objectId !== act.actor.id && <span className="song"> {act.objectName}</span>}
      {role !== undefined && role !== roleBefore && <span className="quiet"> · {w(`role.${role}` as WordKey)}</span>}
      {refusal !== undefined && <span className="quiet"> · {code(String(refusal))}</span>}
    </>
  );
}

/** What the other administrators did, each line a door to its entry in the log. */
export function ActsList() {
  const { w, code, language } = useWords();
  const { data, error, refetch } = useAdministratorActs(true);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.items.length === 0) return <EmptyState title={w('accounts.actsNone')}>{w('accounts.actsHelp')}</EmptyState>;
  return (
    <>
      <p className="quiet">{w('accounts.actsHelp')}</p>
      <ol className="act-list card">
        {data.items.map((act) => (
          <li key={act.id}>
            <span className="num quiet">{sayInstant(act.atMs, language)}</span>
            <span>
              <span className="song">{act.actor.name}</span> <span className="quiet">{w(`role.${act.actor.role}`)}</span>
            </span>
            <span>
              <Link to="/log/$entryId" params={{ entryId: act.id }}>
                {code(`entry/${act.kind}`)}
              </Link>
              <Beside act={act} />
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
