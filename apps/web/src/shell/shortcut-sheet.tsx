import { Modal } from 'antd';
import { useShortcutPlaces } from '../keys/shortcuts.tsx';
import { KeyCap } from '../parts/key-cap.tsx';
import { useWords } from '../words/words.tsx';

/** What works here by key: the screen's own keys first, then those that work everywhere. */
export function ShortcutSheet({ open, close }: { open: boolean; close: () => void }) {
  const { w } = useWords();
  const all = [...useShortcutPlaces()].reverse();
  const places = [...new Set(all.map(({ place }) => place))]
    .map((place) => ({ place, shortcuts: all.filter((one) => one.place === place).flatMap(({ shortcuts }) => shortcuts) }))
    .filter(({ shortcuts }) => shortcuts.length > 0);
  return (
    <Modal open={open} onCancel={close} footer={null} title={w('keys.title')} width={720} destroyOnHidden>
      <p className="quiet">{w('keys.ime')}</p>
      <div className="key-sheet">
        {places.map((place) => (
          <section key={place.place}>
            <h3>{w(place.place)}</h3>
            <dl>
              {place.shortcuts.map((shortcut) => (
                <div key={shortcut.keys + shortcut.label}>
                  <dt>
                    <KeyCap keys={shortcut.keys} />
                  </dt>
                  <dd>{w(shortcut.label)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
