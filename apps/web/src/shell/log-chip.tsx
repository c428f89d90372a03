import { useEffect } from 'react';
import { useOverview } from '../api/house.ts';
import { ChipLink } from '../parts/chip.tsx';
import { sayClock } from '../words/dates.ts';
import { useWords } from '../words/words.tsx';
import { useLogWatch } from './log-watch.tsx';

/** The log in one line: how long it is, and that it continues what this browser saw. */
export function LogChip() {
  const { w, number, language } = useWords();
  const { state, isFirstLook, look } = useLogWatch();
  const told = useOverview().data?.log.size ?? 0;
  const seen = state.kind === 'first' || state.kind === 'proved' ? state.checkpoint.size : null;
  // The log has grown: what is new is checked too.
  useEffect(() => {
    if (seen !== null && told > seen) look();
  }, [told, seen, look]);
  if (state.kind === 'unknown') return <ChipLink to="/log">{w(isFirstLook ? 'log.chip.looking' : 'log.chip.unknown')}</ChipLink>;
  if (state.kind === 'empty') return <ChipLink to="/log">{w('log.chip.empty')}</ChipLink>;
  if (state.kind === 'alarm')
    return (
      <ChipLink to="/log" tone="cinnabar">
        {w('log.alarm')}
      </ChipLink>
    );
  const entries = w('log.chip.entries', { count: state.checkpoint.size, entries: number(state.checkpoint.size) });
  return (
    <ChipLink to="/log" tone="jade">
      {entries} · {w(state.kind === 'first' ? 'log.chip.first' : 'log.chip.proved', { at: sayClock(state.atMs, language) })}
    </ChipLink>
  );
}
