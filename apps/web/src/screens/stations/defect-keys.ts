import type { DefectKind } from '../../api/stations.ts';
import type { Shortcut } from '../../keys/shortcuts.tsx';

/** The keys of the dictionary as shortcuts of the screen; their names stand beside the defects, so the sheet tells them in one word. */
export const fromKeys = (kinds: readonly DefectKind[], toggle: (code: string) => void): readonly Shortcut[] =>
  kinds.map(({ key, code }) => ({ keys: key, label: 'inspection.mark', run: () => toggle(code) }));
