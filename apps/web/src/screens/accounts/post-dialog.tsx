import { CloseOutlined } from '@ant-design/icons';
import { App, Button, Modal, Select, Spin } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import type { AccountLine } from '../../api/access.ts';
import type { Schemas } from '../../api/client.ts';
import { useUnits } from '../../api/house.ts';
import { useGivePost, usePostsOf, useTieSubject } from '../../api/rights.ts';
import { DossierByCode } from '../../parts/dossier-code.tsx';
import { Refused, useSayRefusal } from '../../parts/refused.tsx';
import { useWords } from '../../words/words.tsx';
import { SEALED_CATEGORIES, useCategoryName } from '../policy/category-name.ts';
import { LEVELS } from './account-fields.tsx';

type Role = Schemas['NewPost']['role'];
const POST_ROLES: readonly Role[] = ['archivist', 'unit_clerk', 'reader', 'person'];

function PostForm({ line, done }: { line: AccountLine; done: () => void }) {
  const { w } = useWords();
  const { list, byId, pathOf } = useUnits();
  const categoryName = useCategoryName();
  const ids = { role: useId(), unit: useId(), level: useId(), audience: useId() };
  const [role, setRole] = useState<Role>('unit_clerk');
  const [unitId, setUnitId] = useState<string>('');
  const [levelMax, setLevelMax] = useState<number>(1);
  const [audiences, setAudiences] = useState<string[]>([]);
  const give = useGivePost();
  const hasPlace = role === 'archivist' || role === 'unit_clerk';
  const everywhere = role === 'archivist' ? [{ value: '', label: w('posts.everywhere') }] : [];
  const isWhole = role !== 'unit_clerk' || unitId !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const unit = hasPlace ? byId.get(unitId) : undefined;
    give.mutate({ accountId: line.id, body: { role, fondsId: null, unitId: unit?.id ?? null, levelMax, audiences } }, { onSuccess: done });
  };
  return (
    <form className="password-form" onSubmit={submit}>
      <h3>{w('posts.add')}</h3>
      <label htmlFor={ids.role}>{w('accounts.role')}</label>
      <Select id={ids.role} value={role} onChange={setRole} options={POST_ROLES.map((value) => ({ value, label: w(`role.${value}`) }))} />
      {hasPlace && (
        <>
          <label htmlFor={ids.unit}>{w('accounts.unit')}</label>
          <Select
            id={ids.unit}
            showSearch={{ optionFilterProp: 'label' }}
            value={unitId || (everywhere.length ? '' : null)}
            onChange={(value) => setUnitId(value ?? '')}
            options={[...everywhere, ...list.map((unit) => ({ value: unit.id, label: pathOf(unit.id) }))]}
          />
        </>
      )}
      <label htmlFor={ids.level}>{w('accounts.level')}</label>
      <Select
        id={ids.level}
        value={levelMax}
        onChange={setLevelMax}
        options={LEVELS.map((level) => ({ value: level as number, label: w(`accounts.level.${level}`) }))}
      />
      <label htmlFor={ids.audience}>{w('posts.audience')}</label>
      <Select
        id={ids.audience}
        mode="multiple"
        value={audiences}
        onChange={setAudiences}
        options={SEALED_CATEGORIES.map((value) => ({ value, label: categoryName(value) }))}
      />
      <p className="quiet">{w('posts.audienceHelp')}</p>
      <Refused error={give.error} />
      <Button type="primary" htmlType="submit" disabled={!isWhole} loading={give.isPending}>
        {w('posts.add')}
      </Button>
    </form>
  );
}

/** The dossiers that are about the person behind the account. */
function OwnDossiers({ line }: { line: AccountLine }) {
  const { w } = useWords();
  const onError = useSayRefusal();
  const { data, error } = usePostsOf(line.id);
  const tie = useTieSubject();
  const [foundId, setFoundId] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  if (error) return <Refused error={error} />;
  if (!data) return <Spin />;
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!foundId) return;
    tie.mutate(
      { accountId: line.id, dossierId: foundId, tied: true },
      {
        onSuccess: () => {
          setFoundId(null);
          setRound((n) => n + 1);
        },
      },
    );
  };
  return (
    <form className="password-form factor" onSubmit={add}>
      <h3>{w('posts.own')}</h3>
      <p className="quiet">{w('posts.ownHelp')}</p>
      {data.subjectDossiers.length === 0 && <p className="quiet">{w('posts.ownNone')}</p>}
      <ul className="own-dossiers">
        {data.subjectDossiers.map(({ id, code }) => (
          <li key={id}>
            <span className="chip plain num">
              {code}
              <button
                type="button"
                aria-label={w('posts.ownRemove', { code })}
                onClick={() => tie.mutateAsync({ accountId: line.id, dossierId: id, tied: false }).catch(onError)}
              >
                <CloseOutlined aria-hidden />
              </button>
            </span>
          </li>
        ))}
      </ul>
      <DossierByCode key={round} label={w('lookup.code')} choose={setFoundId} />
      <Refused error={tie.error} />
      <Button htmlType="submit" disabled={!foundId} loading={tie.isPending}>
        {w('posts.ownAdd')}
      </Button>
    </form>
  );
}

/** A further post for somebody, and the dossiers that are their own. */
export function PostDialog({ line, close }: { line: AccountLine; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  return (
    <Modal open title={`${w('posts.title')} · ${line.name}`} footer={null} width={480} onCancel={close}>
      <PostForm
        line={line}
        done={() => {
          void message.success(w('posts.given'));
          close();
        }}
      />
      <OwnDossiers line={line} />
    </Modal>
  );
}
