import { SearchOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef } from 'react';
import { useOverview } from '../api/house.ts';
import { useMay } from '../api/session.ts';
import { isComposing, useShortcuts } from '../keys/shortcuts.tsx';
import { ChipLink } from '../parts/chip.tsx';
import { useNarrow } from '../parts/narrow.ts';
import { useSearchState } from '../screens/search/search-state.tsx';
import { useWords } from '../words/words.tsx';
import { AccountMenu } from './account-menu.tsx';
import { LogChip } from './log-chip.tsx';

/** One box for a name, pinyin, a number, a code or words of a page. */
function SearchBox() {
  const { w } = useWords();
  const { typed, type, ask } = useSearchState();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  useShortcuts('keys.everywhere', [{ keys: '/', label: 'keys.search', run: () => input.current?.select() }]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!typed.trim()) return;
    ask(typed);
    input.current?.blur();
    void navigate({ to: '/search' });
  };
  return (
    <form className="search-box" role="search" onSubmit={submit}>
      <SearchOutlined aria-hidden />
      <input
        ref={input}
        type="search"
        name="q"
        autoComplete="off"
        aria-label={w('search.label')}
        placeholder={w('search.placeholder')}
        value={typed}
        maxLength={500}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && isComposing(event.nativeEvent)) event.preventDefault();
          if (event.key === 'Escape') input.current?.blur();
        }}
      />
      <span className="kbd" aria-hidden="true">
        /
      </span>
    </form>
  );
}

function WorkChip() {
  const { w, number } = useWords();
  const { data } = useOverview();
  if (!data) return null;
  const { reading, jobsFailed } = data;
  if (jobsFailed.value > 0)
    return (
      <ChipLink tone="cinnabar" to="/jobs" search={{ state: 'failed' }}>
        {w('work.failed', { count: jobsFailed.value })}
      </ChipLink>
    );
  if (reading.queued === 0) return null;
  const minutes = reading.leftMs === null ? null : Math.max(1, Math.round(reading.leftMs / 60_000));
  return (
    <ChipLink to="/jobs" tone={reading.paused ? 'amber' : 'plain'}>
      {w(reading.paused ? 'work.paused' : 'work.reading', { count: reading.queued, pages: number(reading.queued) })}
      {!reading.paused && minutes !== null && ` · ${w('work.left', { count: minutes })}`}
    </ChipLink>
  );
}

/** Search, the state of the work, the state of the log, the keys and the account. */
export function TopBar({ openSheet }: { openSheet: () => void }) {
  const { w } = useWords();
  const may = useMay();
  const narrow = useNarrow();
  return (
    <header className="top-bar">
      {may('search') && <SearchBox />}
      {!narrow && may('jobs.read') && <WorkChip />}
      <div className="stretch" />
      {!narrow && <LogChip />}
      {!narrow && (
        <button type="button" className="chip plain" onClick={openSheet}>
          <span className="kbd" aria-hidden="true">
            ?
          </span>{' '}
          {w('keys.short')}
        </button>
      )}
      {!narrow && <AccountMenu />}
    </header>
  );
}
