import { LeftOutlined } from '@ant-design/icons';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { type BoxDetail, useBox, useEditBox, usePutIntoBox, useTakeFromBox } from '../../api/boxes.ts';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { Chip } from '../../parts/chip.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import '../stations/stations.css';
import { EditBoxDialog } from './box-form.tsx';
import { boxNumber, sayPlace } from './box-words.ts';
import './boxes.css';
import { Fill, PaperMenu } from './boxes.tsx';
import { PutForm } from './put-form.tsx';
import { useSayRetention } from './retention-select.tsx';

/** What lies in the box, in its order; each may be moved and taken out, also by keys. */
function Lines({ box }: { box: BoxDetail }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const may = useMay();
  const put = usePutIntoBox();
  const take = useTakeFromBox(box.id);
  const mayChange = may('dossier.change') && !box.ended;
  const isBusy = put.isPending || take.isPending;
  if (!box.lines.length)
    return box.hidden ? null : <EmptyState title={w('box.isEmpty')}>{mayChange ? w('box.isEmptyHelp') : undefined}</EmptyState>;
  // Places are of the whole box, what one may not see included: only then does a place mean the same to everybody.
  const move = (from: number, to: number) => {
    const line = box.lines[from];
    if (!line || to < 0 || to >= box.lines.length) return;
    const at = to > from ? to + 2 : to + 1;
    put.mutate({ boxId: box.id, body: { volumes: [{ dossier: { id: line.dossierId }, volume: line.volume }], at } }, { onError });
  };
  return (
    <div className="table-wrap">
      <table className="plain-table">
        <thead>
          <tr>
            {(['box.line.place', 'box.line.code', 'box.line.name', 'box.line.volume', 'box.line.sheets'] as const).map((word) => (
              <th key={word} scope="col">
                {w(word)}
              </th>
            ))}
            {mayChange && <th scope="col">{w('box.line.acts')}</th>}
          </tr>
        </thead>
        <tbody>
          {box.lines.map((line, at) => (
            <tr key={`${line.dossierId}/${line.volume}`}>
              <td className="num">{at + 1}</td>
              <td>
                <Link to="/dossiers/$dossierId" params={{ dossierId: line.dossierId }} className="num">
                  {line.dossierCode}
                </Link>
              </td>
              <td>{line.name}</td>
              <td className="num">{line.volume}</td>
              <td className="num">{line.sheets}</td>
              {mayChange && (
                <td>
                  <div className="acts-row">
                    {box.hidden === 0 && (
                      <>
                        <Button
                          size="small"
                          aria-label={w('box.up', { code: line.dossierCode, volume: line.volume })}
                          disabled={at === 0 || isBusy}
                          onClick={() => move(at, at - 1)}
                        >
                          ↑
                        </Button>
                        <Button
                          size="small"
                          aria-label={w('box.down', { code: line.dossierCode, volume: line.volume })}
                          disabled={at === box.lines.length - 1 || isBusy}
                          onClick={() => move(at, at + 1)}
                        >
                          ↓
                        </Button>
                      </>
                    )}
                    <Popconfirm
                      title={w('box.takeSure', { code: line.dossierCode, volume: line.volume })}
                      onConfirm={() =>
                        take.mutate(
                          { volumes: [{ dossierId: line.dossierId, volume: line.volume }] },
                          { onError, onSuccess: () => void message.success(w('box.taken')) },
                        )
                      }
                    >
                      <Button size="small" disabled={isBusy}>
                        {w('box.take')}
                      </Button>
                    </Popconfirm>
                  </div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Acts({ box }: { box: BoxDetail }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const may = useMay();
  const edit = useEditBox(box.id);
  const [editing, setEditing] = useState(false);
  const mayChange = may('dossier.change');
  useShortcuts('keys.boxes', mayChange ? [{ keys: 'e', label: 'box.edit', run: () => setEditing(true) }] : []);
  const end = () =>
    edit.mutate(
      { version: box.version, ended: !box.ended },
      { onError, onSuccess: () => void message.success(w(box.ended ? 'box.resumed' : 'box.endedNow')) },
    );
  return (
    <div className="acts-row">
      <PaperMenu boxIds={[box.id]} />
      {mayChange && (
        <>
          <Button onClick={() => setEditing(true)}>
            {w('box.edit')}
            <KeyHint keys="e" />
          </Button>
          {box.volumes === 0 && (
            <Button onClick={end} loading={edit.isPending}>
              {w(box.ended ? 'box.resume' : 'box.end')}
            </Button>
          )}
        </>
      )}
      {editing && <EditBoxDialog key={box.version} box={box} close={() => setEditing(false)} />}
    </div>
  );
}

/** One box: what lies in it, where it stands, its labels. */
export function BoxScreen() {
  const { w } = useWords();
  const may = useMay();
  const sayRetention = useSayRetention();
  const { boxId } = useParams({ from: '/boxes/$boxId' });
  const { data: box, error, refetch } = useBox(boxId);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!box) return <LoadingState />;
  const place = sayPlace(box.place, w);
  return (
    <div className="screen boxes">
      <div className="screen-head">
        <Link to="/boxes" className="back" aria-label={w('box.title')}>
          <LeftOutlined aria-hidden />
        </Link>
        <h1>{w('box.one', { number: boxNumber(box.number) })}</h1>
        <span className="stretch" />
        <Acts box={box} />
      </div>
      <p className="box-facts">
        <span className="num">{box.fondsCode}</span>
        {box.retention && <Chip tone="jade">{sayRetention(box.retention)}</Chip>}
        {box.year !== null && <Chip>{w('box.ofYear', { year: box.year })}</Chip>}
        {box.ended && <Chip tone="amber">{w('box.ended')}</Chip>}
        {box.namesOutside && <Chip tone="amber">{w('box.named')}</Chip>}
        <span className={place ? undefined : 'quiet'}>{place || w('box.noPlace')}</span>
        <Fill box={box} />
      </p>
      {may('dossier.change') && !box.ended && <PutForm boxId={box.id} />}
      <Lines box={box} />
      {box.hidden > 0 && <p className="quiet">{w('box.hidden', { count: box.hidden })}</p>}
    </div>
  );
}
