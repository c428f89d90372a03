import { useQuery } from '@tanstack/react-query';
import { Alert, InputNumber, Modal, Spin, Tag } from 'antd';
import { useEffect, useState } from 'react';
import { api, type Schemas } from '../../api/client.ts';
import { answer, isRefusal } from '../../api/refusal.ts';
import { useWords } from '../../words/words.tsx';
import { useDesk } from './desk-state.tsx';
import './quality.css';

type Quality = Schemas['DossierQuality'];
type Item = Quality['items'][number];
type Reason = Item['reasons'][number];

const GRADE_COLOURS = { excellent: 'success', pass: 'processing', fail: 'error', vetoed: 'error' } as const;

/** Why points are lost; what stands in for a code is said in words. */
function useReasonWords() {
  const { code, language } = useWords();
  const { scheme } = useDesk();
  return ({ code: reason, params = {} }: Reason) => {
    if (reason === 'quality/found') return code(reason, { ...params, found: code(String(params.found), params) });
    const condition = scheme?.conditions.find((c) => c.code === params.condition)?.name[language];
    return code(reason, condition ? { ...params, condition } : params);
  };
}

interface JudgedPointsProps {
  readonly code: string;
  readonly points: number;
  readonly lost: number | null;
  readonly isDisabled: boolean;
  readonly judge: (lost: number | null) => void;
}

/** Points taken off by hand. They are sent when the field is left, by Enter too: sent at the first digit, 0.5 could not be typed. */
function JudgedPoints({ code, points, lost, isDisabled, judge }: JudgedPointsProps) {
  const { w } = useWords();
  const [typed, setTyped] = useState(lost);
  useEffect(() => setTyped(lost), [lost]);
  const send = () => {
    if (typed !== lost) judge(typed);
  };
  return (
    <InputNumber
      aria-label={`${w('quality.person')} ${code}`}
      prefix={w('quality.person')}
      min={0}
      max={points}
      step={0.5}
      value={typed}
      disabled={isDisabled}
      onChange={setTyped}
      onBlur={send}
      // Leaving sends: once, whichever way it is left. The key is told of by what stands around the field.
      onPressEnter={({ target }) => target instanceof HTMLElement && target.blur()}
    />
  );
}

/** One item: its words, what it cost and why; points by hand where only a person can tell. */
function ItemLine({ item }: { item: Item }) {
  const { w, language } = useWords();
  const say = useReasonWords();
  const { dossier, operate, mayArrange, isBusy } = useDesk();
  const judge = (lost: number | null) => {
    const { judged = {}, ...facts } = dossier.facts;
    const { [item.code]: _, ...rest } = judged;
    operate(() => [{ type: 'editDossier', facts: { ...facts, judged: lost === null ? rest : { ...rest, [item.code]: lost } } }]);
  };
  // Two checks of one item may hang on one condition: it is said once.
  const reasons = [...new Set(item.reasons.map(say))];
  const state = item.state === 'lost' ? w('quality.lostOf', { lost: item.lost, points: item.points }) : w(`quality.${item.state}`);
  return (
    <li className={`finding ${item.state === 'lost' ? 'error' : 'info'}`}>
      <span className="num">{item.code}</span> {item.text[language]} <Tag color={item.state === 'lost' ? 'error' : 'default'}>{state}</Tag>
      {reasons.length > 0 && (
        <ul className="reasons">
          {reasons.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {item.person && (
        <JudgedPoints code={item.code} points={item.points} lost={item.person.lost} isDisabled={!mayArrange || isBusy} judge={judge} />
      )}
    </li>
  );
}

function ChaseList({ chased }: { chased: Quality['chased'] }) {
  const { w } = useWords();
  return (
    <section>
      <h3>{w('quality.chase')}</h3>
      {chased.length === 0 ? (
        <p role="status">{w('quality.chaseNone')}</p>
      ) : (
        <ul className="reasons">
          {chased.map(({ classCode, title, year, key }) => (
            <li key={`${classCode} ${title} ${year}`}>
              <span className="num">{classCode}</span> {year ?? ''} {title} {key && <Tag>{w('quality.key')}</Tag>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function QualityView({ quality }: { quality: Quality }) {
  const { w, language } = useWords();
  const { standard, score, grade, open, items, chased } = quality;
  const told = items.filter((item) => item.state === 'lost' || item.state === 'open' || item.person);
  const rest = items.filter((item) => !told.includes(item));
  return (
    <>
      <p role="status">
        <strong className="num">{w('quality.score', { score })}</strong>{' '}
        <Tag color={GRADE_COLOURS[grade]}>{w(`quality.grade.${grade}`)}</Tag>
      </p>
      {open > 0 && <p className="quiet">{w('quality.openCount', { count: open })}</p>}
      <ul className="quality-items">
        {told.map((item) => (
          <ItemLine key={item.code} item={item} />
        ))}
      </ul>
      <details>
        <summary>{w('quality.all')}</summary>
        <ul className="quality-items">
          {rest.map((item) => (
            <ItemLine key={item.code} item={item} />
          ))}
        </ul>
      </details>
      <ChaseList chased={chased} />
      <p className="quiet">
        {standard.name[language]} {w('quality.source', { source: standard.source })}
      </p>
    </>
  );
}

/** What the dossier gets by its quality standard, why, and what is to be chased. Asked anew after each change of the dossier. */
export function QualityDialog({ onClose }: { onClose: () => void }) {
  const { w, code } = useWords();
  const { dossier, desk } = useDesk();
  const { data, error } = useQuery({
    queryKey: ['quality', dossier.id, desk.version],
    queryFn: () => answer(api.GET('/api/v1/dossiers/{dossierId}/quality', { params: { path: { dossierId: dossier.id } } })),
    placeholderData: (before) => before,
  });
  return (
    <Modal open title={w('quality.title')} footer={null} onCancel={onClose} width={640}>
      {data && <QualityView quality={data} />}
      {!data && !error && <Spin aria-label={w('quality.title')} />}
      {error && <Alert type="error" showIcon role="alert" title={isRefusal(error) ? code(error.code, error.params) : String(error)} />}
    </Modal>
  );
}
