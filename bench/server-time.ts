import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { clusterOf } from '../store/embedded/cluster.ts';

/** What Linux counts processor time in, in milliseconds. */
const TICK = 10;

/**
 * Tells the processor time that the embedded PostgreSQL of a home has used by now, all its processes together, in
 * milliseconds. On Linux; elsewhere 0.
 */
export function serverTime(home: string): () => number {
  if (process.platform !== 'linux') return () => 0;
  const postmaster = Number(readFileSync(path.join(clusterOf(home).folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
  return () => {
    let ticks = 0;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const [parent, user, system, ofEndedUser, ofEndedSystem] = fieldsOf(Number(pid));
      if (Number(pid) === postmaster) ticks += user + system + ofEndedUser + ofEndedSystem;
      else if (parent === postmaster) ticks += user + system;
    }
    return ticks * TICK;
  };
}

/**
 * Parent, and ticks in user and kernel mode of the process and of its children that have ended; none where it has just
 * gone.
 */
function fieldsOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return [fields[1], fields[11], fields[12], fields[13], fields[14]];
  } catch {
    return [];
  }
}
