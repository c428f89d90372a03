import { Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { isRefusal } from '../api/refusal.ts';
import { useWords } from '../words/words.tsx';

/** What happened, in a drawing of the house: never a joke, never a blank. */
function Drawing({ kind }: { kind: 'empty' | 'error' | 'offline' | 'closed' }) {
  const marks = {
    empty: <path d="M22 40h52M22 54h36M22 68h44" />,
    error: <path d="M48 34v26M48 70v1" />,
    offline: <path d="M24 44c14-13 34-13 48 0M32 55c9-9 23-9 32 0M48 68v1M26 30l44 44" />,
    closed: <path d="M36 50v-8a12 12 0 0 1 24 0v8M32 50h32v22H32z" />,
  }[kind];
  return (
    <svg className={`drawing ${kind}`} viewBox="0 0 96 96" width="96" height="96" aria-hidden="true" focusable="false">
      <path className="sheet" d="M14 10h54l14 14v62H14z" />
      <path className="sheet" d="M68 10v14h14" />
      <g className="mark">{marks}</g>
    </svg>
  );
}

interface StateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** Nothing is here yet, and what to do about it. */
export function EmptyState({ title, children, actions }: StateProps) {
  return (
    <section className="state" data-state="empty">
      <Drawing kind="empty" />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="acts">{actions}</div>}
    </section>
  );
}

/** Something failed: what happened, what to do, and a reference number when the server gave one. */
export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const { w, code } = useWords();
  const refusal = isRefusal(error) ? error : null;
  const kind = refusal?.code === 'network/offline' ? 'offline' : refusal?.status === 403 ? 'closed' : 'error';
  const title = { offline: w('state.offline'), closed: w('state.noRight'), error: w('state.failed') }[kind];
  const advice = { offline: w('state.offlineAdvice'), closed: w('state.noRightAdvice'), error: w('state.failedAdvice') }[kind];
  return (
    <section className="state" data-state={kind} role="alert">
      <Drawing kind={kind} />
      <h2>{title}</h2>
      {refusal && kind === 'error' && <p>{code(refusal.code, refusal.params)}</p>}
      <p>{advice}</p>
      {refusal?.reference && (
        <p className="reference">
          {w('state.reference')} <code>{refusal.reference}</code>
        </p>
      )}
      {retry && kind !== 'closed' && (
        <div className="acts">
          <Button onClick={retry}>{w('act.again')}</Button>
        </div>
      )}
    </section>
  );
}

/** The account has no right to this screen. */
export function NoRightState() {
  const { w } = useWords();
  return (
    <section className="state" data-state="closed">
      <Drawing kind="closed" />
      <h2>{w('state.noRight')}</h2>
      <p>{w('state.noRightAdvice')}</p>
    </section>
  );
}

/** Waiting, said in words. */
export function LoadingState({ what }: { what?: string }) {
  const { w } = useWords();
  return (
    <section className="state" data-state="loading" aria-busy="true">
      <Spin />
      <p role="status">{what ?? w('state.loading')}</p>
    </section>
  );
}
