import { readConfig } from '@lantai/server';
import { Argument, Command, CommanderError, Option } from 'commander';
import { BOX_ACTS, type BoxAct, type BoxOptions, boxCommand } from './commands/box.ts';
import { CHECK_MOMENTS, checkPropertiesCommand } from './commands/check-properties.ts';
import { CODE_FORMS, CODES_ACTS, type CodesAct, codesCommand } from './commands/codes.ts';
import { COPY_FORMS, COPY_PURPOSES, copyCommand } from './commands/copy.ts';
import { COUNT_ACTS, type CountAct, type CountOptions, countCommand } from './commands/count.ts';
import { COUNTERCHECK_ACTS, type CountercheckCommandAct, countercheckCommand } from './commands/countercheck.ts';
import { describeCommand } from './commands/describe.ts';
import { FILING_CHECK_ACTS, type FilingCheckAct, filingCheckCommand } from './commands/filing-check.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { type ManifestCommandOptions, manifestCommand } from './commands/manifest.ts';
import { monitorCommand } from './commands/monitor.ts';
import { receiptCommand } from './commands/receipt.ts';
import { SUITE_NAMES } from './commands/rekey.ts';
import { registerCommand, requestsCommand } from './commands/requests.ts';
import { searchCommand } from './commands/search.ts';
import { type SeparatorsOptions, separatorsCommand } from './commands/separators.ts';
import { serveCommand, startCommand, workCommand } from './commands/serve.ts';
import { showCommand } from './commands/show.ts';
import { traceCommand } from './commands/trace.ts';
import { verifyCommand } from './commands/verify.ts';
import { replacePageCommand, versionsCommand } from './commands/versions.ts';
import { witnessCommand } from './commands/witness.ts';
import type { Context } from './context.ts';
import { addDigitising } from './digitising.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { HELP_AFTER } from './help.ts';
import { addKeeping, addKeys } from './keeping.ts';
import { createOutput, languageOf } from './output.ts';
import { rootSecretAsker } from './root-secret.ts';

type Action = (context: Context) => Promise<number> | number;

