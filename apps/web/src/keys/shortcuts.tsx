import { createContext, type PropsWithChildren, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { WordKey } from '../words/words.tsx';

/** A key that does something here. */
export interface Shortcut {
  /** As `KeyboardEvent.key`, lower case: `n`, `enter`, `/`, `?`, `alt+arrowleft`, `mod+z` (Control, or Command on a Mac). */
  readonly keys: string;
  readonly label: WordKey;
  readonly run: () => void;
  /** Also while typing in a field. Left out: only elsewhere. */
  readonly inFields?: boolean;
  /** Shown on the sheet but handled where the focus is (arrows of a list). */
  readonly shownOnly?: boolean;
}

interface Registered {
  readonly place: WordKey;
  readonly shortcuts: readonly Shortcut[];
}

interface ShortcutBoard {
  add(registered: { current: Registered }): () => void;
  readonly places: readonly Registered[];
}

const BoardContext = createContext<ShortcutBoard | null>(null);

const MODIFIERS = ['alt', 'mod', 'shift'] as const;

/** The name of the keys pressed, in the form of {@link Shortcut.keys}. Shift is named only beside keys that are no character. */
export function keysOf(event: Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): string {
  const key = event.key.toLowerCase();
  const named = key.length > 1;
  const held = {
    alt: event.altKey,
    mod: event.ctrlKey || event.metaKey,
    shift: event.shiftKey && (named || event.ctrlKey || event.metaKey),
  };
  return [...MODIFIERS.filter((m) => held[m]), key].join('+');
}

/**
 * True while an input method composes. INVARIANT: composing never triggers a shortcut: the Enter that takes a candidate is not the Enter
 * that confirms a material. Some browsers end the composition before the key event: `keyCode` 229 tells.
 */
export function isComposing(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode' | 'key'>): boolean {
  return event.isComposing || event.keyCode === 229 || event.key === 'Process';
}

/** True when keys pressed at this target are typing. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['button', 'checkbox', 'radio', 'submit'].includes(target.type);
}

/** Things that do something of their own with Enter and Space. */
const actsItself = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('button, a[href], [role="menuitem"], summary') !== null;

/** A dialogue owns the keyboard while it is open. One kept ready but hidden does not. */
const isDialogueOpen = () => [...document.querySelectorAll('[aria-modal="true"]')].some((dialogue) => dialogue.getClientRects().length > 0);

function findShortcut(places: readonly Registered[], event: KeyboardEvent): Shortcut | null {
  const pressed = keysOf(event);
  const typing = isTyping(event.target);
  for (const { shortcuts } of [...places].reverse())
    for (const shortcut of shortcuts) {
      if (shortcut.shownOnly || shortcut.keys !== pressed) continue;
      if (typing && !shortcut.inFields) continue;
      if ((pressed === 'enter' || pressed === ' ') && actsItself(event.target)) continue;
      return shortcut;
    }
  return null;
}

/** Listens for the keys of all screens; the screen that came last is asked first. */
export function ShortcutProvider({ children }: PropsWithChildren) {
  const added = useRef(new Set<{ current: Registered }>());
  const [places, setPlaces] = useState<readonly Registered[]>([]);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isComposing(event) || event.defaultPrevented) return;
      if (isDialogueOpen() && event.key !== '?') return;
      const found = findShortcut(
        [...added.current].map((r) => r.current),
        event,
      );
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  const board = useMemo<ShortcutBoard>(
    () => ({
      places,
      add(registered) {
        added.current.add(registered);
        setPlaces([...added.current].map((r) => r.current));
        return () => {
          added.current.delete(registered);
          setPlaces([...added.current].map((r) => r.current));
        };
      },
    }),
    [places],
  );
  return <BoardContext.Provider value={board}>{children}</BoardContext.Provider>;
}

function useBoard(): ShortcutBoard {
  const board = useContext(BoardContext);
  if (!board) throw new Error('shortcuts need ShortcutProvider');
  return board;
}

/** Gives a screen its keys while it is shown. */
export function useShortcuts(place: WordKey, shortcuts: readonly Shortcut[]): void {
  const { add } = useBoard();
  const addRef = useRef(add);
  addRef.current = add;
  const registered = useRef<Registered>({ place, shortcuts });
  registered.current = { place, shortcuts };
  useEffect(() => addRef.current(registered), []);
}

/** What works here, for the sheet. */
export function useShortcutPlaces(): readonly Registered[] {
  return useBoard().places;
}
