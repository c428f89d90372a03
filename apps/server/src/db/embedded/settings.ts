import { totalmem } from 'node:os';

const MIB = 1024 * 1024;

/** Memory this process may count on, in bytes: the container's limit when there is one, else the machine's. */
function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

const mebibytes = (bytes: number, least: number, most: number): string => `${Math.round(Math.min(most, Math.max(least, bytes / MIB)))}MB`;

/**
 * Settings an operator may change in `<data>/postgresql.local.conf`. Meant for 2 cores and 4 to 24 GB, shared with readers of about 900 MB each.
 */
export function tuningSettings(memory = memoryBytes()): Readonly<Record<string, string>> {
  return {
    // An eighth and not the customary quarter: the readers need the rest, and the system's page cache serves what is not here.
    shared_buffers: mebibytes(memory / 8, 128, 2048),
    effective_cache_size: mebibytes(memory / 2, 512, 65_536),
    // Enough to intersect the posting lists of a frequent word; times connections times sorts, so never generous.
    work_mem: '16MB',
    // Builds of the search index are bound by this.
    maintenance_work_mem: mebibytes(memory / 32, 64, 512),
    // The server, and some commands and workers beside it (pool-sizes.ts); one in use costs about 8 MB, one that is not next to nothing.
    max_connections: '100',
    // SSD: a random page costs nearly what the next page costs. The default of 4 makes the planner shun indexes.
    random_page_cost: '1.1',
    // Every search reads the pending list of each GIN index from end to end, so it is kept short.
    gin_pending_list_limit: '1MB',
    // A parallel plan takes the core that another clerk's search is running on.
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '1',
    max_worker_processes: '4',
    // After a restart the pages that were in use are fetched again in the background: a cold search index makes every tenth search twice as long.
    shared_preload_libraries: 'pg_prewarm',
    // Statements are short; compiling one costs more than it saves.
    jit: 'off',
    max_wal_size: '1GB',
    checkpoint_timeout: '10min',
    huge_pages: 'off',
    log_rotation_size: '10MB',
  };
}

/**
 * Settings the promises rest on. They go on the command line, where no file can override them.
 * @param socketFolder the only way in
 */
export function heldSettings(socketFolder: string): Readonly<Record<string, string>> {
  return {
    listen_addresses: '',
    // A list: quoted, because a folder's name may hold a comma.
    unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    // INVARIANT: a commit that was answered survives a power cut.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // Base backups while running need it; nothing is ever streamed.
    wal_level: 'replica',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    // INVARIANT: no value reaches a log file. Parameters are never printed, statements neither, and since the message of an ERROR may quote
    // a value ("invalid input syntax … \"…\""), the file holds only LOG, FATAL and PANIC. The client still gets every error.
    log_statement: 'none',
    log_min_duration_statement: '-1',
    log_min_error_statement: 'panic',
    log_min_messages: 'log',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_error_verbosity: 'terse',
    log_lock_waits: 'off',
    // Bounded: a file for each day of the week, started anew when its day comes round. Inside the data folder, like everything.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_truncate_on_rotation: 'on',
    log_file_mode: '0600',
    log_timezone: 'UTC',
    timezone: 'UTC',
    lc_messages: 'C',
    // A statement whose client died stops within ten seconds instead of running to its end. (Windows cannot tell.)
    client_connection_check_interval: process.platform === 'win32' ? '0' : '10s',
    // A transaction forgotten open would hold back vacuum, and with it disposal, for ever.
    idle_in_transaction_session_timeout: '10min',
    cluster_name: 'lantai',
  };
}

/** Text of a PostgreSQL configuration file. Values are quoted. */
export function formatSettings(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

/** The same as arguments of `postgres`. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
