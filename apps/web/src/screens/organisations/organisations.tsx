import { LeftOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useMemo, useState } from 'react';
import { useFonds } from '../../api/house.ts';
import { useMay } from '../../api/session.ts';
import { useNarrow } from '../../parts/narrow.ts';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { DirectoryImport } from '../directory/directory-import.tsx';
import { Reorganisations } from './reorganisations.tsx';
import { layTree } from './tree-rows.ts';
import { FoundOrganisation } from './unit-forms.tsx';
import { UnitPanel } from './unit-panel.tsx';
import { UnitTree } from './unit-tree.tsx';
import '../account/account.css';
import '../accounts/accounts.css';
import './organisations.css';

function Organisations() {
  const { w } = useWords();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const { unitId } = useSearch({ from: '/organisations' });
  const { data, error, refetch } = useFonds();
  const [founding, setFounding] = useState(false);
  const [importing, setImporting] = useState(false);
  const rows = useMemo(() => layTree(data?.fonds ?? []), [data]);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const choose = (id: string | undefined) => void navigate({ to: '/organisations', search: id ? { unitId: id } : {} });
  const chosen = rows.find((row) => row.id === unitId);
  return (
    <>
      <div className="screen-head">
        <h1>{w('org.title')}</h1>
        <div className="stretch" />
        <Button onClick={() => setImporting(true)}>{w('directory.title')}</Button>
        <Button onClick={() => setFounding(true)}>{w('org.found')}</Button>
      </div>
      <div className="organisation-grid">
        {!(narrow && chosen) && <UnitTree rows={rows} chosenId={chosen?.id} choose={choose} />}
        <div>
          {narrow && chosen && (
            <Button type="text" className="back" icon={<LeftOutlined aria-hidden />} onClick={() => choose(undefined)}>
              {w('org.back')}
            </Button>
          )}
          {chosen && <UnitPanel key={chosen.id} row={chosen} rows={rows} choose={choose} />}
          {!chosen && !narrow && (
            <div className="card">
              <EmptyState title={w('org.lead')}>{w('org.help')}</EmptyState>
            </div>
          )}
          {!(narrow && chosen) && <Reorganisations />}
        </div>
      </div>
      {importing && (
        <Modal open title={w('directory.title')} footer={null} width={960} onCancel={() => setImporting(false)}>
          <DirectoryImport />
        </Modal>
      )}
      {founding && (
        <FoundOrganisation
          fonds={data.fonds}
          close={(madeId) => {
            setFounding(false);
            if (madeId) choose(madeId);
          }}
        />
      )}
    </>
  );
}

/** Organisations and their units as a tree, for whoever keeps it. */
export function OrganisationsScreen() {
  const may = useMay();
  if (!may('organisation.change')) return <NoRightState />;
  return (
    <div className="screen">
      <Organisations />
    </div>
  );
}
