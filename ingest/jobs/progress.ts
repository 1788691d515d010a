import type { Store } from '../../store/store.ts';
import { type ClaimedJob, type JobProgress, writeProgress } from './claim.ts';

/** Two writes a second at most. */
const WRITE_EVERY_MS = 500;
/** Without news it is still asked so often whether the job is still this worker's. */
const CHECK_EVERY_MS = 1000;

export interface ProgressWriter {
  report(phase: JobProgress['phase'], done: number, of: number): void;
  stop(): void;
}

/**
 * Writes a job's progress into the store, and learns there whether the job is still this worker's.
 *
 * @param onLost told once when it is not: it was cancelled or another worker has it
 */
export function progressWriter(store: Store, job: ClaimedJob, onLost: () => void): ProgressWriter {
  let news: JobProgress | null = null;
  let first: { phase: JobProgress['phase']; done: number; at: number } | null = null;
  let checked = Date.now();
  let writing = false;

  const timer = setInterval(async () => {
    if (writing || (news === null && Date.now() - checked < CHECK_EVERY_MS)) return;
    writing = true;
    const progress = news;
    news = null;
    checked = Date.now();
    try {
      if (!(await writeProgress(store, job, progress))) onLost();
    } catch {
      // The store is away for a moment: what is at work will meet it, or the next write will do
    } finally {
      writing = false;
    }
  }, WRITE_EVERY_MS);

  return {
    report(phase, done, of) {
      const at = Date.now();
      // Chunks that lie there already do not count for the rate
      if (first?.phase !== phase || done < first.done) first = { phase, done, at };
      const seconds = (at - first.at) / 1000;
      news = { phase, done, of, imagesPerSecond: seconds > 0.2 ? (done - first.done) / seconds : null };
    },
    stop: () => clearInterval(timer),
  };
}
