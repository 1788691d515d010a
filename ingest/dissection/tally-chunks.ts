import { availableParallelism } from 'node:os';
import { DissectoryError } from '../../core/errors.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import { sourceOf } from '../dataset/open.ts';
import { nextMessage, startThread } from '../threads/thread.ts';
import type { ChunkTally } from './tally-chunk.ts';
import type { TallyReply, TallyRequest, TallyThreadData } from './tally-thread.ts';

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
      const thread = startThread(new URL('./tally-thread.ts', import.meta.url), {
        workerData: { source: sourceOf(dataset), ...how } satisfies TallyThreadData,
      });
      try {
        for (const [chunk, request] of waiting) {
          thread.postMessage(request);
          const reply = await nextMessage<TallyReply>(thread);
          if ('message' in reply) throw reply.code ? new DissectoryError(reply.code, reply.message) : new Error(reply.message);
          onTally(reply, chunk);
        }
      } finally {
        await thread.terminate();
      }
    }),
  );
}
