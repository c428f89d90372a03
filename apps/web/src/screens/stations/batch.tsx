import { LeftOutlined } from '@ant-design/icons';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button, Popconfirm } from 'antd';
import { useMay } from '../../api/session.ts';
import { type BatchDetail, useBatch, useReleaseClaim } from '../../api/stations.ts';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import '../desk/count.css';
import './stations.css';

function Numbers({ count }: { count: BatchDetail['count'] }) {
  const { w, number } = useWords();
  const cells = [
    ['batch.count.declared', `${number(count.declared)} / ${number(count.dossiers)}`, ''],
    ['count.sheets', number(count.sheets), ''],
    ['count.faces', number(count.faces), ''],
    ['count.blankFaces', number(count.blankFaces), ''],
    ['count.images', number(count.images), ''],
    ['batch.count.missing', number(count.missing), count.missing ? 'gap' : ''],
    ['batch.count.tooMany', number(count.tooMany), count.tooMany ? 'surplus' : ''],
  ] as const;
  return (
    <dl className="count-numbers">
      {cells.map(([word, value, tone]) => (
        <div key={word} className={tone || undefined}>
          <dt>{w(word)}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Lines({ batch }: { batch: BatchDetail }) {
  const { w, language } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const may = useMay();
  const release = useReleaseClaim();
  if (!batch.lines.length) return <EmptyState title={w('batch.noLines')}>{w('batch.noLinesHelp')}</EmptyState>;
  return (
    <div className="table-wrap">
      <table className="plain-table">
        <thead>
          <tr>
            {(['batch.line.code', 'batch.line.station', 'batch.line.round', 'batch.line.holder'] as const).map((word) => (
              <th key={word} scope="col">
                {w(word)}
              </th>
            ))}
            <th scope="col" aria-label={w('batch.line.acts')} />
          </tr>
        </thead>
        <tbody>
          {batch.lines.map(({ dossierId, dossierCode, station, pass, round, holder }) => (
            <tr key={dossierId}>
              <td>
                <Link to="/dossiers/$dossierId" params={{ dossierId }} className="num">
                  {dossierCode}
                </Link>
              </td>
              <td>{station === 'check' ? w(pass === 2 ? 'station.check2' : 'station.check1') : w(`station.${station}`)}</td>
              <td className="num">{round}</td>
              <td>{holder && w('batch.line.held', { name: holder.name, at: sayMoment(holder.untilMs, language) })}</td>
              <td>
                {holder && may('dossier.change') && (
                  <Popconfirm
                    title={w('batch.takeBackSure')}
                    onConfirm={() =>
                      release.mutate(holder.claimId, { onSuccess: () => void message.success(w('station.released')), onError })
                    }
                  >
                    <Button size="small">{w('batch.takeBack')}</Button>
                  </Popconfirm>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const MINUTE_MS = 60_000;
const WORK_COLUMNS = [
  'operator',
  'contractor',
  'station',
  'passed',
  'returned',
  'sentBack',
  'released',
  'images',
  'failedPages',
  'minutes',
] as const;

/** What each operator did at each station. */
function Work({ work }: { work: BatchDetail['work'] }) {
  const { w, number } = useWords();
  if (!work.length) return <p className="quiet">{w('batch.noWork')}</p>;
  return (
    <div className="table-wrap">
      <table className="plain-table">
        <thead>
          <tr>
            {WORK_COLUMNS.map((column) => (
              <th key={column} scope="col">
                {w(`batch.work.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {work.map((line) => (
            <tr key={`${line.operatorId} ${line.contractor?.unitId} ${line.station}`}>
              <td>{line.operatorName}</td>
              <td>{line.contractor?.name ?? w('batch.ownStaff')}</td>
              <td>{w(`station.${line.station}`)}</td>
              {[line.passed, line.returned, line.sentBack, line.released, line.images, line.failedPages].map((value, at) => (
                <td key={WORK_COLUMNS[at + 3]} className="num">
                  {number(value)}
                </td>
              ))}
              <td className="num">{number(Math.round(line.durationMs / MINUTE_MS))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** One batch: its count, where its dossiers stand, who did what. */
export function BatchScreen() {
  const { w } = useWords();
  const { batchId } = useParams({ from: '/stations/$batchId' });
  const may = useMay();
  const { data, error, refetch } = useBatch(batchId);
  if (!may('station.work')) return <NoRightState />;
  if (!data) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <LoadingState />;
  return (
    <div className="screen stations">
      <div className="screen-head">
        <Link to="/stations" className="back" aria-label={w('station.title')}>
          <LeftOutlined aria-hidden />
        </Link>
        <h1>{w('batch.one', { code: data.code })}</h1>
        <p className="quiet">{data.contractor?.name ?? w('batch.ownStaff')}</p>
      </div>
      <Numbers count={data.count} />
      <h2>{w('batch.lines')}</h2>
      <Lines batch={data} />
      <h2>{w('batch.work')}</h2>
      <Work work={data.work} />
    </div>
  );
}
