import { Link, useNavigate } from '@tanstack/react-router';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { type Claim, useClaims, useFinishClaim, useReleaseClaim } from '../../api/stations.ts';
import { Chip } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { ReturnDialog } from './return-dialog.tsx';
import { returnsFrom } from './station-order.ts';

/** A dossier in one's hand: what can be done with it. */
function ClaimLine({ claim }: { claim: Claim }) {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const may = useMay();
  const navigate = useNavigate();
  const finish = useFinishClaim();
  const release = useReleaseClaim();
  const [returning, setReturning] = useState(false);
  const { id, dossierId, station } = claim;
  const say = (word: 'station.finished' | 'station.released') => () => void message.success(w(word));
  return (
    <li>
      <div className="claim-head">
        <Chip tone="jade">{station === 'check' ? w(`station.check${claim.pass === 2 ? '2' : '1'}`) : w(`station.${station}`)}</Chip>
        <Link to="/dossiers/$dossierId" params={{ dossierId }} className="num">
          {claim.dossierCode}
        </Link>
        {claim.round > 1 && <Chip tone="amber">{w('station.round', { count: claim.round - 1 })}</Chip>}
        <span className="quiet num">{w('station.until', { batch: claim.batchCode, at: sayMoment(claim.untilMs, language) })}</span>
      </div>
      <div className="acts-row">
        {station === 'check' && (
          <Button type="primary" onClick={() => void navigate({ to: '/inspections/$claimId', params: { claimId: id } })}>
            {w('station.inspect')}
          </Button>
        )}
        {station === 'scan' && may('page.import') && (
          <Button type="primary" onClick={() => void navigate({ to: '/capture', search: { dossierId } })}>
            {w('desk.addPages')}
          </Button>
        )}
        <Button loading={finish.isPending} onClick={() => finish.mutate(id, { onSuccess: say('station.finished'), onError })}>
          {w(station === 'accept' ? 'station.accept.act' : 'station.finish')}
        </Button>
        {returnsFrom(station).length > 0 && (
          <Button danger onClick={() => setReturning(true)}>
            {w('station.return')}
          </Button>
        )}
        <Popconfirm title={w('station.releaseSure')} onConfirm={() => release.mutate(id, { onSuccess: say('station.released'), onError })}>
          <Button type="text">{w('station.release')}</Button>
        </Popconfirm>
      </div>
      {returning && <ReturnDialog claim={claim} close={() => setReturning(false)} />}
    </li>
  );
}

/** What this account holds. */
export function OwnClaims() {
  const { w } = useWords();
  const { data } = useClaims();
  if (!data?.items.length) return <p className="quiet">{w('station.noneInHand')}</p>;
  return (
    <ul className="claims">
      {data.items.map((claim) => (
        <ClaimLine key={claim.id} claim={claim} />
      ))}
    </ul>
  );
}
