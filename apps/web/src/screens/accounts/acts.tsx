import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useId, useRef, useState } from 'react';
import { useAdministratorActs } from '../../api/access.ts';
import type { Schemas } from '../../api/client.ts';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayInstant } from '../../words/dates.ts';
import { useWords, type WordKey } from '../../words/words.tsx';

type Act = Schemas['AdministratorAct'];

/** What is worth saying of an act beside its kind: the new role, or why it was refused. */
function Beside({ act }: { act: Act }) {
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
  const id = useId();
  const [accountId, setAccountId] = useState<string | null>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAdministratorActs(accountId);
  const known = useRef(new Map<string, Act['actor']>());
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  // Whoever was seen once can be chosen, also while the list shows somebody else alone.
  for (const { actor } of items) known.current.set(actor.id, actor);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (items.length === 0 && accountId === null) return <EmptyState title={w('accounts.actsNone')}>{w('accounts.actsHelp')}</EmptyState>;
  return (
    <>
      <div className="screen-head">
        <p className="quiet">{w('accounts.actsHelp')}</p>
        <div className="stretch" />
        <label htmlFor={id}>{w('acts.by')}</label>
        <Select
          id={id}
          className="acts-by"
          value={accountId ?? ''}
          onChange={(value) => setAccountId(value || null)}
          options={[
            { value: '', label: w('acts.all') },
            ...[...known.current.values()].map((actor) => ({ value: actor.id, label: `${actor.name} · ${w(`role.${actor.role}`)}` })),
          ]}
        />
      </div>
      {items.length === 0 && <p className="quiet">{w('acts.noneOf')}</p>}
      <ol className="act-list card">
        {items.map((act) => (
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
      {hasNextPage && (
        <Button className="more-acts" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w('acts.more')}
        </Button>
      )}
    </>
  );
}
