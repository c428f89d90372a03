import { App, Button, Input, InputNumber, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import {
  type CountException,
  type DossierCount,
  useCheckCount,
  useCount,
  useDeclareSlip,
  useFileDossier,
  usePrintSlip,
  useSettleException,
} from '../../api/counting.ts';
import { useMay } from '../../api/session.ts';
import { Chip } from '../../parts/chip.tsx';
import { Refused, useSayRefusal } from '../../parts/refused.tsx';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import './count.css';
import { FilingNote, isToldByNote } from './filing-note.tsx';

/** The numbers, large: declared, received, and what they say of each other. */
function Numbers({ count }: { count: DossierCount }) {
  const { w, number } = useWords();
  const [slip] = count.slips;
  const { comparison, received } = count;
  const cells = [
    ...(slip
      ? [
          [w('count.sheets'), number(slip.sheets)],
          [w('count.faces'), number(slip.faces)],
          [w('count.blankFaces'), number(slip.blankFaces)],
        ]
      : []),
    [w('count.images'), number(received.images)],
  ];
  return (
    <>
      <dl className="count-numbers">
        {cells.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
        {comparison && (
          <div className={comparison.kind ?? 'agrees'}>
            <dt>{w('count.difference')}</dt>
            <dd className="num">{comparison.difference > 0 ? `+${comparison.difference}` : comparison.difference}</dd>
          </div>
        )}
      </dl>
      <p role="status">
        {comparison === null
          ? w('count.noSlip')
          : comparison.kind === null
            ? w('count.agrees')
            : w(`count.${comparison.kind}`, { count: Math.abs(comparison.difference) })}
        {comparison !== null && comparison.sheetsMissing > 0 && w('count.sheetsMissing', { count: comparison.sheetsMissing })}
      </p>
      {(received.blankImages > 0 || received.duplicates > 0) && (
        <p className="quiet">{w('count.hints', { blank: received.blankImages, twice: received.duplicates })}</p>
      )}
      {slip?.note && <p className="quiet">{w('count.noteSaid', { note: slip.note })}</p>}
    </>
  );
}

/** A first slip, or one more revision. */
function SlipForm({ count, close }: { count: DossierCount; close: () => void }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const declare = useDeclareSlip(count.dossierId);
  const [slip] = count.slips;
  const [sheets, setSheets] = useState<number | null>(slip?.sheets ?? null);
  const [faces, setFaces] = useState<number | null>(slip?.faces ?? null);
  const [blankFaces, setBlankFaces] = useState<number | null>(slip?.blankFaces ?? 0);
  const [note, setNote] = useState(slip?.note ?? '');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (sheets === null || faces === null) return;
    declare.mutate(
      { sheets, faces, blankFaces: blankFaces ?? 0, note },
      {
        onSuccess: () => {
          void message.success(w('count.declared'));
          close();
        },
      },
    );
  };
  const numbers = [
    { name: 'sheets', min: 1, value: sheets, set: setSheets },
    { name: 'faces', min: 1, value: faces, set: setFaces },
    { name: 'blankFaces', min: 0, value: blankFaces, set: setBlankFaces },
  ] as const;
  return (
    <form className="password-form count-form" onSubmit={send}>
      <div className="count-fields">
        {numbers.map(({ name, min, value, set }) => (
          <div key={name}>
            <label htmlFor={`${id} ${name}`}>{w(`count.${name}`)}</label>
            <InputNumber
              id={`${id} ${name}`}
              min={min}
              max={40_000}
              precision={0}
              value={value}
              onChange={set}
              autoFocus={name === 'sheets'}
            />
          </div>
        ))}
      </div>
      <p className="quiet">{w('count.help')}</p>
      <label htmlFor={`${id} note`}>{w('count.note')}</label>
      <Input.TextArea
        id={`${id} note`}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 5 }}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Refused error={declare.error} />
      <div className="acts-row">
        <Button type="primary" htmlType="submit" disabled={sheets === null || faces === null} loading={declare.isPending}>
          {w('count.declare')}
        </Button>
      </div>
    </form>
  );
}

