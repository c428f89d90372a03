import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';

/** True when a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function psColumn(pid: number, column: string): string | null {
  try {
    return (
      execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null
    );
  } catch {
    // ps exits with 1 when there is no such process.
    return null;
  }
}

/**
 * When this process was born, as an opaque text: with the id it names one process for ever, because ids are given again.
 * Null when there is no such process.
 */
export function findStartMark(pid: number): string | null {
  if (process.platform !== 'linux') return isAlive(pid) ? psColumn(pid, 'lstart') : null;
  try {
    // The name in parentheses may hold spaces and parentheses itself; field 22 counts from after the last one. Source: proc_pid_stat(5).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has done its last work and holds nothing.
    return fields[0] === 'Z' ? null : `${readBootId()} ${fields[19]}`;
  } catch {
    return null;
  }
}

const readBootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** True when the process is a PostgreSQL server working on this folder. Linux: it stands in the folder; elsewhere: its command line names it. */
export function isPostmasterOf(pid: number, pgFolder: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(pgFolder);
    } catch {
      // Another user's process hides where it stands; its command line is open to all.
      return readCommandLine(pid).includes(pgFolder);
    }
  }
  return psColumn(pid, 'command')?.includes(pgFolder) ?? false;
}

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
