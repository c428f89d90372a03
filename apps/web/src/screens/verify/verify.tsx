import { useEffect, useId, useRef, useState } from 'react';
import { useDocumentLanguage, useWords } from '../../words/words.tsx';
import { type Judged, judge, keysIn } from './judge.ts';
import { VerdictView } from './verdict-view.tsx';
import './verify.css';

/** Where the page takes the keys that are believed from. */
export interface KeySource {
  /** `archive`: the server that gave this page publishes them; `page`: they were written into it when it was made. */
  readonly from: 'archive' | 'page';
  load(): Promise<readonly string[]>;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly share01: number }
  | { readonly kind: 'failed' }
  | { readonly kind: 'done'; readonly judged: Judged };

/** Chooses files, or a folder with all that is in it. */
function FileField({ label, folder, onChoose }: { label: string; folder: boolean; onChoose: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (folder) input.current?.setAttribute('webkitdirectory', '');
  }, [folder]);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        aria-hidden="true"
        data-folder={folder}
        onChange={(e) => onChoose([...(e.currentTarget.files ?? [])])}
      />
    </>
  );
}

/** The believed keys, as text that may be changed. */
function useKeys(source: KeySource): [string, (text: string) => void] {
  const [text, setText] = useState('');
  useEffect(() => {
    let isGone = false;
    source.load().then(
      (keys) => !isGone && setText((before) => before || keys.join('\n')),
      // Not to be had: the field stays empty, and the page says that no key is believed.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [source]);
  return [text, setText];
}

/**
 * The page where anybody checks a receipt, a bundle or a printed number, without an account: in this browser alone, nothing is sent.
 * The same component stands in the web app and in the file that is kept offline, so it uses neither antd nor the server.
 */
export function VerifyScreen({ keys }: { keys: KeySource }) {
  useDocumentLanguage();
  const { w, language, choose } = useWords();
  const [keyText, setKeyText] = useKeys(keys);
  const [chosen, setChosen] = useState<{ files: File[]; isFolder: boolean }>({ files: [], isFolder: false });
  const [number, setNumber] = useState('');
  const [state, setState] = useState<State>({ kind: 'idle' });
  const ids = { keys: useId(), number: useId() };
  const take = (files: File[], isFolder: boolean) => {
    setChosen({ files, isFolder });
    setState({ kind: 'idle' });
  };
  const check = () => {
    setState({ kind: 'busy', share01: 0 });
    judge({ ...chosen, logKeys: keysIn(keyText), number }, (share01) => setState({ kind: 'busy', share01 })).then(
      (judged) => setState({ kind: 'done', judged }),
      () => setState({ kind: 'failed' }),
    );
  };
  return (
    <main className="verify">
      <header>
        <h1>{w('verify.title')}</h1>
        <button
          type="button"
          className="plain"
          lang={language === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => choose(language === 'zh' ? 'en' : 'zh')}
        >
          {language === 'zh' ? 'English' : '中文'}
        </button>
      </header>
      <p>{w('verify.text')}</p>
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <div className="verify-files">
          <FileField label={w('verify.choose')} folder={false} onChoose={(files) => take(files, false)} />
          <FileField label={w('verify.folder')} folder onChoose={(files) => take(files, true)} />
          <span className="quiet">
            {chosen.isFolder ? w('verify.chosenFolder', { count: chosen.files.length }) : chosen.files.map((f) => f.name).join('  ')}
          </span>
        </div>
        <label htmlFor={ids.number}>{w('verify.number')}</label>
        <input id={ids.number} maxLength={40} value={number} placeholder="01JD-9K3Z-T5QW" onChange={(e) => setNumber(e.target.value)} />
        <label htmlFor={ids.keys}>{w('verify.keys')}</label>
        <textarea
          id={ids.keys}
          rows={3}
          maxLength={20_000}
          spellCheck={false}
          value={keyText}
          onChange={(e) => setKeyText(e.target.value)}
        />
        <p className="quiet">{w(keys.from === 'archive' ? 'verify.keysArchive' : 'verify.keysPage')}</p>
        <button type="submit" className="main" disabled={!chosen.files.length || state.kind === 'busy'}>
          {w('verify.check')}
        </button>
      </form>
      {state.kind === 'busy' && (
        <p role="status">
          {w('verify.busy')} <progress max={1} value={state.share01} aria-label={w('verify.busy')} />
        </p>
      )}
      {state.kind === 'failed' && <p role="alert">{w('verify.unreadable')}</p>}
      {state.kind === 'done' && <VerdictView judged={state.judged} />}
    </main>
  );
}
