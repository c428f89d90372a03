import { LeftOutlined } from '@ant-design/icons';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Segmented, Switch } from 'antd';
import { useId, useRef, useState } from 'react';
import { useMay } from '../../api/session.ts';
import { useShortcuts } from '../../keys/shortcuts.tsx';
import { ErrorState, LoadingState, NoRightState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import { useDeskQuery, useDossier } from '../desk/desk-data.ts';
import '../desk/desk.css';
import type { PageStage } from '../desk/osd.ts';
import './compare.css';
import { ComparePane, type SideName } from './compare-pane.tsx';

/** Magnifications that have a key: pixels of the screen for one of the page. */
const RATIOS = [1, 2, 4, 8] as const;
const SIDES: readonly SideName[] = ['left', 'right'];

/** Keeps the magnification of both sides: what one is zoomed by, the other is too while they are linked. */
function useLinkedZoom() {
  const [isLinked, link] = useState(true);
  const [ratios, setRatios] = useState<Readonly<Record<SideName, number>>>({ left: 1, right: 1 });
  const stages = useRef<Partial<Record<SideName, PageStage | null>>>({});
  const known = useRef(ratios);
  const isFollowing = useRef(false);
  const note = (side: SideName, ratio: number) => {
    const before = known.current[side];
    known.current = { ...known.current, [side]: ratio };
    setRatios(known.current);
    const other = side === 'left' ? 'right' : 'left';
    // The viewer tells of a change while it is made: what follows is not followed again.
    if (!isLinked || isFollowing.current || !stages.current[other] || Math.abs(ratio / before - 1) < 0.001) return;
    isFollowing.current = true;
    stages.current[other]?.zoomTo(known.current[other] * (ratio / before));
    isFollowing.current = false;
  };
  const zoomTo = (ratio: number) => {
    isFollowing.current = true;
    for (const side of SIDES) stages.current[side]?.zoomTo(ratio);
    isFollowing.current = false;
  };
  /** A page just opened says where it begins, and moves nobody. */
  const begin = (side: SideName, ratio: number) => {
    known.current = { ...known.current, [side]: ratio };
    setRatios(known.current);
  };
  return { isLinked, link, ratios, stages, note, begin, zoomTo };
}

/** Two places side by side under one magnifier (比对台): for the eye of a person, who alone concludes. */
export function CompareScreen() {
  const { w } = useWords();
  const { dossierId } = useParams({ from: '/dossiers/$dossierId/compare' });
  const search = useSearch({ from: '/dossiers/$dossierId/compare' });
  const navigate = useNavigate();
  const may = useMay();
  const switchId = useId();
  const dossier = useDossier(dossierId);
  const { data: desk, error, refetch } = useDeskQuery(dossierId, {});
  const zoom = useLinkedZoom();
  useShortcuts('keys.compare', [
    ...RATIOS.map((ratio) => ({ keys: String(ratio), label: 'compare.zoom' as const, run: () => zoom.zoomTo(ratio) })),
    { keys: 'l', label: 'compare.linked', run: () => zoom.link(!zoom.isLinked) },
  ]);
  if (!may('page.view')) return <NoRightState />;
  if (!desk) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <LoadingState what={w('compare.opening')} />;
  const choose = (side: SideName, pageId: string, box?: string) => {
    const next: { left?: string; leftBox?: string; right?: string; rightBox?: string } = { ...search, [side]: pageId };
    delete next[`${side}Box`];
    if (box !== undefined) next[`${side}Box`] = box;
    void navigate({ to: '/dossiers/$dossierId/compare', params: { dossierId }, search: next, replace: true });
  };
  const shared = RATIOS.find((ratio) => SIDES.every((side) => Math.abs(zoom.ratios[side] / ratio - 1) < 0.01));
  return (
    <div className="compare">
      <header className="compare-head">
        <Link to="/dossiers/$dossierId" params={{ dossierId }} className="back" aria-label={w('compare.back')}>
          <LeftOutlined aria-hidden />
        </Link>
        <h1>
          {dossier.data && <span className="song">{dossier.data.name} </span>}
          {w('compare.title')}
        </h1>
        <span className="quiet stretch">{w('compare.note')}</span>
        <Segmented<number>
          aria-label={w('compare.zoom')}
          value={shared ?? 0}
          options={RATIOS.map((ratio) => ({ value: ratio, label: `${ratio * 100} %` }))}
          onChange={zoom.zoomTo}
        />
        <label htmlFor={switchId}>{w('compare.linked')}</label>
        <Switch id={switchId} checked={zoom.isLinked} onChange={zoom.link} />
      </header>
      <div className="compare-sides">
        {SIDES.map((side) => (
          <ComparePane
            key={side}
            side={side}
            desk={desk}
            pageId={search[side]}
            box={search[`${side}Box`]}
            otherPageId={search[side === 'left' ? 'right' : 'left']}
            ratio={zoom.ratios[side]}
            choose={(pageId, box) => choose(side, pageId, box)}
            onStage={(stage) => {
              zoom.stages.current[side] = stage;
            }}
            onZoom={(ratio, isFirst) => (isFirst ? zoom.begin(side, ratio) : zoom.note(side, ratio))}
          />
        ))}
      </div>
    </div>
  );
}
