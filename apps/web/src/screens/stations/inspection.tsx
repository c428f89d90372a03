import { LeftOutlined } from '@ant-design/icons';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useEffect, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { type ClaimDetail, type DefectKind, useClaim, useDefectKinds, useFinishClaim, useJudgePage } from '../../api/stations.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { Chip } from '../../parts/chip.tsx';
import { KeyHint } from '../../parts/key-cap.tsx';
import { useSayRefusal } from '../../parts/refused.tsx';
import { EmptyState, ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import '../desk/desk.css';
import { Stage } from '../desk/page-stage.tsx';
import { fromKeys } from './defect-keys.ts';
import './inspection.css';
import { ReturnDialog } from './return-dialog.tsx';

type Page = ClaimDetail['pages'][number];

/** The pages drawn, each with what was said of it. */
function PageList({ pages, at, open }: { pages: readonly Page[]; at: number; open: (at: number) => void }) {
  const { w } = useWords();
  return (
    <ol className="inspected-pages">
      {pages.map((page, i) => (
        <li key={page.pageId}>
          <button
            type="button"
            className={page.verdict ?? 'open'}
            aria-current={i === at}
            aria-label={`${page.place} ${w(`inspection.${page.verdict ?? 'open'}`)}`}
            onClick={() => open(i)}
          >
            {page.place}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** The dictionary: each defect by a click or its key; what is marked stays until the page is judged. */
function Defects({ kinds, marked, toggle }: { kinds: readonly DefectKind[]; marked: ReadonlySet<string>; toggle: (code: string) => void }) {
  const { w, language } = useWords();
  return (
    <ul className="defects" aria-label={w('inspection.defects')}>
      {kinds.map((kind) => (
        <li key={kind.code}>
          <button type="button" className={kind.severity} aria-pressed={marked.has(kind.code)} onClick={() => toggle(kind.code)}>
            <KeyHint keys={kind.key} />
            <span>{kind.name[language]}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What came of it so far, said in words. */
function Progress({ claim }: { claim: ClaimDetail }) {
  const { w } = useWords();
  const { inspection } = claim;
  if (!inspection) return null;
  const { judged, pages, failed, limitPercent, verdict } = inspection;
  return (
    <p role="status" className="inspection-progress">
      <Chip tone={verdict === 'pass' ? 'jade' : verdict === 'fail' ? 'cinnabar' : 'plain'}>{w(`inspection.verdict.${verdict}`)}</Chip>{' '}
      <span className="num">{w('inspection.progress', { judged, pages, failed, limit: limitPercent })}</span>
    </p>
  );
}

function InspectionDesk({ claim, kinds }: { claim: ClaimDetail; kinds: readonly DefectKind[] }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const onError = useSayRefusal();
  const navigate = useNavigate();
  const judge = useJudgePage(claim.id);
  const finish = useFinishClaim();
  const { pages } = claim;
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      pages.findIndex((p) => p.verdict === null),
    ),
  );
  const [returning, setReturning] = useState(false);
  const page = pages[at];
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set(page?.defects));
  const pageId = page?.pageId;
  const saidDefects = page?.defects.join(' ') ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page in hand, or another word on it, begins with what was said of it
  useEffect(() => setMarked(new Set(saidDefects ? saidDefects.split(' ') : [])), [pageId, saidDefects]);
  const step = (by: 1 | -1) => setAt((now) => Math.min(pages.length - 1, Math.max(0, now + by)));
  const toggle = (code: string) => setMarked((now) => new Set(now.has(code) ? [...now].filter((c) => c !== code) : [...now, code]));
  const weighs = (code: string) => kinds.find((k) => k.code === code)?.severity !== 'note';
  const say = (verdict: 'pass' | 'fail') => {
    if (!page || judge.isPending) return;
    // Passed means without a defect that weighs: what was marked by mistake goes with it.
    const defects = verdict === 'pass' ? [...marked].filter((code) => !weighs(code)) : [...marked];
    if (verdict === 'fail' && !defects.some(weighs)) {
      void message.info(w('inspection.markFirst'));
      return;
    }
    judge.mutate({ pageId: page.pageId, verdict, defects }, { onSuccess: () => step(1), onError });
  };
  useShortcuts('keys.inspection', [
    { keys: 'j', label: 'inspection.next', run: () => step(1) },
    { keys: 'k', label: 'inspection.previous', run: () => step(-1) },
    { keys: 'p', label: 'inspection.passAct', run: () => say('pass') },
    { keys: 'f', label: 'inspection.failAct', run: () => say('fail') },
    ...fromKeys(kinds, toggle),
  ]);
  const leave = () => void navigate({ to: '/stations' });
  const hand = () =>
    finish.mutate(claim.id, {
      onSuccess: () => {
        void message.success(w('station.finished'));
        leave();
      },
      onError,
    });
  const { inspection } = claim;
  const suggested = kinds.find((k) => pages.some((p) => p.verdict === 'fail' && p.defects.includes(k.code)))?.station;
  return (
    <div className="inspection-body">
      <div className="inspection-side">
        <Progress claim={claim} />
        <PageList pages={pages} at={at} open={setAt} />
        <Defects kinds={kinds} marked={marked} toggle={toggle} />
        <div className="acts-row">
          <Button type="primary" onClick={() => say('pass')} disabled={!page} loading={judge.isPending}>
            {w('inspection.passAct')}
            <KeyHint keys="p" />
          </Button>
          <Button danger onClick={() => say('fail')} disabled={!page}>
            {w('inspection.failAct')}
            <KeyHint keys="f" />
          </Button>
        </div>
        <div className="acts-row">
          <Button onClick={hand} disabled={inspection?.verdict !== 'pass'} loading={finish.isPending}>
            {w('station.finish')}
          </Button>
          <Button danger type="text" onClick={() => setReturning(true)}>
            {w('station.return')}
          </Button>
        </div>
        {claim.seed && <p className="quiet num seed">{w('inspection.seed', { seed: claim.seed })}</p>}
      </div>
      {page ? (
        <Stage
          key={page.pageId}
          page={{ id: page.pageId, turned: 0, readState: 'not_needed' }}
          label={w('inspection.page', { place: page.place })}
          lit={[]}
          withText={false}
          hotLine={null}
          onLine={() => undefined}
        />
      ) : (
        <section className="stage bare">
          <EmptyState title={w('inspection.noPages')}>{w('inspection.noPagesHelp')}</EmptyState>
        </section>
      )}
      {returning && <ReturnDialog claim={claim} suggested={suggested} close={() => setReturning(false)} done={leave} />}
    </div>
  );
}

/** Human inspection (质检): the pages drawn, one after the other, each passed or failed by keys. */
export function InspectionScreen() {
  const { w } = useWords();
  const { claimId } = useParams({ from: '/inspections/$claimId' });
  const may = useMay();
  const claim = useClaim(claimId);
  const kinds = useDefectKinds();
  if (!may('station.work')) return <NoRightState />;
  const error = claim.error ?? kinds.error;
  if (!claim.data || !kinds.data)
    return error ? <ErrorState error={error} retry={() => void claim.refetch()} /> : <LoadingState what={w('inspection.opening')} />;
  return (
    <div className="inspection">
      <header className="inspection-head">
        <Link to="/stations" className="back" aria-label={w('station.title')}>
          <LeftOutlined aria-hidden />
        </Link>
        <h1>{w(claim.data.pass === 2 ? 'station.check2' : 'station.check1')}</h1>
        <span className="quiet num">
          {claim.data.dossierCode} · {claim.data.batchCode}
        </span>
      </header>
      <InspectionDesk claim={claim.data} kinds={kinds.data.items} />
    </div>
  );
}
