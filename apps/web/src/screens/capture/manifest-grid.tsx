import { Button } from 'antd';
import { useState } from 'react';
import type { ManifestLine, ManifestReport } from '../../api/manifests.ts';
import { useWords } from '../../words/words.tsx';

const ROWS_AT_ONCE = 100;

/** Cells changed by hand, by row and column. */
export type Edits = ReadonlyMap<string, string>;
export const editKey = (row: number, column: number): string => `${row} ${column}`;

interface GridProps {
  readonly report: ManifestReport;
  readonly edits: Edits;
  onEdit(row: number, column: number, text: string): void;
}

function Line({
  line,
  columns,
  edits,
  onEdit,
}: { line: ManifestLine; columns: ManifestReport['columns'] } & Pick<GridProps, 'edits' | 'onEdit'>) {
  const { w, code } = useWords();
  const cells = new Map(line.cells.map((c) => [c.column, c.text]));
  const whys = (column: number | null) => line.findings.filter((f) => f.column === column);
  const say = (f: ManifestLine['findings'][number]) => code(f.code, f.params);
  return (
    <tr className={line.refused ? 'refused' : ''}>
      <th scope="row" className="num">
        {line.row}
      </th>
      {columns.map(({ column, heading }) => {
        const found = whys(column);
        const text = edits.get(editKey(line.row, column)) ?? cells.get(column) ?? '';
        if (!found.length) return <td key={column}>{text}</td>;
        return (
          <td key={column} className={found.some((f) => f.severity === 'error') ? 'wrong' : 'doubtful'}>
            <input
              value={text}
              aria-label={w('manifest.cell', { row: line.row, heading })}
              title={found.map(say).join('\n')}
              onChange={(event) => onEdit(line.row, column, event.target.value)}
            />
          </td>
        );
      })}
      <td className="why">
        {[...new Set(line.findings.map(say))].map((text) => (
          <p key={text}>{text}</p>
        ))}
      </td>
    </tr>
  );
}

/** The rows of a list that want a look, the cells at fault open to be changed. */
export function ManifestGrid({ report, edits, onEdit }: GridProps) {
  const { w, number } = useWords();
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const { lines, linesLeft } = report;
  const columns = report.columns.filter((c) => c.field !== null);
  if (!lines.length) return <p className="quiet">{w('manifest.clean')}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="manifest-grid" aria-label={w('manifest.grid')} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{w('manifest.row')}</th>
              {columns.map((c) => (
                <th key={c.column} scope="col">
                  {c.heading}
                </th>
              ))}
              <th scope="col">{w('manifest.why')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, shown).map((line) => (
              <Line key={line.row} line={line} columns={columns} edits={edits} onEdit={onEdit} />
            ))}
          </tbody>
        </table>
      </section>
      {lines.length > shown && (
        <Button onClick={() => setShown(shown + ROWS_AT_ONCE)}>{w('manifest.more', { count: lines.length - shown })}</Button>
      )}
      {linesLeft > 0 && <p className="quiet">{w('manifest.left', { rows: number(linesLeft) })}</p>}
    </>
  );
}
