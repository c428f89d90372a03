import { App, Button } from 'antd';
import { useState } from 'react';
import { useCheckAnchors, usePrintCheckpoint, useProviders } from '../../api/anchors.ts';
import { useMay } from '../../api/session.ts';
import { useSayRefusal } from '../../parts/refused.tsx';
import { NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { AddProvider } from './add-provider.tsx';
import { ProviderList } from './provider-list.tsx';
import { StampList } from './stamp-list.tsx';
import './anchors.css';

function Head() {
  const { w } = useWords();
  const { message } = App.useApp();
  const may = useMay();
  const print = usePrintCheckpoint();
  const check = useCheckAnchors();
  const onError = useSayRefusal();
  const { data } = useProviders();
  const [adding, setAdding] = useState(false);
  const retry = () =>
    check.mutate(undefined, { onSuccess: ({ due }) => void message.success(w('anchors.asked', { count: due })), onError });
  const hasLive = data?.items.some(({ endedAtMs }) => endedAtMs === null) ?? false;
  return (
    <header className="screen-head">
      <h1>{w('anchors.services')}</h1>
      <span className="stretch" />
      <Button loading={print.isPending} onClick={() => print.mutate()}>
        {w('anchors.print')}
      </Button>
      {may('anchor.change') && (
        <>
          <Button loading={check.isPending} disabled={!hasLive} onClick={retry}>
            {w('anchors.retry')}
          </Button>
          <Button type="primary" disabled={!data} onClick={() => setAdding(true)}>
            {w('anchors.add')}
          </Button>
        </>
      )}
      {adding && data && <AddProvider chainAddress={data.chainAddress} close={() => setAdding(false)} />}
    </header>
  );
}

/** Who vouches for the log outside the archive, and what each checkpoint has of it: for the administrators who set them or watch them. */
export function AnchorsScreen() {
  const { w } = useWords();
  const may = useMay();
  if (!may('anchor.change') && !may('log.read')) return <NoRightState />;
  return (
    <div className="screen anchors">
      <Head />
      <p className="quiet anchors-help">{w('anchors.help')}</p>
      <ProviderList />
      <h2 className="anchors-part">{w('anchors.checkpoints')}</h2>
      <StampList />
    </div>
  );
}
