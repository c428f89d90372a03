import { ChipLink } from '../parts/chip.tsx';
import { sayClock } from '../words/dates.ts';
import { useWords } from '../words/words.tsx';
import { useLogWatch } from './log-watch.tsx';

/** The log in one line: how long it is, and that it continues what this browser saw. */
export function LogChip() {
  const { w, number, language } = useWords();
  const { state } = useLogWatch();
  if (state.kind === 'unknown') return <ChipLink to="/log">{w('log.chip.unknown')}</ChipLink>;
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
