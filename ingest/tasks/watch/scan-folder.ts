import { setTimeout as sleep } from 'node:timers/promises';
import type { JobQueue } from '../../../store/queue/open.ts';
import type { ScanPayload } from '../../../store/queue/payload.ts';
import { type Admit, type Looked, watcher } from './watcher.ts';

/** Longer than writers and network disks let a file's size and time stand still while it is written. */
const BETWEEN_LOOKS_MS = 3000;

/**
 * Looks at a place twice, and takes in what was complete by then. Throws NOT_FOUND where the place is not there, the
 * signal's reason.
 */
export async function scanFolder(queue: JobQueue, asked: ScanPayload, admit: Admit, signal: AbortSignal): Promise<Looked> {
  const eyes = watcher(queue, asked, admit);
  await eyes.look();
  await sleep(BETWEEN_LOOKS_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  return eyes.look();
}
