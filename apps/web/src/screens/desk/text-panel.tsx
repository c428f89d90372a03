import { Tooltip } from 'antd';
import { useEffect, useRef } from 'react';
import { EmptyState } from '../../parts/states.tsx';
import { UNSURE_BELOW } from '../../parts/unsure.ts';
import { useWords } from '../../words/words.tsx';
import { type Reading, usePageView } from './desk-data.ts';
import { useDesk } from './desk-state.tsx';
import { MaskBar } from './mask-bar.tsx';

type ReadingLine = Reading['lines'][number];

/** A line with its uncertain characters marked; their other candidates show on hover and to screen readers. */
function LineText({ line }: { line: ReadingLine }) {
  const { w } = useWords();
  const byPlace = new Map(line.candidates?.map((candidate) => [candidate.at, candidate.options]));
  if (byPlace.size === 0) return <>{line.text}</>;
  return [...line.text].map((char, at) => {
    const others = byPlace.get(at)?.filter((option) => option.char !== char);
    // biome-ignore lint/suspicious/noArrayIndexKey: the characters of one line never change their order
    if (!others?.length) return <span key={at}>{char}</span>;
    const words = w('reading.or', { chars: others.map((option) => option.char).join('、') });
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <Tooltip key={at} title={words}>
        <mark className="doubt">
          {char}
          <span className="unseen">（{words}）</span>
        </mark>
      </Tooltip>
    );
  });
}

/** The text of the page in reading order; a click puts the line into the field in hand and lights it on the page. */
export function TextPanel({ hotLine, onLine }: { hotLine: number | null; onLine: (line: ReadingLine, index: number) => void }) {
  const { w, percent } = useWords();
  const { page, desk } = useDesk();
  const { reading } = usePageView(page);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (hotLine !== null) list.current?.children[hotLine]?.scrollIntoView({ block: 'nearest' });
  }, [hotLine]);
  if (!page) return <EmptyState title={w('page.none')} />;
  if (page.readState === 'waiting') return <EmptyState title={w('reading.waiting')}>{w('reading.waitingText')}</EmptyState>;
  if (page.readState === 'needs_person') return <EmptyState title={w('reading.needsPerson')}>{w('reading.needsPersonText')}</EmptyState>;
  if (!reading) return <p className="quiet">{w('state.loading')}</p>;
  if (reading.lines.length === 0) return <EmptyState title={w('reading.blank')} />;
  return (
    <>
      <MaskBar dossierId={desk.dossierId} pageId={page.id} masking={reading.masking} />
      <p className="quiet">{w('reading.by', { engine: `${reading.engine} ${reading.version}`, count: reading.lines.length })}</p>
      <ol className="reading-lines" ref={list}>
        {reading.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one reading never change their order
          <li key={index}>
            <button type="button" className={index === hotLine ? 'hot' : ''} onClick={() => onLine(line, index)}>
              <span>
                <LineText line={line} />
              </span>
              {line.confidence01 < UNSURE_BELOW && <span className="sure low">{percent(line.confidence01)}</span>}
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