/** Builds the command line. `run` does one command and gives its exit code. */
function buildProgram(run: (action: Action, isJson: boolean | undefined) => Promise<void>): Command {
  const program = new Command('lantai')
    .description('兰台 Lantai: paper personnel dossiers made sealed, searchable and provable')
    .version('0.1.0')
    .addHelpText('after', HELP_AFTER)
    .exitOverride()
    .showHelpAfterError();
  const add = (spec: string, summary: string, example: string) =>
    program
      .command(spec)
      .description(summary)
      .option('--json', 'one JSON value a line')
      .addHelpText('after', `\nExample:\n  ${example}`)
      .exitOverride();
  const asAccount = (c: Command) => c.option('--as <account>', 'account that acts (a trial archive: its owner)');
  const suite = new Option('--suite <id>', 'cryptography').choices(Object.keys(SUITE_NAMES)).default('intl');

  add('init', 'make an archive', 'lantai init --fonds Z109 --fonds-name 某市人才服务中心')
    .option('--trial', 'a trial archive, without a question')
    .option('--fonds <code>', 'code of the first fonds; asked for when left out')
    .option('--fonds-name <name>', 'its name; asked for when left out')
    .addOption(suite)
    .action((o) => run((c) => initCommand(c, o), o.json));
  add('start', 'serve; on an empty folder make a trial archive first', 'lantai start').action((o) => run(startCommand, o.json));
  add('serve', 'web, API, reading and log, until stopped', 'lantai serve').action((o) => run(serveCommand, o.json));
  add('work', 'read and import in the background, without a web page', 'lantai work').action((o) => run(workCommand, o.json));
  asAccount(add('import <path>', 'import files of a folder into a dossier', 'lantai import scans/P1101 --dossier P1101 --json'))
    .requiredOption('--dossier <code>', 'archival code; opened when there is none')
    .option('--scheme <id>', 'classification scheme of a new dossier', 'cadre-2018')
    .option('--name <name>', 'name of the subject of a new dossier')
    .option('--separators', 'separator sheets among the images say dossier, class and material of what follows')
    .option('--no-read', 'leave the reading of the pages to the server')
    .action((path, o) => run((c) => importCommand(c, path, o), o.json));
  asAccount(
    add(
      'manifest',
      'check or apply a list of materials, Excel or CSV, with folders of images',
      'lantai manifest check catalogue.xlsx --images scans --errors errors.xlsx',
    ),
  )
    .addArgument(new Argument('<act>', 'what to do').choices(['check', 'apply']))
    .argument('<file>', 'the list')
    .option('--images <folder>', 'images, in folders or files named by archival code, ID number or name')
    .option('--scheme <id>', 'classification scheme of its dossiers', 'cadre-2018')
    .option('--dossier <code>', 'dossier of rows that name none')
    .option('--errors <file>', 'write the rows that are left out, with the reasons, as a sheet')
    .action((act, file, o: ManifestCommandOptions & { json?: boolean }) => run((c) => manifestCommand(c, act, file, o), o.json));
  asAccount(
    add('separators <file> <codes...>', 'print separator sheets or labels of dossiers as PDF', 'lantai separators sheets.pdf P1101 P1102'),
  )
    .option('--labels', 'labels with the archival codes instead of separator sheets')
    .action((file, codes, o: SeparatorsOptions & { json?: boolean }) => run((c) => separatorsCommand(c, file, codes, o), o.json));
  asAccount(
    add(
      'count',
      'sheets and faces declared of a dossier against images received, exception reports, filing',
      'lantai count declare P1101 --sheets 60 --faces 96 --blank 8',
    ),
  )
    .addArgument(new Argument('<act>', 'what to do').choices(COUNT_ACTS))
    .argument('<code>', 'archival code of the dossier')
    .option('--sheets <n>', 'sheets of paper (declare)')
    .option('--faces <n>', 'faces to be accounted for: with content, or registered as blank (declare)')
    .option('--blank <n>', 'of them, those registered as blank that are not scanned (declare)')
    .option('--words <text>', 'where the blank faces lie (declare); why a report is closed (explain, settle)')
    .option('--out <file>', 'where to write the slip (print)')
    .action((act: CountAct, code, o: CountOptions & { json?: boolean }) => run((c) => countCommand(c, act, code, o), o.json));
  asAccount(
    add('countercheck', 'where two persons look at the cataloguing, and what waits for this account', 'lantai countercheck on cadre-2018'),
  )
    .addArgument(
      new Argument('[act]', 'list: what waits; on, off: ask for two persons, or no longer').choices(COUNTERCHECK_ACTS).default('list'),
    )
    .argument('[scheme]', 'id of the scheme (on, off)')
    .option('--fonds <code>', 'the fonds, where the account keeps several (on, off)')
    .action((act: CountercheckCommandAct, scheme, o) => run((c) => countercheckCommand(c, act, scheme, o), o.json));
  asAccount(
    add(
      'filing-check',
      'where a dossier must pass the four-property check before it is filed; asks for it, or no longer',
      'lantai filing-check on cadre-2018',
    ),
  )
    .addArgument(new Argument('[act]', 'list; on, off: ask for the check, or no longer').choices(FILING_CHECK_ACTS).default('list'))
    .argument('[scheme]', 'id of the scheme (on, off)')
    .option('--fonds <code>', 'the fonds, where the account keeps several (on, off)')
    .action((act: FilingCheckAct, scheme, o) => run((c) => filingCheckCommand(c, act, scheme, o), o.json));
  addDigitising({ add, asAccount, run });
  asAccount(
    add(
      'box',
      'boxes of the storeroom: list, show, create, put dossiers in, take them out, say where one stands, find by code or picture, labels, contents',
      'lantai box put 12 P1101 P1102',
    ),
  )
    .addArgument(new Argument('<act>', 'what to do').choices(BOX_ACTS))
    .argument('[box]', 'number of the box, the text of its code, or a picture of it (find)')
    .argument('[things...]', 'archival codes (put, take); steps of its place as step=code (place)')
    .option('--volume <n>', 'volume of the dossiers (put, take)', '1')
    .option('--sheets <n>', 'sheets of each (put); left out: as its slip or its pages say')
    .option('--at <n>', 'before what stands at this place in the box (put)')
    .option('--count <n>', 'how many boxes (create)', '1')
    .option('--category <code>', 'category of what goes into them (create)', 'cadre')
    .option('--spine <mm>', '20, 30, 40 or 50 (create)', '20')
    .option('--year <year>', 'by which it is arranged (create)')
    .option('--retention <code>', 'Y or D30 (create)')
    .option('--kind <kind>', 'face, spine or qr (labels)', 'qr')
    .option('--out <file>', '.pdf or .xlsx (labels, contents)')
    .action((act: BoxAct, box: string | undefined, things: string[], o: BoxOptions & { json?: boolean }) =>
      run((c) => boxCommand(c, act, box, things, o), o.json),
    );
  asAccount(
    add(
      'codes',
      'by which form archival codes are given: list, choose, rewrite those that are there',
      'lantai codes choose cadre-2018 --leading da-t-13 --second da-t-22',
    ),
  )
    .addArgument(new Argument('<act>', 'what to do').choices(CODES_ACTS))
    .argument('[scheme]', 'id of the scheme')
    .argument('[fonds]', 'code of the fonds; left out: the only one')
    .addOption(new Option('--leading <form>', 'form of the leading code').choices(CODE_FORMS).default('own'))
    .addOption(new Option('--second <form>', 'form kept beside it').choices(CODE_FORMS).default('none'))
    .action((act: CodesAct, scheme, fonds, o) => run((c) => codesCommand(c, act, scheme, fonds, o), o.json));
  asAccount(add('search <words...>', 'search readings and catalogue', 'lantai search 考核 张德振'))
    .option('--limit <n>', 'hits shown', '20')
    .option('--exact', 'count beyond 1,000')
    .action((words, o) => run((c) => searchCommand(c, words, o), o.json));
  asAccount(add('show <code>', 'a dossier, its materials and pages', 'lantai show P1101 --text'))
    .option('--text', 'also what was read')
    .option('--reveal <reason>', 'with ID numbers, phones, addresses and accounts, which are masked otherwise; an entry says so')
    .action((code, o) => run((c) => showCommand(c, code, o), o.json));
  asAccount(add('versions <code>', 'how materials were catalogued before, and replaced scans', 'lantai versions P1101 --material 4-1-2'))
    .option('--material <name>', 'class and number as `lantai show` prints them; left out: every material')
    .action((code, o) => run((c) => versionsCommand(c, code, o), o.json));
  asAccount(
    add(
      'replace-page <code> <page> <by>',
      'a loose page takes the place of a page whose scan is bad, which is kept',
      'lantai replace-page P1101 0190… 0191… --reason 模糊',
    ),
  )
    .requiredOption('--reason <text>', 'why; sealed')
    .action((code, page, by, o) => run((c) => replacePageCommand(c, code, page, by, o), o.json));
  asAccount(
    add(
      'copy <code> <file>',
      'a dual-layer copy (PDF/A or OFD) of a dossier or of materials, marked page by page',
      'lantai copy P1101 p1101.pdf --reason 转递',
    ),
  )
    .requiredOption('--reason <text>', 'what it is for; sealed for auditors')
    .addOption(new Option('--form <form>', 'of the file').choices(COPY_FORMS).default('pdf-a-1b'))
    .addOption(new Option('--purpose <purpose>', 'of use').choices(COPY_PURPOSES).default('archive_work'))
    .option('--material <name...>', 'class and number as `lantai show` prints them, 4-1-2; left out: the whole dossier')
    .option('--reveal', 'ID numbers, phones, addresses and accounts stand in its text, which are masked otherwise; an entry says so')
    .action((code, file, o) => run((c) => copyCommand(c, code, file, o), o.json));
  asAccount(
    add(
      'check-properties <codes...>',
      'the four-property check 四性检测 of dossiers; 1 when items are open, 4 when one fails',
      'lantai check-properties P1101 --moment filing --report p1101.pdf',
    ),
  )
    .addOption(new Option('--moment <moment>', 'of the check').choices(CHECK_MOMENTS).default('filing'))
    .option('--report <file>', 'of one dossier: the report, .pdf or .xml')
    .action((codes, o) => run((c) => checkPropertiesCommand(c, codes, o), o.json));
  asAccount(
    add(
      'describe <code> <file>',
      'description (DA/T 18, DA/T 46) and process metadata of a dossier as XML',
      'lantai describe P1101 p1101.xml',
    ),
  ).action((code, file, o) => run((c) => describeCommand(c, code, file, o), o.json));
  asAccount(add('requests', 'what persons ask by the law on personal information; 1 when one is overdue', 'lantai requests --json'))
    .option('--all', 'also those that are done')
    .action((o) => run((c) => requestsCommand(c, o), o.json));
  asAccount(add('register <name> <file>', 'a register of processing as CSV', 'lantai register provision provision.csv'))
    .option('--allow-sensitive', 'also when ID numbers, phones, addresses or accounts, or words of discipline or health, are in it')
    .option('--reason <text>', 'why; sealed for auditors')
    .action((name, file, o) => run((c) => registerCommand(c, name, file, o), o.json));
  asAccount(add('receipt <page>', 'the proof of a page, standing alone', 'lantai receipt 0190… --out p.tlog-proof --file p.jpg'))
    .option('--out <file>', 'where to write the receipt')
    .option('--file <file>', 'also write the page as received')
    .option('--anchors <file>', 'give it under the anchored checkpoint, and write its anchors')
    .action((page, o) => run((c) => receiptCommand(c, page, o), o.json));
  add(
    'verify [thing] [file]',
    'check a receipt (and a file against it) or a bundle, zip or folder; no server needed',
    'lantai verify pack.zip --key log.vkey',
  )
    .option('--key <key>', "the log's verifier key, or a file with its keys")
    .option('--number <number>', 'the number printed in a visible mark: is its look among what was proved?')
    .option('--tsa-roots <file>', 'PEM of the time-stamp authorities that are believed')
    .option('--page <file>', 'write the page that checks in a browser, without a network')
    .action((thing, file, o) => run((c) => verifyCommand(c, thing, file, o), o.json));
  add(
    'monitor <log>',
    'look whether a published log (URL or folder) still continues what was seen last',
    'lantai monitor https://archive.example/log --key log.vkey',
  )
    .option('--key <key>', "the log's verifier key, or a file with its keys: needed at the first visit")
    .option('--memory <file>', 'where to remember the last checkpoint', 'lantai-monitor.json')
    .option('--token-file <file>', 'API token with the scope log.read: entries are read too, not their hashes alone')
    .option('--witness <name>', 'cosign what was proved, as this witness')
    .option('--witness-key <file>', 'key of the witness; made when absent')
    .action((log, o) => run((c) => monitorCommand(c, log, o), o.json));
  add(
    'witness',
    'cosign the checkpoints of logs that ask for it, until stopped',
    'lantai witness --name w.example/1 --witness-key w.key --key log.vkey',
  )
    .requiredOption('--name <name>', 'of this witness')
    .requiredOption('--witness-key <file>', 'key of the witness; made when absent')
    .requiredOption('--key <key>', "the logs' verifier keys: one, or a file")
    .option('--memory <file>', 'where to remember what was cosigned', 'lantai-witness.json')
    .option('--follow <log...>', 'where the logs are published: changes of their keys are followed from there')
    .option('--host <host>', 'where to listen', '127.0.0.1')
    .option('--port <port>', 'where to listen', '8471')
    .action((o) => run((c) => witnessCommand(c, o), o.json));
  asAccount(add('trace [picture]', 'name the look that a leaked picture comes from', 'lantai trace picture.jpg --as auditadmin'))
    .option('--number <number>', 'the number printed in the visible mark, instead of a picture')
    .option('--bundle <file>', 'also write picture, tracing and look with their proofs, for lantai verify')
    .action((picture, o) => run((c) => traceCommand(c, picture, o), o.json));
  addKeeping({ add, asAccount, run });
  addKeys(program, run);
  return program;
}

/** Runs the program. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = EXIT.ok;
  const program = buildProgram(async (action, isJson) => {
    const out = createOutput(isJson ?? false, languageOf(process.env));
    try {
      const config = readConfig(process.env, process.cwd());
      // Only where somebody sits: a pipe's input is the command's own.
      const asked = process.stdin.isTTY ? { askRootSecret: rootSecretAsker(out.language) } : {};
      code = await action({ config: { ...config, ...asked }, out });
    } catch (error) {
      out.fail(error);
      code = exitCodeOf(error);
    }
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return code;
}

// What is still open when the work is done (an idle child, a timer) must not keep the terminal.
main(process.argv.slice(2)).then((code) => process.exit(code));
