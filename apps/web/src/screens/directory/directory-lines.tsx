import type { DirectoryLine } from '../../api/directory.ts';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { useWords, type WordKey } from '../../words/words.tsx';

const LINES_SHOWN = 200;
const ACTS = ['refused', 'disable', 'create', 'change', 'enable', 'nothing'] as const;
const TONE: Readonly<Record<DirectoryLine['act'], Tone>> = {
  refused: 'cinnabar',
  disable: 'amber',
  create: 'jade',
  change: 'blue',
  enable: 'jade',
  nothing: 'plain',
};

function Line({ line }: { line: DirectoryLine }) {
  const { w, code } = useWords();
  const { row, column } = line;
  const place =
    row === null ? w('directory.vanished') : column === null ? w('directory.row', { row }) : w('directory.cell', { row, column });
  const changes = line.changes.map((change) => w(`directory.change.${change}` as WordKey)).join(' · ');
  return (
    <li>
      <Chip tone={TONE[line.act]}>{w(`directory.act.${line.act}`)}</Chip>
      <span className="quiet">
        {w(`directory.sheet.${line.sheet}`)} {place}
      </span>
      <strong>{line.what ?? '–'}</strong>
      <span className={line.code === null ? 'quiet' : 'directory-why'}>{line.code === null ? changes : code(line.code, line.params)}</span>
    </li>
  );
}

/** How many rows come to what, and each of them: what is refused and who leaves first, what stays as it is not at all. */
export function DirectoryLines({ lines }: { lines: readonly DirectoryLine[] }) {
  const { w, number } = useWords();
  const counts = ACTS.map((act) => [act, lines.filter((line) => line.act === act).length] as const).filter(([, count]) => count > 0);
  const told = ACTS.filter((act) => act !== 'nothing').flatMap((act) => lines.filter((line) => line.act === act));
  return (
    <>
      <div className="directory-counts" role="status">
        {counts.map(([act, count]) => (
          <Chip key={act} tone={TONE[act]}>{`${w(`directory.act.${act}`)} ${number(count)}`}</Chip>
        ))}
      </div>
      {told.length === 0 && <p className="quiet">{w('directory.nothing')}</p>}
      <ul className="directory-lines" aria-label={w('directory.lines')}>
        {told.slice(0, LINES_SHOWN).map((line) => (
          <Line key={`${line.sheet} ${line.row} ${line.column} ${line.what} ${line.accountId}`} line={line} />
        ))}
      </ul>
      {told.length > LINES_SHOWN && <p className="quiet">{w('directory.more', { count: told.length - LINES_SHOWN })}</p>}
    </>
  );
}
