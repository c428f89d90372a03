import { CloseOutlined } from '@ant-design/icons';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, Progress } from 'antd';
import { useRef } from 'react';
import { Chip } from '../../parts/chip.tsx';
import { sayBytes } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { totalsOf, type UploadItem, type UploadQueue } from './upload-queue.ts';

const ROW_PX = 44;

function UploadRow({ item, onRemove }: { item: UploadItem; onRemove: () => void }) {
  const { w, code, percent } = useWords();
  const share = item.sizeBytes === 0 ? 1 : item.sentBytes / item.sizeBytes;
  return (
    <>
      <span className="path" title={item.path}>
        {item.path}
      </span>
      <span className="quiet num">{sayBytes(item.sizeBytes)}</span>
      <span className="how">
        {item.state === 'sending' && <span className="num">{percent(share)}</span>}
        {item.state === 'waiting' && <span className="quiet">{w('upload.waiting')}</span>}
        {item.state === 'sent' && <Chip tone="jade">{w('upload.sent')}</Chip>}
        {item.state === 'failed' && <Chip tone="cinnabar">{code(item.code ?? 'upload/failed')}</Chip>}
      </span>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined aria-hidden />}
        aria-label={w('upload.remove', { path: item.path })}
        onClick={onRemove}
      />
      {item.state === 'sending' && <span className="bar" style={{ transform: `scaleX(${share})` }} />}
    </>
  );
}

/** Progress of the whole and of each file. */
export function UploadList({ items, isPaused, queue }: { items: readonly UploadItem[]; isPaused: boolean; queue: UploadQueue }) {
  const { w, number } = useWords();
  const totals = totalsOf(items);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 10 });
  const share = totals.sizeBytes === 0 ? 0 : totals.sentBytes / totals.sizeBytes;
  return (
    <section className="card uploads" aria-label={w('upload.label')}>
      <header>
        <strong role="status">{w('upload.progress', { sent: number(totals.sent), count: totals.files })}</strong>
        <span className="quiet num">
          {sayBytes(totals.sentBytes)} / {sayBytes(totals.sizeBytes)}
        </span>
        <span className="stretch" />
        {totals.failed > 0 && <Button onClick={() => queue.retry()}>{w('upload.retry', { count: totals.failed })}</Button>}
        {!totals.isDone && (
          <Button onClick={() => (isPaused ? queue.resume() : queue.pause())}>{w(isPaused ? 'upload.resume' : 'upload.pause')}</Button>
        )}
        <Button type="text" onClick={() => queue.clear()}>
          {w('upload.clear')}
        </Button>
      </header>
      <Progress
        percent={Math.floor(share * 100)}
        status={totals.failed ? 'exception' : totals.isDone ? 'success' : 'normal'}
        aria-label={w('upload.label')}
      />
      <div className="file-rows" ref={scroller}>
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((slot) => {
            const item = items[slot.index]!;
            return (
              <li key={item.id} style={{ transform: `translateY(${slot.start}px)`, height: slot.size }}>
                <UploadRow item={item} onRemove={() => queue.remove(item.id)} />
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
