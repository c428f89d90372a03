import { Argument, type Command, Option } from 'commander';
import { anchorCommand } from './commands/anchor.ts';
import { type AuditPackOptions, auditPackCommand } from './commands/audit-pack.ts';
import { backupCommand, restoreCommand } from './commands/backup.ts';
import { checkpointCommand } from './commands/checkpoint.ts';
import { conflictsCommand } from './commands/conflicts.ts';
import { demoCommand } from './commands/demo.ts';
import { type DirectoryOptions, directoryCommand } from './commands/directory.ts';
import { exportCommand, fsckCommand } from './commands/keeping.ts';
import {
  keysCombineCommand,
  keysPassphraseCommand,
  keysRotateCommand,
  keysSplitCommand,
  keysStatusCommand,
  ROTATED_LEVELS,
} from './commands/keys.ts';
import { kitConfirmCommand } from './commands/kit.ts';
import { rekeyCommand, SUITE_NAMES } from './commands/rekey.ts';
import type { CommandKit } from './digitising.ts';

/** Commands that keep an archive: checking, copying, putting back, writing out. */
export function addKeeping({ add, asAccount, run }: CommandKit): void {
  asAccount(add('checkpoint', 'the newest checkpoint of the log, also as a page to print', 'lantai checkpoint --print checkpoint.pdf'))
    .option('--print <file>', 'write it as PDF')
    .action((o) => run((c) => checkpointCommand(c, o), o.json));
  asAccount(
    add(
      'anchor',
      'who anchors and witnesses the log: list, add, end, check',
      'lantai anchor add tsa --kind rfc3161 --url https://tsa.example/ --roots tsa.pem',
    ),
  )
    .addArgument(new Argument('<act>', 'what to do').choices(['list', 'add', 'end', 'check']))
    .argument('[name]', 'of the provider: lower-case letters, digits, hyphens')
    .addOption(new Option('--kind <kind>', 'of a provider').choices(['rfc3161', 'evm', 'witness']))
    .option('--url <url>', 'of the authority, of the chain (JSON-RPC), or of the witness')
    .option('--roots <file>', 'PEM of the certificates that are believed (rfc3161)')
    .option('--chain-id <n>', 'of the chain (evm)')
    .option('--contract <address>', 'of the contract (evm)')
    .option('--deploy', 'put the contract on the chain first (evm)')
    .option('--confirmations <n>', 'blocks before an anchor counts (evm)', '1')
    .option('--key <key>', 'verifier key of the witness (witness)')
    .option('--every <minutes>', 'how often', '1440')
    .action((act, name, o) => run((c) => anchorCommand(c, act, name, o), o.json));
  asAccount(add('directory', 'units and people from an Excel sheet; people from LDAP', 'lantai directory plan people.xlsx --as security'))
    .addArgument(new Argument('<act>', 'what to do').choices(['template', 'plan', 'import', 'sources', 'sync']))
    .argument('[file]', 'the sheet, or where the empty form goes')
    .option('--fonds <code>', 'whose units it speaks of; left out: the only one at the top')
    .option('--complete', 'it names everybody: whom earlier sheets made and it does not name is disabled')
    .option('--adopt', 'accounts that are there already are taken up by their sign-in name')
    .option('--emptied', 'that many people vanish is meant')
    .option('--errors <file>', 'write what is refused as a sheet')
    .option('--dry-run', 'show what a synchronisation with LDAP would do')
    .option('--person <name>', 'synchronise one person, by sign-in name')
    .action((act, file, o: DirectoryOptions & { json?: boolean }) => run((c) => directoryCommand(c, act, file, o), o.json));
  asAccount(add('conflicts', 'what stands against the separation of the three administrators', 'lantai conflicts --as audit')).action((o) =>
    run((c) => conflictsCommand(c, o), o.json),
  );
  add('kit', 'confirm: give the recovery kit back, so that health warns no more', 'lantai kit confirm < kit.txt')
    .addArgument(new Argument('<act>', 'what to do with it').choices(['confirm']))
    .action((_act, o) => run(kitConfirmCommand, o.json));
  add(
    'fsck',
    'walk every object, row, key and entry; name what is missing, altered or left over, and who holds offices that do not go together',
    'lantai fsck',
  )
    .option('--sweep', 'remove sealed bytes that no row names')
    .action((o) => run((c) => fsckCommand(c, o), o.json));
  add(
    'rekey',
    'seal everything anew under another suite, beside a running server; stopped, it goes on when run again',
    'lantai rekey --suite gm',
  )
    .addOption(new Option('--suite <id>', 'cryptography').choices(Object.keys(SUITE_NAMES)).makeOptionMandatory())
    .action((o) => run((c) => rekeyCommand(c, o), o.json));
  asAccount(
    add(
      'backup <folder>',
      'database, objects and log in one consistent set, keys apart',
      'lantai backup /backup/1122 --keys /other/keys.lks --as sysadmin',
    ),
  )
    .requiredOption('--keys <file>', 'where the sealed key file goes: another medium')
    .action((folder, o) => run((c) => backupCommand(c, folder, o), o.json));
  add(
    'restore <folder>',
    'a backup into an empty data folder',
    'lantai restore /backup/1122 --keys /other/keys.lks --root-key /safe/root.key',
  )
    .requiredOption('--keys <file>', 'the key file of the backup')
    .option('--root-key <file>', 'the root key file')
    .option('--kit', 'ask for the recovery kit instead')
    .option('--published-log <folder>', 'a surviving copy of the published log: a restore behind it is an alarm')
    .option('--recover-log', 'after that alarm: put the published entries back')
    .action((folder, o) => run((c) => restoreCommand(c, folder, o), o.json));
  asAccount(
    add(
      'export <folder> [codes...]',
      'files as received and the catalogue, in plain form',
      'lantai export out P1101 --allow-sensitive --reason 移交',
    ),
  )
    .option(
      '--allow-sensitive',
      'also when ID numbers, phones, addresses, accounts, words of discipline or health, or unread pages are in it',
    )
    .option('--reason <text>', 'why; sealed for auditors')
    .action((folder, codes, o) => run((c) => exportCommand(c, folder, codes, o), o.json));
  asAccount(
    add(
      'audit-pack <file>',
      'dossiers with files, history and proofs in one bundle that anybody can check',
      'lantai audit-pack P1101.zip --dossier P1101 --allow-sensitive --reason 巡察组调取',
    ),
  )
    .option('--dossier <code>', 'one dossier')
    .option('--subject <code>', 'every dossier of the subject of this one')
    .option('--unit <code>', 'every dossier of a unit and those below it')
    .option('--from <day>', 'dossiers about which something was done from this day on, 2026-11-01')
    .option('--to <day>', 'until this day, included')
    .option('--no-contents', 'accesses and proofs alone: for who reads the log')
    .option('--allow-sensitive', 'also when something sensitive, or a page nobody has read, is in it')
    .option('--reason <text>', 'why; sealed for auditors')
    .addOption(new Option('--purpose <purpose>', 'what for').choices(['archive_work', 'verification', 'audit']).default('audit'))
    .action((file, o: AuditPackOptions & { json?: boolean }) => run((c) => auditPackCommand(c, file, o), o.json));
  add('demo', 'the main job on the sample dossier, in a throw-away archive', 'lantai demo').action((o) => run(demoCommand, o.json));
}

