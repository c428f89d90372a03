import { Link } from '@tanstack/react-router';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import type { Schemas } from '../../api/client.ts';
import { type Kinship, useEndKinship, useKinships } from '../../api/rights.ts';
import { useMay, useSession } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { RegisterKinship } from './kinship-form.tsx';

/** Dossiers by code; a door where the account may look into dossiers at all. */
function Codes({ dossiers }: { dossiers: readonly Schemas['DossierCode'][] }) {
  const { w } = useWords();
  const may = useMay();
  if (dossiers.length === 0) return <span className="quiet">{w('kinship.hidden')}</span>;
  return (
    <span className="codes num">
      {dossiers.map(({ id, code }) =>
        may('dossier.read') ? (
          <Link key={id} to="/dossiers/$dossierId" params={{ dossierId: id }}>
            {code}
          </Link>
        ) : (
          <span key={id}>{code}</span>
        ),
      )}
    </span>
  );
}

function Line({ line }: { line: Kinship }) {
  const { w, language } = useWords();
  const may = useMay();
  const { account } = useSession();
  const end = useEndKinship();
  const onError = useSayRefusal();
  return (
    <li>
      <span>
        {line.accountName !== null ? <strong className="song">{line.accountName}</strong> : <Codes dossiers={line.personDossiers} />}
      </span>
      <span>
        {w('kinship.relationLine', { relation: w(`kinship.relation.${line.relation}`) })} <Codes dossiers={line.dossiers} />
      </span>
      <span className="quiet">
        <Chip tone={line.source === 'declaration' ? 'jade' : 'plain'}>{w(`kinship.source.${line.source}`)}</Chip>{' '}
        {sayDay(line.createdAtMs, language)}
      </span>
      <span className="act">
        {may('kinship.end') && line.accountId !== account.id && (
          <Popconfirm title={w('kinship.endSure')} onConfirm={() => end.mutateAsync(line.id).catch(onError)}>
            <Button type="text" danger>
              {w('kinship.end')}
            </Button>
          </Popconfirm>
        )}
      </span>
    </li>
  );
}

/** Who is whose relative, as declared or registered: it only ever closes. */
export function KinshipRegister() {
  const { w } = useWords();
  const { data, error, refetch } = useKinships();
  const [registering, setRegistering] = useState(false);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const register = (
    <Button type="primary" onClick={() => setRegistering(true)}>
      {w('kinship.declare')}
    </Button>
  );
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState title={w('kinship.none')} actions={register}>
          {w('kinship.help')}
        </EmptyState>
      ) : (
        <>
          <div className="screen-head">
            <p className="quiet">{w('kinship.help')}</p>
            <div className="stretch" />
            {register}
          </div>
          <ul className="card kinship-list">
            {data.items.map((line) => (
              <Line key={line.id} line={line} />
            ))}
          </ul>
        </>
      )}
      {registering && <RegisterKinship close={() => setRegistering(false)} />}
    </>
  );
}
