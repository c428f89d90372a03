import { InboxOutlined } from '@ant-design/icons';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { App, Button, Checkbox } from 'antd';
import { type DragEvent, useEffect, useId, useRef, useState, useSyncExternalStore } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { usePrintSeparators } from '../../api/manifests.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useMay, useSession } from '../../api/session.ts';
import { Refused } from '../../parts/refused.tsx';
import { NoRightState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { NewDossier } from '../dossiers/new-dossier.tsx';
import { DossierPicker } from './dossier-picker.tsx';
import { type DroppedFile, filesOfDrop, filesOfInput } from './dropped-files.ts';
import { ManifestSection } from './manifest-section.tsx';
import { PhoneLinkButton } from './phone-link.tsx';
import { ScanButton } from './scan-dialog.tsx';
import { createTusTransport } from './tus-transport.ts';
import { UploadList } from './upload-list.tsx';
import { totalsOf, UploadQueue } from './upload-queue.ts';
import './capture.css';

let queueOfPage: { archiveId: string; queue: UploadQueue } | null = null;

/** One queue for the page: it outlives the screen. */
function useUploadQueue() {
  const { archive } = useSession();
  if (queueOfPage?.archiveId !== archive.id)
    queueOfPage = { archiveId: archive.id, queue: new UploadQueue(createTusTransport(archive.id)) };
  const { queue } = queueOfPage;
  return { queue, view: useSyncExternalStore(queue.subscribe, queue.view) };
}

/** Where files are dropped, or chosen by a dialogue: files, or a whole folder. */
function DropZone({ onFiles }: { onFiles: (files: DroppedFile[]) => void }) {
  const { w } = useWords();
  const [isOver, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void filesOfDrop(event.dataTransfer).then(onFiles);
  };
  const chosen = (input: HTMLInputElement) => {
    if (input.files) onFiles(filesOfInput(input.files));
    input.value = '';
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same by keyboard
    <section
      className={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <InboxOutlined aria-hidden />
      <p>
        <strong>{w('drop.title')}</strong>
      </p>
      <p className="quiet">{w('drop.kinds')}</p>
      <div className="drop-acts">
        <Button onClick={() => files.current?.click()}>{w('drop.files')}</Button>
        <Button onClick={() => folder.current?.click()}>{w('drop.folder')}</Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-hidden="true"
        tabIndex={-1}
        data-input="files"
        onChange={(event) => chosen(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => chosen(event.currentTarget)}
        {...{ webkitdirectory: '' }}
      />
    </section>
  );
}

function RecentImports() {
  const { w, language, number } = useWords();
  const { data } = useQuery({
    queryKey: ['imports'],
    queryFn: () => answer(api.GET('/api/v1/imports', { params: { query: { limit: 10 } } })),
    refetchInterval: ({ state }) => (state.data?.items.some((line) => line.state === 'running') ? 2_000 : false),
  });
  if (!data || data.items.length === 0) return null;
  return (
    <section className="card">
      <h2>{w('imports.recent')}</h2>
      <ul className="recent">
        {data.items.map((line) => (
          <li key={line.id}>
            <Link to="/capture/$importId" params={{ importId: line.id }}>
              <span className="num">{line.dossierCode}</span>
              <span className="quiet">{sayMoment(line.startedAtMs, language)}</span>
              <span>
                {w('import.counts', { pages: number(line.counts.pages), files: number(line.counts.files) })}
                {line.state === 'running' && ` · ${w('import.running')}`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const byNumber = new Intl.Collator('en', { numeric: true });

/** Starts the import when every file is on the server. */
function useStartImport(dossierId: string | undefined, queue: UploadQueue, separators: boolean) {
  const { code } = useWords();
  const { message } = App.useApp();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => {
      const files: Schemas['NewImport']['files'] = queue
        .view()
        .items.flatMap((item) => (item.uploadId ? [{ uploadId: item.uploadId, path: item.path }] : []));
      // Files come in whatever order they were dropped; a scanner numbers them in the order scanned.
      if (separators) files.sort((a, b) => byNumber.compare(a.path, b.path));
      return answer(api.POST('/api/v1/imports', { body: { dossier: { id: dossierId ?? '' }, files, separators } }));
    },
    onSuccess: ({ importId }) => {
      queue.clear();
      void navigate({ to: '/capture/$importId', params: { importId } });
    },
    onError: (error) => void message.error(isRefusal(error) ? code(error.code, error.params) : String(error)),
  });
}

/** Capture: which dossier, which files; then the import goes on by itself. */
export function CaptureScreen() {
  const { w } = useWords();
  const may = useMay();
  const navigate = useNavigate();
  const { dossierId } = useSearch({ from: '/capture' });
  const { queue, view } = useUploadQueue();
  const [isMaking, setMaking] = useState(false);
  const [separators, setSeparators] = useState(false);
  const pickId = useId();
  const totals = totalsOf(view.items);
  const start = useStartImport(dossierId, queue, separators);
  const print = usePrintSeparators();
  useEffect(() => {
    if (totals.files === 0 || totals.isDone) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [totals.files, totals.isDone]);
  if (!may('page.import')) return <NoRightState />;
  const choose = (id: string) => void navigate({ to: '/capture', search: { dossierId: id } });
  return (
    <div className="screen capture">
      <h1>{w('capture.title')}</h1>
      <section className="card pick">
        <label htmlFor={pickId}>{w('capture.dossier')}</label>
        <div className="pick-line">
          <DossierPicker id={pickId} value={dossierId} onChange={choose} />
          {dossierId !== undefined && <ScanButton key={`scan ${dossierId}`} dossierId={dossierId} size="large" />}
          {dossierId !== undefined && <PhoneLinkButton key={dossierId} dossierId={dossierId} size="large" />}
          {dossierId !== undefined &&
            (['sheets', 'labels'] as const).map((kind) => (
              <Button
                key={kind}
                size="large"
                loading={print.isPending && print.variables.kind === kind}
                onClick={() => print.mutate({ dossierIds: [dossierId], kind })}
              >
                {w(`separator.${kind}`)}
              </Button>
            ))}
          {may('dossier.create') && (
            <Button size="large" onClick={() => setMaking(true)}>
              {w('new.title')}
            </Button>
          )}
        </div>
        <Refused error={print.error} />
      </section>
      <DropZone onFiles={(files) => queue.add(files)} />
      {view.items.length > 0 && <UploadList items={view.items} isPaused={view.isPaused} queue={queue} />}
      {view.items.length > 0 && (
        <footer className="capture-foot">
          <p className="quiet">{dossierId ? w(totals.isDone ? 'capture.ready' : 'capture.sending') : w('capture.pickFirst')}</p>
          <Checkbox checked={separators} onChange={(event) => setSeparators(event.target.checked)}>
            {w('separator.among')}
          </Checkbox>
          <Button
            type="primary"
            size="large"
            disabled={!dossierId || !totals.isDone}
            loading={start.isPending}
            onClick={() => start.mutate()}
          >
            {w('capture.start', { count: totals.files })}
          </Button>
        </footer>
      )}
      {may('dossier.create') && <ManifestSection items={view.items} queue={queue} />}
      <RecentImports />
      {may('dossier.create') && (
        <NewDossier
          open={isMaking}
          onClose={() => setMaking(false)}
          onMade={(id) => {
            setMaking(false);
            choose(id);
          }}
        />
      )}
    </div>
  );
}
