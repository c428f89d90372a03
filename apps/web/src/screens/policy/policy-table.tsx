import { CONSULTATION_PURPOSES, DAILY_PURPOSES } from '../../api/client.ts';
import type { PolicyTable as Table } from '../../api/rights.ts';
import { Chip } from '../../parts/chip.tsx';
import { useWords, type WordKey, type WordsOfPage } from '../../words/words.tsx';
import { useCategoryName } from './category-name.ts';

type Line = Table['lines'][number];

const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
/** 1 January 2024 was a Monday. */
const weekdayName = (day: number, language: string) =>
  new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));

/** Every purpose that a policy knows. */
const PURPOSES = [...new Set([...DAILY_PURPOSES, ...CONSULTATION_PURPOSES, 'own_file', 'administration'] as const)];

/** Roles, and “everybody” for all of them. */
const ROLES_TOTAL = 8;
const ACTIONS_MANY = 31;

/** Few purposes are named; of many those that are left out. */
function sayPurposes({ purposes }: Line, { w }: WordsOfPage): string {
  if (!purposes) return w('policy.purposeAny');
  const listed = (names: readonly (typeof PURPOSES)[number][]) => names.map((purpose) => w(`purpose.${purpose}`)).join(w('list.comma'));
  const others = PURPOSES.filter((purpose) => !purposes.includes(purpose));
  return others.length < purposes.length ? w('policy.allBut', { list: listed(others) }) : listed(purposes);
}

function sayTime(line: Line, { w, language }: WordsOfPage): string {
  const days = line.weekdays?.map((day) => weekdayName(day, language)).join(w('list.comma'));
  const hours = line.hours && `${clock(line.hours.fromMinute)}–${clock(line.hours.toMinute)}`;
  return [days, hours].filter(Boolean).join(' ') || w('policy.anyTime');
}

function sayScope(line: Line, { w }: WordsOfPage): string {
  if (line.effect === 'deny')
    return w(`policy.subject.${line.subjects ?? 'any'}`) + (line.restrictedOnly ? w('list.note', { text: w('policy.restricted') }) : '');
  if (line.by === 'grant')
    return [w('policy.byGrant'), line.needs.map((need) => w(`policy.need.${need}`)).join(w('list.comma'))]
      .filter(Boolean)
      .join(w('list.colon'));
  if (line.by === 'subject') return w('policy.bySubject');
  return w(`policy.org.${line.organisations ?? 'own-subtree'}`);
}

function sayLevel(line: Line, table: Table, { w, language }: WordsOfPage): string {
  const name = (level: number) => table.levels[level]?.[language] ?? String(level);
  if (line.effect === 'deny') return line.levelFrom === 0 ? w('policy.all') : w('policy.levelFrom', { level: name(line.levelFrom) });
  return line.level === null ? w('policy.levelOwn') : w('policy.levelAtMost', { level: name(line.level) });
}

function useCells(table: Table): (line: Line) => readonly (readonly [word: WordKey, text: string])[] {
  const words = useWords();
  const categoryName = useCategoryName();
  const { w } = words;
  const listed = (names: readonly string[]) => names.join(w('list.comma'));
  return (line) => [
    ['policy.who', line.roles.length >= ROLES_TOTAL ? w('policy.whoAll') : listed(line.roles.map((role) => w(`role.${role}`)))],
    ['policy.actions', line.actions.length >= ACTIONS_MANY ? w('policy.all') : listed(line.actions.map((action) => w(`action.${action}`)))],
    ['policy.scope', sayScope(line, words)],
    [
      'policy.category',
      (line.categories
        ? listed(line.categories.map(categoryName))
        : line.exceptCategories.length
          ? w('policy.allBut', { list: listed(line.exceptCategories.map(categoryName)) })
          : w('policy.all')) + (line.unlessAudience ? w('list.note', { text: w('policy.unlessAudience') }) : ''),
    ],
    ['policy.level', sayLevel(line, table, words)],
    ['policy.purpose', sayPurposes(line, words)],
    ['policy.time', sayTime(line, words)],
  ];
}

function Lines({ table, lines }: { table: Table; lines: readonly Line[] }) {
  const { w, language } = useWords();
  const cellsOf = useCells(table);
  const first = lines[0];
  if (!first) return null;
  return (
    <div className="policy-lines card">
      <table>
        <thead>
          <tr>
            <th scope="col">{w('policy.noteOf')}</th>
            {cellsOf(first).map(([word]) => (
              <th key={word} scope="col">
                {w(word)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <th scope="row">
                {line.note[language]}
                <code>{line.id}</code>
              </th>
              {cellsOf(line).map(([word, text]) => (
                <td key={word} data-label={w(word)}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A policy as people read it: what opens by post, by consultation and as the person concerned, and what closes whatever opens. */
export function PolicyTableView({ table }: { table: Table }) {
  const { w, language } = useWords();
  const opening = table.lines.filter((line) => line.effect === 'allow');
  const groups = [
    { word: 'policy.byPost', lines: opening.filter((line) => line.by === 'post') },
    { word: 'policy.byGrant', lines: opening.filter((line) => line.by === 'grant') },
    { word: 'policy.bySubject', lines: opening.filter((line) => line.by === 'subject') },
  ] as const;
  const closing = table.lines.filter((line) => line.effect === 'deny');
  return (
    <>
      <p className="quiet">
        {w('policy.deployment', { level: table.levels[table.deploymentLevel]?.[language] ?? String(table.deploymentLevel) })}
      </p>
      {groups
        .filter(({ lines }) => lines.length > 0)
        .map(({ word, lines }) => (
          <section key={word} className="policy-group">
            <h2>
              <Chip tone="jade">{w('policy.allow')}</Chip> {w(word)}
            </h2>
            <Lines table={table} lines={lines} />
          </section>
        ))}
      {closing.length > 0 && (
        <section className="policy-group">
          <h2>
            <Chip tone="cinnabar">{w('policy.deny')}</Chip> <span className="quiet">{w('policy.denyHelp')}</span>
          </h2>
          <Lines table={table} lines={closing} />
        </section>
      )}
    </>
  );
}
