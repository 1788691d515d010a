import { availableParallelism } from 'node:os';
import type { DenseDataset } from '../dataset/dataset.ts';
import { sourceOf } from '../dataset/open.ts';
import { startThread } from '../threads/ask.ts';
import type { ChunkTally } from './tally-chunk.ts';
import type { TallyRequest, TallyThreadData } from './tally-thread.ts';

/**
 * Tallies chunks on as many threads as there are cores.
 *
 * @param requests one a chunk
 * @param onTally is given each chunk's counts and its place as they come, in no order: they add up
 * @throws BAD_DATASET
 */
export async function tallyChunks(
  dataset: Pick<DenseDataset, 'format' | 'root' | 'concepts'>,
  how: Omit<TallyThreadData, 'source'>,
  requests: readonly TallyRequest[],
  onTally: (tally: ChunkTally, chunk: number) => void,
): Promise<void> {
  const waiting = requests.entries();
  await Promise.all(
    Array.from({ length: Math.min(availableParallelism(), requests.length) }, async () => {
      const thread = await startThread<TallyThreadData, null, TallyRequest, ChunkTally>(new URL('./tally-thread.ts', import.meta.url), {
        source: sourceOf(dataset),
        ...how,
      });
      try {
        for (const [chunk, request] of waiting) onTally(await thread.ask(request), chunk);
      } finally {
        await thread.end();
      }
    }),
  );
}
