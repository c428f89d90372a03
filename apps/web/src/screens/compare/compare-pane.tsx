import { Select } from 'antd';
import { useEffect, useMemo, useRef } from 'react';
import type { Schemas } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { EmptyState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';
import type { PageStage } from '../desk/osd.ts';
import { Stage } from '../desk/page-stage.tsx';
import { ElsewhereSearch } from './elsewhere-search.tsx';
import { listChoices, type PageChoice, readBox, splitByYear, unitOf } from './place.ts';

export type SideName = 'left' | 'right';

/** A magnifier of paper: so many pixels of the screen for one of the scan. */
const MAX_RATIO = 8;

interface Props {
  readonly side: SideName;
  readonly desk: Schemas['Desk'];
  readonly pageId: string | undefined;
  /** `x,y,width,height` as the address has it. */
  readonly box: string | undefined;
  readonly otherPageId: string | undefined;
  readonly ratio: number;
  choose(pageId: string, box?: string): void;
  onStage(stage: PageStage | null): void;
  /** @param isFirst the page has just been opened: nobody zoomed */
  onZoom(ratio: number, isFirst: boolean): void;
}

/** Hands the stage up as soon as it is there. */
function StageHandle({ stage, onStage }: { stage: PageStage | null; onStage(stage: PageStage | null): void }) {
  const tell = useRef(onStage);
  tell.current = onStage;
  useEffect(() => {
    tell.current(stage);
    return () => tell.current(null);
  }, [stage]);
  return null;
}

/** One side: which page, and the page itself under the magnifier, its marked place brought close. */
export function ComparePane({ side, desk, pageId, box, otherPageId, ratio, choose, onStage, onZoom }: Props) {
  const { w } = useWords();
  const maySearch = useMay()('search');
  const choices = listChoices(desk);
  const { year, same, rest } = splitByYear(choices, otherPageId);
  const nameOf = ({ title, number }: PageChoice) =>
    number === 0 ? w('compare.loose') : w('compare.page', { title: title || w('material.untitled'), number });
  const option = (c: PageChoice) => ({ value: c.pageId, label: nameOf(c) });
  const groups = [
    ...(year !== null && same.length ? [{ label: w('compare.sameYear', { year }), options: same.map(option) }] : []),
    { label: w('compare.here'), options: rest.map(option) },
  ];
  // The same list as long as the place is the same: it is brought close once, and then left to the magnifier.
  const lit = useMemo(() => {
    const place = readBox(box);
    return place ? [{ box: place, kind: 'hot' as const }] : [];
  }, [box]);
  const known = choices.find((c) => c.pageId === pageId);
  const page = desk.pages.find((p) => p.id === pageId);
  const opened = useRef<string | undefined>(undefined);
  const told = (now: number) => {
    const isFirst = opened.current !== pageId;
    opened.current = pageId;
    onZoom(now, isFirst);
  };
  return (
    <section className="compare-pane" aria-label={w(`compare.${side}`)}>
      <div className="compare-choice">
        <Select
          showSearch
          optionFilterProp="label"
          aria-label={w(`compare.${side}`)}
          placeholder={w('compare.choose')}
          value={known?.pageId ?? (pageId === undefined ? null : w('compare.elsewhere'))}
          options={groups}
          onChange={(id: string) => choose(id)}
        />
        <span className="num quiet">{pageId === undefined ? '' : `${Math.round(ratio * 100)} %`}</span>
      </div>
      {maySearch && <ElsewhereSearch dossierId={desk.dossierId} unit={unitOf(desk, otherPageId)} year={year} choose={choose} />}
      {pageId === undefined ? (
        <section className="stage bare">
          <EmptyState title={w('compare.none')}>{w('compare.noneText')}</EmptyState>
        </section>
      ) : (
        <Stage
          key={`${pageId} ${box ?? ''}`}
          page={{ id: pageId, turned: page?.turned ?? 0, readState: 'not_needed' }}
          label={known ? nameOf(known) : w('compare.elsewhere')}
          lit={lit}
          withText={false}
          hotLine={null}
          onLine={() => undefined}
          maxRatio={MAX_RATIO}
          isFramed
          onZoom={told}
        >
          {(stage) => <StageHandle stage={stage} onStage={onStage} />}
        </Stage>
      )}
    </section>
  );
}
