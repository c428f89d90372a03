import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** What a process uses now: resident memory in MB (10^6 bytes… as the kernel's kB / 1000) and CPU time of all its threads in ms. */
export interface ProcessUsage {
  readonly rssMb: number;
  readonly cpuMs: number;
}

/** Clock ticks a second in /proc; fixed at 100 in the kernel's interface to user space on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;
const runFile = promisify(execFile);

/** The usage of a process, from /proc where there is one, else from `ps`; null when the process is gone. */
export async function findProcessUsage(pid: number): Promise<ProcessUsage | null> {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessUsage | null {
  let status: string;
  let stat: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null; // it ended between two looks: its exit event says how
  }
  // VmRSS is missing for a zombie. The name in stat may hold spaces and brackets, so fields count from the last ')'.
  const rssKb = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { rssMb: rssKb / 1000, cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND };
}

async function fromPs(pid: number): Promise<ProcessUsage | null> {
  try {
    const { stdout } = await runFile('ps', ['-o', 'rss=,time=', '-p', String(pid)]);
    return parsePs(stdout);
  } catch {
    return null; // ps exits with 1 when there is no such process
  }
}

/** Reads a line of `ps -o rss=,time=`: kB, then [[days-]hours:]minutes:seconds[.hundredths]; null when it is none. */
export function parsePs(line: string): ProcessUsage | null {
  const m = /^\s*(\d+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/.exec(line);
  if (!m) return null;
  const [days, hours, minutes, seconds] = [m[2], m[3], m[4], m[5]].map((v) => Number(v ?? 0)) as [number, number, number, number];
  return { rssMb: Number(m[1]) / 1000, cpuMs: Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000) };
}
