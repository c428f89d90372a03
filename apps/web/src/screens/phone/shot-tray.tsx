import { isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';
import type { UploadItem } from '../capture/upload-queue.ts';
import type { Shot } from './shots.ts';

interface TrayProps {
  readonly shots: readonly Shot[];
  /** Uploads by the shot's id. */
  readonly items: ReadonlyMap<string, UploadItem>;
  readonly sentCount: number;
  readonly send: { run(): void; readonly isRunning: boolean; readonly error: unknown };
  onEdit(shot: Shot): void;
  onMove(shot: Shot, by: -1 | 1): void;
  onRemove(shot: Shot): void;
  onRetry(): void;
  onMore(): void;
}

/** How far a shot has come, in words. */
function useStateOf() {
  const { w, percent } = useWords();
  return (item: UploadItem | undefined) => {
    if (!item || item.state === 'waiting') return w('shot.waiting');
    if (item.state === 'failed') return w('shot.failed');
    if (item.state === 'sent') return w('shot.ready');
    return w('shot.progress', { percent: percent(item.sentBytes / Math.max(1, item.sizeBytes)) });
  };
}

/** The shots in their order, and the act that puts them into the dossier. */
export function ShotTray({ shots, items, sentCount, send, onEdit, onMove, onRemove, onRetry, onMore }: TrayProps) {
  const { w, code } = useWords();
  const stateOf = useStateOf();
  const isWhole = shots.every((shot) => items.get(shot.id)?.state === 'sent');
  const hasFailed = shots.some((shot) => items.get(shot.id)?.state === 'failed');
  return (
    <section className="tray">
      <h2>{shots.length > 0 ? w('shot.trayTitle') : w('shot.done', { count: sentCount })}</h2>
      <ol>
        {shots.map((shot, i) => (
          <li key={shot.id} data-shot={i + 1}>
            <button type="button" className="thumb" aria-label={w('shot.edit', { place: i + 1 })} onClick={() => onEdit(shot)}>
              <img src={shot.url} alt="" />
            </button>
            <div>
              <strong className="num">{i + 1}</strong>
              <span className={items.get(shot.id)?.state === 'failed' ? 'bad' : 'quiet'}>{stateOf(items.get(shot.id))}</span>
            </div>
            <div className="acts">
              <button type="button" aria-label={`${w('shot.earlier')} ${i + 1}`} disabled={i === 0} onClick={() => onMove(shot, -1)}>
                ↑
              </button>
              <button
                type="button"
                aria-label={`${w('shot.later')} ${i + 1}`}
                disabled={i === shots.length - 1}
                onClick={() => onMove(shot, 1)}
              >
                ↓
              </button>
              <button type="button" aria-label={w('shot.remove', { place: i + 1 })} onClick={() => onRemove(shot)}>
                ×
              </button>
            </div>
          </li>
        ))}
      </ol>
      {send.error !== null && (
        <p className="trouble" role="alert">
          {isRefusal(send.error) ? code(send.error.code, send.error.params) : String(send.error)}
        </p>
      )}
      {hasFailed && (
        <button type="button" className="plain" onClick={onRetry}>
          {w('shot.retry')}
        </button>
      )}
      <div className="pair">
        <button type="button" className={shots.length > 0 ? 'plain' : 'main'} onClick={onMore}>
          {w('shot.continue')}
        </button>
        {shots.length > 0 && (
          <button type="button" className="main" disabled={!isWhole || send.isRunning} onClick={send.run}>
            {send.isRunning ? w('shot.sending') : w('shot.send', { count: shots.length })}
          </button>
        )}
      </div>
    </section>
  );
}
