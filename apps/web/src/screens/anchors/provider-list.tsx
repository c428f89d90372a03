import { Button, Popconfirm } from 'antd';
import { type Provider, useEndProvider, useProviders } from '../../api/anchors.ts';
import { useMay } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { FaultLine } from './fault.tsx';

function StateChip({ provider }: { provider: Provider }) {
  const { w } = useWords();
  if (provider.endedAtMs !== null) return <Chip>{w('anchors.ended')}</Chip>;
  if (provider.fault) return <Chip tone="cinnabar">{w('anchors.state.failing', { count: provider.failures })}</Chip>;
  return provider.lastAtMs === null ? (
    <Chip tone="amber">{w('anchors.state.new')}</Chip>
  ) : (
    <Chip tone="jade">{w('anchors.state.well')}</Chip>
  );
}

function ProviderLine({ provider }: { provider: Provider }) {
  const { w, number, language } = useWords();
  const may = useMay();
  const end = useEndProvider();
  const onError = useSayRefusal();
  const isLive = provider.endedAtMs === null;
  const last =
    provider.lastSize === null || provider.lastAtMs === null
      ? w('anchors.never')
      : w('anchors.last', { entries: number(provider.lastSize), at: sayMoment(provider.lastAtMs, language) });
  return (
    <li className={isLive ? 'anchor-provider' : 'anchor-provider off'}>
      <div className="who">
        <strong>{provider.name}</strong>
        <span className="quiet">{w(`anchors.kind.${provider.settings.kind}`)}</span>
      </div>
      <div className="quiet where">
        <code>{provider.settings.url}</code>
        <span>{w('anchors.everyLine', { minutes: number(provider.everyMinutes) })}</span>
      </div>
      <div className="quiet">
        {last}
        {isLive && provider.fault && <> · {w('anchors.next', { at: sayMoment(provider.nextAtMs, language) })}</>}
      </div>
      <StateChip provider={provider} />
      <div className="act">
        {isLive && may('anchor.change') && (
          <Popconfirm title={w('anchors.endSure')} onConfirm={() => end.mutateAsync(provider.id).catch(onError)}>
            <Button type="text" danger>
              {w('anchors.end')}
            </Button>
          </Popconfirm>
        )}
      </div>
      {isLive && provider.fault && <FaultLine fault={provider.fault} />}
    </li>
  );
}

/** Who anchors and witnesses the log, how each stands, and what to do where one fails. */
export function ProviderList() {
  const { w, number } = useWords();
  const { data, error, refetch } = useProviders();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const live = data.items.filter(({ endedAtMs }) => endedAtMs === null);
  const ended = data.items.filter(({ endedAtMs }) => endedAtMs !== null);
  return (
    <>
      {live.length === 0 ? (
        <EmptyState title={w('anchors.noService')}>{w('anchors.noServiceText')}</EmptyState>
      ) : (
        <ul className="anchor-list card">
          {live.map((provider) => (
            <ProviderLine key={provider.id} provider={provider} />
          ))}
        </ul>
      )}
      {ended.length > 0 && (
        <details className="anchors-ended">
          <summary>{w('anchors.endedServices', { count: Number(number(ended.length)) })}</summary>
          <ul className="anchor-list card">
            {ended.map((provider) => (
              <ProviderLine key={provider.id} provider={provider} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
