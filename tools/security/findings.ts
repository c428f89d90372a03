/** What a scanner says is wrong. */
export interface ScanFinding {
  readonly tool: string;
  /** The scanner's own name for it. */
  readonly code: string;
  /** Where: an operation and its parameter, an address with its ids left out, a host. */
  readonly place: string;
  /** The scanner's words. */
  readonly detail: string;
}

/** A line of docs/guide/security-scan.md: a finding that is known, and why it may stay. */
export interface ScanAnswer {
  readonly tool: string;
  readonly code: string;
  /** `*` at the end stands for any rest. */
  readonly place: string;
}

/** What is left of a run when the known answers were laid beside it. */
export interface Judged {
  readonly open: readonly ScanFinding[];
  readonly answered: readonly ScanFinding[];
  /** Answers to nothing that the tools of this run found: the finding is gone, and its answer should go too. */
  readonly stale: readonly ScanAnswer[];
}

const HEAD = '| tool | finding | place | judgement | why |';
const codeOf = (cell: string): string | undefined => /^`([^`]+)`$/.exec(cell)?.[1];

/**
 * The answers of the page. A row that is not in its form is an error, for a finding that it meant to answer would stay open unseen.
 * @throws Error naming the row
 */
export function readAnswers(page: string): ScanAnswer[] {
  const lines = page.split('\n');
  const from = lines.indexOf(HEAD);
  if (from < 0) throw new Error(`the page of answers has no table that begins with ${HEAD}`);
  const answers: ScanAnswer[] = [];
  for (const line of lines.slice(from + 2)) {
    if (!line.startsWith('|')) break;
    const [tool = '', code = '', place = '', judgement = '', why = '', ...more] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    const [codeText, placeText] = [codeOf(code), codeOf(place)];
    if (more.length || !tool || !codeText || !placeText || !judgement || !why)
      throw new Error(`this row is not | tool | \`finding\` | \`place\` | judgement | why |:\n${line}`);
    answers.push({ tool, code: codeText, place: placeText });
  }
  return answers;
}

const answers = (answer: ScanAnswer, finding: ScanFinding): boolean =>
  answer.tool === finding.tool &&
  answer.code === finding.code &&
  (answer.place.endsWith('*') ? finding.place.startsWith(answer.place.slice(0, -1)) : answer.place === finding.place);

/** @param ran tools that came to their end in this run: only of these can an answer be stale */
export function judge(findings: readonly ScanFinding[], known: readonly ScanAnswer[], ran: readonly string[]): Judged {
  const isKnown = (finding: ScanFinding) => known.some((answer) => answers(answer, finding));
  return {
    open: findings.filter((f) => !isKnown(f)),
    answered: findings.filter(isKnown),
    stale: known.filter((answer) => ran.includes(answer.tool) && !findings.some((f) => answers(answer, f))),
  };
}

/** An address as it is written down: ids and tokens of one run left out, so that the next run's are the same finding. */
export const placeOf = (address: string): string =>
  address
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '{id}')
    .replace(/(?<=\/)[A-Za-z0-9_-]{24,}(?=\/|$|\?)/g, '{token}');
