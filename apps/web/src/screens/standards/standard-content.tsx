import { Button } from 'antd';
import { type Standard, type StandardItem, useStandardText } from '../../api/standards.ts';
import { Chip } from '../../parts/chip.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { ErrorState, LoadingState } from '../../parts/states.tsx';
import { useWords } from '../../words/words.tsx';

/** What one check looks at and costs, in a line. */
export function CheckLine({ check }: { check: StandardItem['checks'][number] }) {
  const { w, code, language } = useWords();
  const join = (texts: readonly string[]) => texts.join(language === 'zh' ? '、' : ', ');
  // Findings are told by code, titles of each year by their form.
  const about = check.about.map((thing) => (check.kind === 'findings' ? code(thing) : thing.replace('{year}', '××××')));
  const years = [check.fromYear, check.untilYear];
  return (
    <li>
      {w(`standards.check.${check.kind}` as 'standards.check.held', { about: join(about) })}
      {years.some((year) => year !== null) && <span> {w('standards.years', { from: years[0] ?? '…', until: years[1] ?? '…' })}</span>}
      {check.when.length > 0 && <span> {w('standards.when', { when: join(check.when.map((c) => c[language])) })}</span>}
      {check.lost !== null && <span className="num"> {w('standards.lost', { lost: check.lost })}</span>}
    </li>
  );
}

function Items({ items }: { items: readonly StandardItem[] }) {
  const { w, language } = useWords();
  return (
    <table className="card standard-items">
      <thead>
        <tr>
          <th scope="col">{w('standards.item')}</th>
          <th scope="col">{w('standards.words')}</th>
          <th scope="col">{w('standards.checks')}</th>
          <th scope="col" className="num">
            {w('standards.points')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.code}>
            <th scope="row" className="num">
              {item.code}
            </th>
            <td>
              {item.text[language]} {item.veto && <Chip tone="cinnabar">{w('standards.veto')}</Chip>}
            </td>
            <td>
              <ul className="checks">
                {item.checks.map((check, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: checks of a version have no name but their place
                  <CheckLine key={i} check={check} />
                ))}
              </ul>
            </td>
            <td className="num">{item.points}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a version says: the items of a quality standard, the text of a scheme. */
export function ContentTab({ standard, version }: { standard: Standard; version: number }) {
  const { w } = useWords();
  const { data, error, refetch } = useStandardText(standard, version);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  return (
    <>
      <p className="standard-head">
        <span>{w('standards.version', { version })}</span>
        <Button size="small" onClick={() => saveFile(data.yaml, `${standard.id}-${version}.yaml`)}>
          {w('standards.save')}
        </Button>
      </p>
      {data.items ? <Items items={data.items} /> : <pre className="standard-text">{data.yaml}</pre>}
    </>
  );
}
