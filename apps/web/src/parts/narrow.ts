import { useSyncExternalStore } from 'react';

/** At this width and below, screens take their phone layout. */
export const NARROW_PX = 760;

const query = window.matchMedia(`(max-width: ${NARROW_PX}px)`);

/** True on a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => query.matches,
  );
}
