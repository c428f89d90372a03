import { EditOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Tooltip } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client.ts';
import { answer } from '../../api/refusal.ts';
import { Refused } from '../../parts/refused.tsx';
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

/** Corrects lines of the reading in hand; what comes of it is read again. */
function useCorrection(pageId: string, { engine, version }: Pick<Reading, 'engine' | 'version'>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (line: { index: number; text: string }) =>
      answer(
        api.POST('/api/v1/pages/{pageId}/reading-corrections', {
          params: { path: { pageId } },
          body: { base: { engine, version }, lines: [line] },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['reading'] }),
  });
}

/** The field over a line that is being corrected: Enter keeps, Escape leaves it as it was; an empty one takes the line out. */
function LineField({ pageId, reading, index, close }: { pageId: string; reading: Reading; index: number; close: () => void }) {
  const { w } = useWords();
  const [text, setText] = useState(reading.lines[index]?.text ?? '');
  const correct = useCorrection(pageId, reading);
  const keep = () => correct.mutate({ index, text }, { onSuccess: close });
  const onKeyDown = (event: KeyboardEvent) => {
    // A key that chooses among the candidates of an input method is none of ours.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') keep();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="line-field">
      <Input
        autoFocus
        maxLength={1000}
        aria-label={w('reading.correct')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="quiet">{w('reading.correctHelp')}</span>
      <span className="acts-row">
        <Button size="small" type="primary" loading={correct.isPending} onClick={keep}>
          {w('reading.correctKeep')}
        </Button>
        <Button size="small" onClick={close}>
          {w('act.cancel')}
        </Button>
      </span>
      <Refused error={correct.error} />
    </div>
  );
}

/** The text of the page in reading order; a click puts the line into the field in hand and lights it on the page. */
export function TextPanel({ hotLine, onLine }: { hotLine: number | null; onLine: (line: ReadingLine, index: number) => void }) {
  const { w, percent } = useWords();
  const { page, desk, mayArrange } = useDesk();
  const [corrected, setCorrected] = useState<number | null>(null);
  const { reading } = usePageView(page);
  const list = useRef<HTMLOListElement>(null);
  const pageId = page?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has other lines
  useEffect(() => setCorrected(null), [pageId]);
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
      <p className="quiet">
        {reading.engine === 'person'
          ? w('reading.byPerson', { version: reading.version, count: reading.lines.length })
          : w('reading.by', { engine: `${reading.engine} ${reading.version}`, count: reading.lines.length })}
      </p>
      <ol className="reading-lines" ref={list}>
        {reading.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one reading never change their order
          <li key={index}>
            {index === corrected ? (
              <LineField pageId={page.id} reading={reading} index={index} close={() => setCorrected(null)} />
            ) : (
              <>
                <button type="button" className={index === hotLine ? 'line hot' : 'line'} onClick={() => onLine(line, index)}>
                  <span>
                    <LineText line={line} />
                  </span>
                  {line.confidence01 < UNSURE_BELOW && <span className="sure low">{percent(line.confidence01)}</span>}
                </button>
                {mayArrange && (
                  <Button
                    type="text"
                    size="small"
                    className="correct"
                    aria-label={`${w('reading.correct')} ${index + 1}`}
                    icon={<EditOutlined aria-hidden />}
                    onClick={() => setCorrected(index)}
                  />
                )}
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  );
}
