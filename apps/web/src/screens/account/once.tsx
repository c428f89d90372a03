import { App, Button } from 'antd';
import { useWords } from '../../words/words.tsx';

/** Something shown once: a password, a token, recovery codes. */
export function ShownOnce({ lines, label }: { lines: readonly string[]; label: string }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const copy = async () => {
    await navigator.clipboard.writeText(lines.join('\n'));
    void message.success(w('access.copied'));
  };
  return (
    <div className="once">
      <ul aria-label={label}>
        {lines.map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
      <p className="quiet">{w('access.once')}</p>
      <Button onClick={() => void copy()}>{w('access.copy')}</Button>
    </div>
  );
}
