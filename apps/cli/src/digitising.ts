import { SCAN_MODES, SCAN_SOURCES } from '@lantai/images/scanner';
import { STANDARD_KINDS } from '@lantai/server';
import { Argument, type Command, Option } from 'commander';
import { BATCH_ACTS, type BatchAct, type BatchOptions, batchCommand } from './commands/batch.ts';
import { learnCommand } from './commands/learn.ts';
import { type ScanCommandOptions, scanCommand } from './commands/scan.ts';
import { type SignatureOptions, signatureCommand } from './commands/signature.ts';
import { type StandardsOptions, standardsCommand } from './commands/standards.ts';
import { STATION_ACTS, type StationAct, type StationsOptions, stationsCommand } from './commands/stations.ts';
import type { Context } from './context.ts';

/** What a command line is built with. */
export interface CommandKit {
  add(spec: string, summary: string, example: string): Command;
  asAccount(command: Command): Command;
  run(action: (context: Context) => Promise<number> | number, isJson: boolean | undefined): Promise<void>;
}

/** Commands of digitisation: scanner, signatures of documents, standards, learning, batches. */
export function addDigitising({ add, asAccount, run }: CommandKit): void {
  asAccount(add('scan', 'scan a stack of paper into a dossier (SANE)', 'lantai scan --dossier P1101 --source duplex --separators'))
    .option('--list', 'the scanners of this machine and what they can do')
    .option('--dossier <code>', 'archival code of the dossier')
    .option('--device <name>', 'scanner, as --list names it; left out: the first')
    .addOption(new Option('--source <where>', 'where the paper lies').choices(SCAN_SOURCES).default('feeder'))
    .addOption(new Option('--mode <how>', 'colour').choices(SCAN_MODES).default('colour'))
    .option('--dpi <n>', 'resolution; left out: what the scheme asks for')
    .option('--pages <n>', 'faces at most', '1000')
    .option('--separators', 'separator sheets in the stack say dossier, class and material of what follows')
    .action((o: ScanCommandOptions & { json?: boolean }) => run((c) => scanCommand(c, o), o.json));
  add('signature <file>', 'check the signatures and seals of a PDF or OFD, offline', 'lantai signature contract.pdf --roots authorities')
    .option('--roots <folder>', 'certificates (PEM) that are believed; left out: LANTAI_SIGNERS')
    .action((file, o: SignatureOptions & { json?: boolean }) => run((c) => signatureCommand(c, file, o), o.json));
  asAccount(
    add(
      'standards [file]',
      'schemes, quality standards, defects, calendar of working days; what adopting a text would do, and adopting it',
      'lantai standards cadre-2018.yaml --from 2027-01-01',
    ),
  )
    .addOption(new Option('--kind <kind>', 'what the text is; left out: a scheme').choices([...STANDARD_KINDS]))
    .option('--quality', 'the same as --kind quality')
    .option('--from <day>', 'adopt it from this day on, YYYY-MM-DD')
    .option('--save <id:version>', 'write the text of a version to the file')
    .action((file, o: StandardsOptions & { json?: boolean }) => run((c) => standardsCommand(c, file, o), o.json));
  asAccount(
    add('learn', 'train the models of proposals on what persons settled; kept only when better on what they had not seen', 'lantai learn'),
  ).action((o) => run((c) => learnCommand(c, o), o.json));
  asAccount(
    add(
      'batch',
      'batches of digitisation: list, show where dossiers stand and who did what, create',
      'lantai batch create PC2026-01 P1101 P1102 --contractor W1 --percent 10 --limit 5',
    ),
  )
    .addArgument(new Argument('<act>', 'what to do').choices(BATCH_ACTS))
    .argument('[code]', 'code of the batch')
    .argument('[dossiers...]', 'archival codes (create)')
    .option('--contractor <code>', 'code of the unit of a contractor; left out: own staff alone')
    .option('--percent <n>', 'share of the pages of a dossier that is inspected; left out: all')
    .option('--pages <n>', 'number of pages of a dossier that is inspected; left out: all')
    .option('--limit <n>', 'share of failed pages that is let pass, in per cent', '0')
    .option('--hours <n>', 'how long a claim holds', '8')
    .action((act: BatchAct, code: string | undefined, dossiers: string[], o: BatchOptions & { json?: boolean }) =>
      run((c) => batchCommand(c, act, code, dossiers, o), o.json),
    );
  asAccount(
    add(
      'stations',
      'work at the stations: what one holds, claim, judge pages, finish, give up, send back; the defect dictionary',
      'lantai stations claim PC2026-01 check --as inspector',
    ),
  )
    .addArgument(new Argument('<act>', 'what to do').choices(STATION_ACTS))
    .argument('[words...]', 'BATCH STATION (claim); number of the page, then pass or the codes of its defects (judge)')
    .option('--dossier <code>', 'archival code: the dossier to claim, or of several claims the one that is meant')
    .option('--to <station>', 'where it is sent back to')
    .option('--reason <words>', 'why it is sent back')
    .action((act: StationAct, words: string[], o: StationsOptions & { json?: boolean }) =>
      run((c) => stationsCommand(c, act, words, o), o.json),
    );
}
