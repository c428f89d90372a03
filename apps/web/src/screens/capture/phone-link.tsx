import { MobileOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { Refused } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { QrCode } from '../account/qr.tsx';
import './phone-link.css';

type Link = Schemas['CaptureLinkView'];

const ASK_EVERY_MS = 1_500;
const MINUTE_MS = 60_000;

/** What is known of the link now; pages that came are fetched by whoever shows the dossier. */
function useLink(made: Link) {
  const queries = useQueryClient();
  const { data: link } = useQuery({
    queryKey: ['capture-link', made.id],
    queryFn: () => answer(api.GET('/api/v1/capture-links/{linkId}', { params: { path: { linkId: made.id } } })),
    initialData: made,
    refetchInterval: ({ state }) => (state.data?.state === 'ended' && state.data.arriving === 0 ? false : ASK_EVERY_MS),
  });
  const { pages } = link;
  useEffect(() => {
    if (pages > 0) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'capture-link' });
  }, [pages, queries]);
  return link;
}

/** The code while nobody took it, then what comes by it. */
function LinkBody({ made, address, onNew }: { made: { token: string; link: Link }; address: string; onNew: () => void }) {
  const { w } = useWords();
  const link = useLink(made.link);
  const minutes = Math.max(0, Math.ceil((link.expiresAtMs - Date.now()) / MINUTE_MS));
  const isLocal = /^(localhost|127\.|\[::1\])/.test(new URL(address).host);
  const counts = [
    link.held > 0 && w('phoneLink.held', { count: link.held }),
    link.arriving > 0 && w('phoneLink.receiving', { count: link.arriving }),
    w('phoneLink.pages', { count: link.pages }),
    link.attention > 0 && w('phoneLink.attention', { count: link.attention }),
  ].filter((text) => text !== false);
  return (
    <div className="phone-link" data-link={link.state}>
      {link.state === 'waiting' && (
        <>
          <QrCode text={`${address}/phone#${made.token}`} label={w('phoneLink.qr')} />
          <p>{w('phoneLink.how')}</p>
          <p className="quiet">
            {w('phoneLink.minutes', { minutes })} · {w('phoneLink.once')}
          </p>
          <p className={isLocal ? 'warn' : 'quiet'}>{isLocal ? w('phoneLink.local') : w('phoneLink.address', { address })}</p>
        </>
      )}
      <p className="now" role="status">
        {link.state === 'ended' ? w('phoneLink.ended') : w(`phoneLink.${link.state}`)}
        {link.state === 'open' && ` · ${w('phoneLink.minutes', { minutes })}`}
      </p>
      {link.state !== 'waiting' && <p className="counts">{counts.join(' · ')}</p>}
      {link.state === 'ended' && <Button onClick={onNew}>{w('phoneLink.new')}</Button>}
    </div>
  );
}

/** Opens a link into a dossier for a telephone; closing it ends the link. */
export function PhoneLinkButton({ dossierId, size = 'middle' }: { dossierId: string; size?: 'middle' | 'large' }) {
  const { w } = useWords();
  const [isOpen, setOpen] = useState(false);
  const make = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/dossiers/{dossierId}/capture-links', { params: { path: { dossierId } } })),
  });
  const end = useMutation({
    mutationFn: (linkId: string) => answer(api.POST('/api/v1/capture-links/{linkId}/end', { params: { path: { linkId } } })),
  });
  const open = () => {
    setOpen(true);
    make.mutate();
  };
  const close = () => {
    if (make.data) end.mutate(make.data.link.id);
    setOpen(false);
    make.reset();
  };
  return (
    <>
      <Button size={size} icon={<MobileOutlined />} onClick={open}>
        {w('phoneLink.act')}
      </Button>
      <Modal
        open={isOpen}
        title={w('phoneLink.title')}
        onCancel={close}
        destroyOnHidden
        footer={
          <Button type="primary" onClick={close}>
            {w('phoneLink.end')}
          </Button>
        }
      >
        <Refused error={make.error} />
        {make.data && (
          <LinkBody
            key={make.data.link.id}
            made={make.data}
            address={make.data.address ?? window.location.origin}
            onNew={() => make.mutate()}
          />
        )}
      </Modal>
    </>
  );
}