/** Commands on keys. Secrets are asked for, or come through a descriptor or a file: never on the command line. */
export function addKeys(program: Command, run: CommandKit['run']): void {
  const keys = program.command('keys').description('how the root key is kept, and rotating keys').exitOverride();
  const add = (spec: string, summary: string, example: string) =>
    keys
      .command(spec)
      .description(summary)
      .option('--json', 'one JSON value a line')
      .addHelpText('after', `\nExample:\n  ${example}`)
      .exitOverride();
  add('status', 'how the root key is kept', 'lantai keys status').action((o) => run(keysStatusCommand, o.json));
  add('passphrase', 'put the root key behind a passphrase', 'lantai keys passphrase').action((o) => run(keysPassphraseCommand, o.json));
  add('split', 'split the root key into shares, asked back at once', 'lantai keys split --needed 3 --shares 5')
    .requiredOption('--needed <k>', 'shares that open it')
    .requiredOption('--shares <n>', 'shares in all, at most 16')
    .option('--sheets <folder>', 'write sheets to be printed, with QR codes, instead of showing them')
    .action((o) => run((c) => keysSplitCommand(c, o), o.json));
  add(
    'rotate',
    'other keys at one level, each rotation an entry; interrupted, it goes on when run again',
    'lantai keys rotate --level dossiers',
  )
    .addOption(new Option('--level <level>', 'which keys').choices(ROTATED_LEVELS).makeOptionMandatory())
    .action((o) => run((c) => keysRotateCommand(c, o), o.json));
  add('combine', 'lay the root key open in its file again', 'lantai keys combine').action((o) => run(keysCombineCommand, o.json));
}
