import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { PropertyItem } from '../../api/properties.ts';
import { Chip } from '../../parts/chip.tsx';
import { sayMoment } from '../../words/dates.ts';
import { useWords } from '../../words/words.tsx';
import { isAsked, TONE_OF } from './result-tone.ts';

/** Groups of findings shown of an item, and doors of each; the report has the rest. */
const GROUPS_MAX = 8;
const DOORS_MAX = 8;

type Finding = PropertyItem['findings'][number];

/** Findings that say the same, together. */
function groupFindings(findings: readonly Finding[], say: (f: Finding) => string): [string, Finding[]][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const words = say(finding);
    if (!groups.get(words)?.push(finding)) groups.set(words, [finding]);
  }
  return [...groups];
}

/** Where a finding is to be seen. */
function Door({ dossierId, finding, place }: { dossierId: string; finding: Finding; place: number }) {
  const { w } = useWords();
  const { kind, id } = finding.object;
  if (kind !== 'page' && kind !== 'material') return null;
  const search = kind === 'page' ? { page: id } : { material: id };
  return (
    <Link to="/dossiers/$dossierId" params={{ dossierId }} search={search} aria-label={`${w('four.see')} ${place}`}>
      {place === 1 ? w('four.see') : <span className="num">{place}</span>}
    </Link>
  );
}

function Findings({ dossierId, item }: { dossierId: string; item: PropertyItem }) {
  const { w, code, number } = useWords();
  const groups = groupFindings(item.findings, (f) => code(f.code, f.params));
  const shown = groups.slice(0, GROUPS_MAX);
  const left = item.findingCount - shown.reduce((sum, [, group]) => sum + group.length, 0);
  return (
    <ul className="four-findings">
      {shown.map(([words, group]) => (
        <li key={words} className={group[0]?.weight}>
          {words} {group.length > 1 && <span className="quiet num">×{number(group.length)}</span>}{' '}
          <span className="four-doors">
            {group.slice(0, DOORS_MAX).map((f, i) => (
              <Door key={f.object.id} dossierId={dossierId} finding={f} place={i + 1} />
            ))}
          </span>
        </li>
      ))}
      {left > 0 && <li className="quiet">{w('four.more', { count: left, number: number(left) })}</li>}
    </ul>
  );
}

/** One item: its code, what it asks, what came of it, and what a person may say. */
export function ItemRow({
  dossierId,
  item,
  mayAnswer,
  ask,
}: {
  dossierId: string;
  item: PropertyItem;
  mayAnswer: boolean;
  ask: () => void;
}) {
  const { w, code, number, language } = useWords();
  const version = item.measured.version;
  return (
    <li className="four-item">
      <span className="num code">{item.code}</span>
      <div className="what">
        <p>
          {item.name[language]}
          {!item.blocking && <small className="quiet"> {w('four.optional')}</small>}
        </p>
        {item.reason && !item.answer && <p className="quiet">{code(item.reason)}</p>}
        {version !== undefined && <p className="quiet num">{String(version)}</p>}
        {item.findings.length > 0 && <Findings dossierId={dossierId} item={item} />}
        {item.answer && (
          <p className="answer">
            {item.answer.words}{' '}
            <small className="quiet">{w('four.answeredBy', { name: item.answer.byName, at: sayMoment(item.answer.atMs, language) })}</small>
          </p>
        )}
      </div>
      <span className="quiet object">{code(`four-report/object.${item.object}`)}</span>
      <span className="quiet num measured">
        {item.checked > 0 && w('four.checked', { count: item.checked, number: number(item.checked) })}
      </span>
      <span className="result">
        <Chip tone={TONE_OF[item.result]}>
          {item.answer?.result === 'skipped' ? w('four.way.skipped') : code(`four-report/result.${item.result}`)}
        </Chip>
        {mayAnswer && isAsked(item) && (
          <Button size="small" onClick={ask}>
            {w('four.act')}
          </Button>
        )}
      </span>
    </li>
  );
}
