import path from 'node:path';
import { isObjectUrl } from '../../store/objects/url.ts';
import type { JobQueue } from '../../store/queue/open.ts';
import type { ScanPayload } from '../../store/queue/payload.ts';
import { requireScannable } from '../tasks/watch/require-scannable.ts';
import { scanFolder } from '../tasks/watch/scan-folder.ts';
import { isPattern } from '../tasks/watch/wildcard.ts';
import { requireAllowed } from './allowed-folders.ts';
import { log } from './log.ts';

/**
 * One look into a folder. What was asked for through the API must lie in an open folder, the folder and each file that
 * a link in it leads to.
 *
 * @throws FORBIDDEN, and what `requireScannable` and `scan` throw
 */
export async function scanJob(queue: JobQueue, asked: ScanPayload, allowedFolders: readonly string[], signal: AbortSignal): Promise<void> {
  const admit = async (file: string) => (asked.fromAfar ? requireAllowed(file, allowedFolders) : file);
  if (asked.fromAfar) await requireAllowedPlace(asked.place, allowedFolders);
  await requireScannable(queue.store, asked);
  const { taken, refused } = await scanFolder(queue, asked, admit, signal);
  for (const { file, model, isNew } of taken) if (isNew) log.info({ file, model }, 'new checkpoint');
  for (const { file, error } of refused) log.warn({ file, reason: error instanceof Error ? error.message : error }, 'file not taken in');
}

/** An open folder itself may be watched too. */
async function requireAllowedPlace(place: string, allowedFolders: readonly string[]): Promise<void> {
  if (isObjectUrl(place)) return void (await requireAllowed(`${place.replace(/\/$/, '')}/`, allowedFolders));
  const folder = isPattern(path.basename(place)) ? path.dirname(place) : place;
  if (!allowedFolders.includes(path.resolve(folder))) await requireAllowed(folder, allowedFolders);
}
