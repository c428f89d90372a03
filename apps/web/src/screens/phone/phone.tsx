import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { isRefusal } from '../../api/refusal.ts';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { useDocumentLanguage, useWords } from '../../words/words.tsx';
import { type UploadItem, UploadQueue } from '../capture/upload-queue.ts';
import { Camera } from './camera.tsx';
import { CornerEditor } from './corner-editor.tsx';
import { askPhone, openPhoneLink, type PhoneLink, type PhoneView, phoneTransport, sendShots, takeToken } from './link.ts';
import { ShotTray } from './shot-tray.tsx';
import { makeShot, moved, type Shot } from './shots.ts';
import './phone.css';

const ASK_EVERY_MS = 4_000;
const MINUTE_MS = 60_000;
/** Taken before anything is drawn: the address is clean from the first moment on. */
const token = takeToken();

/** The page that photographs: by the link of a QR code, without an account. */
export function PhoneScreen() {
  useDocumentLanguage();
  const { w } = useWords();
  const opened = useQuery({
    queryKey: ['phone-link'],
    queryFn: () => openPhoneLink(token),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (opened.isPending) return <LoadingState what={w('shot.opening')} />;
  if (isOver(opened.error) || opened.data === null) return <Over />;
  if (opened.error) return <ErrorState error={opened.error} retry={() => void opened.refetch()} />;
  return <Phone link={opened.data} />;
}

const isOver = (error: unknown) => isRefusal(error, 'phone/link-over');

function Over() {
  const { w } = useWords();
  return (
    <main className="phone over" data-state="over">
      <h1>{w('shot.expired')}</h1>
      <p>{w('shot.expiredText')}</p>
    </main>
  );
}

function TopBar({ phone }: { phone: PhoneView }) {
  const { w, language, choose } = useWords();
  // Both times are the server's: a telephone's clock may be wrong.
  const minutes = Math.max(0, Math.ceil((phone.expiresAtMs - phone.nowMs) / MINUTE_MS));
  return (
    <header className="top">
      <div>
        <h1>{w('shot.title')}</h1>
        <p className="num">
          {phone.dossierCode} · {w('shot.left', { minutes })}
        </p>
      </div>
      <button type="button" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={() => choose(language === 'zh' ? 'en' : 'zh')}>
        {language === 'zh' ? 'English' : '中文'}
      </button>
    </header>
  );
}

/** Uploads of the shots that were accepted, by the shot's id. */
function useShotUploads(secret: string) {
  const queue = useMemo(() => new UploadQueue(phoneTransport(secret)), [secret]);
  const view = useSyncExternalStore(queue.subscribe, queue.view);
  const items = useMemo(() => new Map<string, UploadItem>(view.items.map((item) => [item.path, item])), [view]);
  return { queue, items };
}

/** Shots under way are not left by a slip of the finger. */
function useWarnOnLeave(isHolding: boolean): void {
  useEffect(() => {
    if (!isHolding) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isHolding]);
}

function Phone({ link }: { link: PhoneLink }) {
  const { w } = useWords();
  const { queue, items } = useShotUploads(link.secret);
  const [shots, setShots] = useState<readonly Shot[]>([]);
  const [editing, setEditing] = useState<Shot | null>(null);
  const [view, setView] = useState<'camera' | 'tray'>('camera');
  const [isUnusable, setUnusable] = useState(false);
  const [sentCount, setSentCount] = useState(0);
  const asked = useQuery({
    queryKey: ['phone'],
    queryFn: () => askPhone(link.secret),
    initialData: link.phone,
    refetchInterval: ASK_EVERY_MS,
    retry: false,
  });
  useWarnOnLeave(shots.length > 0);
  const send = useMutation({
    mutationFn: () =>
      sendShots(
        link.secret,
        shots.flatMap((shot) => {
          const uploadId = items.get(shot.id)?.uploadId;
          return uploadId ? [{ ...shot, uploadId }] : [];
        }),
      ),
    onSuccess: () => {
      setSentCount((count) => count + shots.length);
      for (const { url } of shots) URL.revokeObjectURL(url);
      queue.clear();
      setShots([]);
      void asked.refetch();
    },
  });
  if (isOver(asked.error) || isOver(send.error)) return <Over />;
  const isOffline = isRefusal(asked.error, 'network/offline') || [...items.values()].some((item) => item.code === 'network/offline');
  const taken = (file: File) => {
    setUnusable(false);
    makeShot(file, shots.at(-1)?.paper ?? (shots.length ? null : 'A4')).then(setEditing, () => setUnusable(true));
  };
  const use = (shot: Shot) => {
    const isNew = !shots.some((s) => s.id === shot.id);
    setShots(isNew ? [...shots, shot] : shots.map((s) => (s.id === shot.id ? shot : s)));
    if (isNew) queue.add([{ file: shot.file, path: shot.id }]);
    setEditing(null);
    setView(isNew ? 'camera' : 'tray');
  };
  const remove = (shot: Shot) => {
    const item = items.get(shot.id);
    if (item) queue.remove(item.id);
    URL.revokeObjectURL(shot.url);
    setShots(shots.filter((s) => s.id !== shot.id));
  };
  const retake = () => {
    if (editing && shots.some((s) => s.id === editing.id)) remove(editing);
    else if (editing) URL.revokeObjectURL(editing.url);
    setEditing(null);
    setView('camera');
  };
  return (
    <main className="phone">
      <TopBar phone={asked.data} />
      {isOffline && (
        <p className="trouble band" role="alert">
          {w('shot.lost')}
        </p>
      )}
      {isUnusable && (
        <p className="trouble band" role="alert">
          {w('shot.notPicture')}
        </p>
      )}
      {editing ? (
        <CornerEditor key={editing.id} shot={editing} onUse={use} onRetake={retake} />
      ) : view === 'tray' ? (
        <ShotTray
          shots={shots}
          items={items}
          sentCount={sentCount}
          send={{ run: () => send.mutate(), isRunning: send.isPending, error: send.error }}
          onEdit={setEditing}
          onMove={(shot, by) => setShots(moved(shots, shot.id, by))}
          onRemove={remove}
          onRetry={() => queue.retry()}
          onMore={() => setView('camera')}
        />
      ) : (
        <>
          <Camera onTaken={taken} />
          <button type="button" className="plain" disabled={shots.length + sentCount === 0} onClick={() => setView('tray')}>
            {w('shot.tray', { count: shots.length })}
          </button>
        </>
      )}
    </main>
  );
}
