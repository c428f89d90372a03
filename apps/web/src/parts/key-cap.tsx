const SHOWN: Readonly<Record<string, string>> = {
  enter: '↵',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  alt: 'Alt',
  shift: 'Shift',
  mod: 'Ctrl',
  escape: 'Esc',
  ' ': 'Space',
  home: 'Home',
  end: 'End',
  delete: 'Del',
};
/** The keys of `alt+n`, and of `+` alone. */
const keysIn = (keys: string) => keys.split(/(?<=.)\+/);
const shown = (key: string) => SHOWN[key] ?? key.toUpperCase();

/** The keys of a shortcut as caps. */
export function KeyCap({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {keysIn(keys).map((key) => (
        <kbd key={key}>{shown(key)}</kbd>
      ))}
    </span>
  );
}

/** A small hint beside the words of a button; the words say enough, so it is not read out. */
export function KeyHint({ keys }: { keys: string }) {
  return (
    <span className="key-hint" aria-hidden="true">
      {keysIn(keys).map(shown).join(' ')}
    </span>
  );
}
