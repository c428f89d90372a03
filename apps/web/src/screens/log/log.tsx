import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { api, type Schemas } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { Chip } from '../../parts/chip.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { useLogWatch } from '../../shell/log-watch.tsx';
import { sayInstant, sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { PackCard } from './pack-card.tsx';
import { ReceiptCheck } from './receipt-check.tsx';
import './log.css';

type Entry = Schemas['LogEntry'];

const shortHex = (bytes: Uint8Array) => [...bytes.slice(0, 8)].map((b) => b.toString(16).padStart(2, '0')).join('');

/** What this browser knows of the log by its own arithmetic. */
function WatchCard() {
  const { w, number, language } = useWords();
  const { state, isFirstLook, look } = useLogWatch();
  const isAlarm = state.kind === 'alarm';
  return (
    <section
      className={isAlarm ? 'card watch broken' : state.kind === 'proved' || state.kind === 'first' ? 'card watch whole' : 'card watch'}
    >
      <h2>{w(isFirstLook && state.kind === 'unknown' ? 'log.state.looking' : `log.state.${state.kind}`)}</h2>
      {isAlarm && <p>{w(`log.alarm.${state.why}`)}</p>}
      {isAlarm && state.rememberedSize !== null && <p>{w('log.remembered', { entries: number(state.rememberedSize) })}</p>}
      {(state.kind === 'first' || state.kind === 'proved') && (
        <p>
          {state.kind === 'proved'
            ? w('log.provedText', {
                from: number(state.fromSize),
                since: sayMoment(state.sinceMs, language),
                entries: number(state.checkpoint.size),
              })
            : w('log.firstText', { entries: number(state.checkpoint.size) })}
        </p>
      )}
      {(state.kind === 'first' || state.kind === 'proved') && (
        <p className="quiet">
          {w('log.origin')} <code>{state.checkpoint.origin}</code> · {w('log.root')} <code>{shortHex(state.checkpoint.root)}…</code>
        </p>
      )}
      <Button onClick={look}>{w('log.look')}</Button>
    </section>
  );
}

function EntryLine({ entry }: { entry: Entry }) {
  const { w, code, number, language } = useWords();
  return (
    <li className="entry">
      <span className="num quiet place">{entry.position === null ? <Chip>{w('entry.unplaced')}</Chip> : `#${number(entry.position)}`}</span>
      <span className="num quiet">{sayInstant(entry.atMs, language)}</span>
      <Link to="/log/$entryId" params={{ entryId: entry.id }}>
        {code(`entry/${entry.kind}`)}
      </Link>
      <span className="song">{entry.actor?.name ?? w('entry.system')}</span>
      {entry.dossier && (
        <Link to="/log" search={{ dossierId: entry.dossier.id }} className="num quiet">
          {entry.dossier.code}
        </Link>
      )}
    </li>
  );
}

function Entries({ dossierId, kind }: { dossierId: string | undefined; kind: string | undefined }) {
  const { w } = useWords();
  const list = useInfiniteQuery({
    queryKey: ['entries', dossierId, kind],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/v1/log/entries', {
          params: {
            query: {
              limit: 100,
              ...(dossierId ? { dossierId } : {}),
              ...(kind ? { kind } : {}),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  return (
    <PagedList
      list={list}
      className="entries"
      none={<EmptyState title={w('log.none')}>{w('log.noneText')}</EmptyState>}
      line={(entry) => <EntryLine key={entry.id} entry={entry} />}
    />
  );
}

/** The log: that it is whole, what stands in it, and a place to check a receipt. */
export function LogScreen() {
  const { w } = useWords();
  const navigate = useNavigate();
  const { dossierId, kind } = useSearch({ from: '/log' });
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{w('nav.log')}</h1>
        {(dossierId || kind) && (
          <Button size="small" onClick={() => void navigate({ to: '/log', search: {} })}>
            {w('filter.none')}
          </Button>
        )}
      </header>
      <div className="log-grid">
        <WatchCard />
        <ReceiptCheck />
        <PackCard />
      </div>
      <Entries dossierId={dossierId} kind={kind} />
    </div>
  );
}
