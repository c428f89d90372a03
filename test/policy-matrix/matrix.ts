import { readFileSync } from 'node:fs';
import { ACTIONS, type Action, type ActorRole, ROLES } from '@lantai/policy';

/** ● ○ × of the page. */
export type Sign = 'allowed' | 'not-found' | 'refused';

/** One cell of the matrix, for one action. */
export interface MatrixCase {
  readonly action: Action;
  readonly role: ActorRole;
  /** Column of the page; null: about no dossier. */
  readonly thing: string | null;
  readonly expected: Sign;
}

/** The matrix as its page says it. */
export interface Matrix {
  readonly cases: readonly MatrixCase[];
  /** Every route that is named, as often as it is. */
  readonly routes: readonly string[];
  /** By route: the actions of its section or row; empty where no right is asked. */
  readonly actionsOfRoute: ReadonlyMap<string, readonly Action[]>;
}

const SIGNS: Readonly<Record<string, Sign>> = { '●': 'allowed', '○': 'not-found', '×': 'refused' };
const PAGE = new URL('../../docs/spec/access-matrix.md', import.meta.url);

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((m) => m[1]!);
const cellsOf = (line: string): string[] =>
  line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((c) => c.trim());

const asActions = (names: readonly string[]): Action[] =>
  names.map((name) => {
    const found = ACTIONS.find((a) => a === name);
    if (!found) throw new Error(`the matrix names an action that is none: ${name}`);
    return found;
  });

const asRole = (name: string): ActorRole => {
  const found = ROLES.find((r) => r === name);
  if (!found) throw new Error(`the matrix names a role that is none: ${name}`);
  return found;
};

const asSign = (cell: string, where: string): Sign => {
  const sign = SIGNS[cell];
  if (!sign) throw new Error(`${where}: ${cell} is no sign of the matrix`);
  return sign;
};

/** Reads docs/spec/access-matrix.md. Anything that is not in its form is an error: a row that is not read would be a row that is not tested. */
export function readMatrix(text: string = readFileSync(PAGE, 'utf8')): Matrix {
  const cases: MatrixCase[] = [];
  const actionsOfRoute = new Map<string, readonly Action[]>();
  const routes: string[] = [];
  let actions: Action[] = [];
  let columns: string[] = [];
  const name = (route: string, of: readonly Action[]) => {
    routes.push(route);
    actionsOfRoute.set(route, of);
  };
  for (const line of text.split('\n').slice(text.split('\n').findIndex((l) => l.startsWith('## ')))) {
    if (line.startsWith('## ')) [actions, columns] = [[], []];
    else if (line.startsWith('Actions: ')) actions = asActions(quoted(line));
    else if (line.startsWith('Routes: ')) for (const route of quoted(line)) name(route, actions);
    else if (line.startsWith('| role |') || line.startsWith('| action |')) columns = cellsOf(line);
    else if (line.startsWith('|') && !line.startsWith('|---')) {
      const row = cellsOf(line);
      if (row.length !== columns.length)
        throw new Error(`a row of the matrix has ${row.length} cells where its head has ${columns.length}`);
      if (columns[0] === 'role') cases.push(...casesOfRole(row, columns, actions));
      else {
        const [of] = quoted(row[0]!);
        const action = of === undefined ? [] : asActions([of]);
        for (const route of quoted(row.at(-1)!)) name(route, action);
        const signs = columns.slice(1, -1).map((role, i) => ({ role: asRole(role), expected: asSign(row[i + 1]!, row[0]!) }));
        cases.push(...action.flatMap((a) => signs.map((s) => ({ action: a, thing: null, ...s }))));
      }
    }
  }
  return { cases, routes, actionsOfRoute };
}

function casesOfRole(row: readonly string[], columns: readonly string[], actions: readonly Action[]): MatrixCase[] {
  const role = asRole(row[0]!);
  return actions.flatMap((action) =>
    columns.slice(1).map((thing, i) => ({ action, role, thing, expected: asSign(row[i + 1]!, `${role} ${thing}`) })),
  );
}
