import { App, Button, Modal, Popconfirm, Select } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useEndLeader, useLeaders, useRegisterLeader } from '../../api/access.ts';
import { useUnits } from '../../api/house.ts';
import { DossierByCode } from '../../parts/dossier-code.tsx';
import { Refused, useSayRefusal } from '../../parts/refused.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayDay } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import '../account/account.css';

function RegisterLeader({ close }: { close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const { list, pathOf } = useUnits();
  const id = useId();
  const [dossierId, setDossierId] = useState<string | null>(null);
  const [unitId, setUnitId] = useState<string | null>(null);
  const register = useRegisterLeader();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!dossierId || !unitId) return;
    const onSuccess = () => {
      void message.success(w('leaders.registered'));
      close();
    };
    register.mutate({ dossierId, unitId }, { onSuccess });
  };
  return (
    <Modal open title={w('leaders.register')} footer={null} width={460} onCancel={close}>
      <form className="password-form" onSubmit={submit}>
        <DossierByCode label={w('leaders.dossier')} choose={setDossierId} />
        <label htmlFor={id}>{w('leaders.unit')}</label>
        <Select
          id={id}
          showSearch={{ optionFilterProp: 'label' }}
          value={unitId}
          onChange={setUnitId}
          options={list.map((unit) => ({ value: unit.id, label: pathOf(unit.id) }))}
        />
        <Refused error={register.error} />
        <Button type="primary" htmlType="submit" disabled={!dossierId || !unitId} loading={register.isPending}>
          {w('leaders.register')}
        </Button>
      </form>
    </Modal>
  );
}

/** Who leads which unit, by the code of the dossier: looks into these weigh. */
export function LeaderRegister() {
  const { w, language } = useWords();
  const { pathOf } = useUnits();
  const { data, error, refetch } = useLeaders();
  const [registering, setRegistering] = useState(false);
  const end = useEndLeader();
  const onError = useSayRefusal();
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  return (
    <section className="leaders">
      <div className="screen-head">
        <h2>{w('leaders.title')}</h2>
        <div className="stretch" />
        <Button onClick={() => setRegistering(true)}>{w('leaders.register')}</Button>
      </div>
      <p className="quiet">{w('leaders.help')}</p>
      {data.items.length > 0 && (
        <ul className="account-list card">
          {data.items.map((leader) => (
            <li key={leader.id} className="account-line">
              <div className="who">
                <strong className="num">{leader.dossiers.map(({ code }) => code).join(w('list.comma'))}</strong>
                <span className="quiet">{sayDay(leader.createdAtMs, language)}</span>
              </div>
              <div className="where">{pathOf(leader.unitId) || leader.unitCode}</div>
              <div className="act">
                <Popconfirm title={w('leaders.endSure')} onConfirm={() => end.mutateAsync(leader.id).catch(onError)}>
                  <Button type="text" danger>
                    {w('leaders.end')}
                  </Button>
                </Popconfirm>
              </div>
            </li>
          ))}
        </ul>
      )}
      {registering && <RegisterLeader close={() => setRegistering(false)} />}
    </section>
  );
}