/** Closes the open report: an explanation while the numbers differ, the settling once they agree. */
function SettleForm({ count, open }: { count: DossierCount; open: CountException }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const id = useId();
  const settle = useSettleException(count.dossierId);
  const [words, setWords] = useState('');
  const way = count.comparison?.kind === null ? 'settled' : 'explained';
  const send = (event: FormEvent) => {
    event.preventDefault();
    settle.mutate({ id: open.id, way, words }, { onSuccess: () => void message.success(w('count.closed')) });
  };
  return (
    <form className="password-form" onSubmit={send}>
      <label htmlFor={id}>{w(way === 'explained' ? 'count.explainLabel' : 'count.settleLabel')}</label>
      <Input.TextArea
        id={id}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 5 }}
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Refused error={settle.error} />
      <Button htmlType="submit" disabled={words.trim() === ''} loading={settle.isPending}>
        {w(way === 'explained' ? 'count.explain' : 'count.settle')}
      </Button>
    </form>
  );
}

function Reports({ count }: { count: DossierCount }) {
  const { w, language } = useWords();
  const maySettle = useMay()('material.change');
  return (
    <section>
      <h3>{w('count.reports')}</h3>
      <ul className="count-reports">
        {count.exceptions.map((e) => (
          <li key={e.id}>
            <Chip tone={e.state === 'open' ? 'cinnabar' : 'plain'}>{w(`count.state.${e.state}`)}</Chip>{' '}
            {w(`count.${e.kind}`, { count: Math.abs(e.difference) })}
            <p className="quiet">
              {w('count.openedBy', { name: e.openedByName, at: sayMoment(e.openedAtMs, language) })}
              {e.closedAtMs !== null && ` · ${w('count.closedBy', { name: e.closedByName, at: sayMoment(e.closedAtMs, language) })}`}
            </p>
            {e.words && <p>{e.words}</p>}
            {e.state === 'open' && maySettle && <SettleForm count={count} open={e} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function CountView({ count }: { count: DossierCount }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const may = useMay();
  const onError = useSayRefusal();
  const [declaring, setDeclaring] = useState(false);
  const check = useCheckCount(count.dossierId);
  const print = usePrintSlip(count.dossierId);
  const file = useFileDossier(count.dossierId);
  const hasSlip = count.slips.length > 0;
  const fileIt = () =>
    file
      .mutateAsync(undefined)
      .then(() => void message.success(w('count.filed')))
      .catch((error: unknown) => !isToldByNote(error) && onError(error));
  return (
    <>
      <Numbers count={count} />
      {declaring ? (
        <SlipForm count={count} close={() => setDeclaring(false)} />
      ) : (
        <div className="acts-row count-acts">
          {may('material.change') && (
            <Button type={hasSlip ? 'default' : 'primary'} onClick={() => setDeclaring(true)}>
              {w(hasSlip ? 'count.revise' : 'count.declare')}
            </Button>
          )}
          {may('page.import') && hasSlip && (
            <>
              <Button loading={check.isPending} onClick={() => check.mutate(undefined, { onError })}>
                {w('count.check')}
              </Button>
              <Button loading={print.isPending} onClick={() => print.mutate(count.dossierCode, { onError })}>
                {w('count.print')}
              </Button>
            </>
          )}
          {may('dossier.change') && count.dossierState !== 'filed' && (
            <Button type={hasSlip ? 'primary' : 'default'} loading={file.isPending} onClick={() => void fileIt()}>
              {w('count.file')}
            </Button>
          )}
        </div>
      )}
      {may('dossier.change') && count.dossierState !== 'filed' && <FilingNote dossierId={count.dossierId} error={file.error} />}
      {count.exceptions.length > 0 && <Reports count={count} />}
    </>
  );
}

/** Counting (清点) and filing (验收归档) of the dossier in hand. */
export function CountDialog({ dossierId, onClose }: { dossierId: string; onClose: () => void }) {
  const { w } = useWords();
  const { data, error, refetch } = useCount(dossierId);
  return (
    <Modal open title={w('count.title')} footer={null} onCancel={onClose} width={600}>
      {data ? <CountView count={data} /> : error ? <ErrorState error={error} retry={() => void refetch()} /> : <LoadingState />}
    </Modal>
  );
}
