/** A thread that tallies chunks, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { DissectoryError, type ErrorCode } from '../../core/errors.ts';
import type { Resize } from '../../prisma/generated/enums.ts';
import type { Row } from '../dataset/broden.ts';
import type { TallyPlan } from '../math/segmentation/tally.ts';
import { readCollected } from './chunks.ts';
import { type ChunkTally, type LabelSource, tallyChunk } from './tally-chunk.ts';

export interface TallyThreadData {
  source: LabelSource;
  /** `[layer][threshold]` */
  plans: Omit<TallyPlan, 'surfaces'>[][];
  resize: Resize;
}

export interface TallyRequest {
  rows: readonly Row[];
  files: readonly string[];
}

export type TallyReply = ChunkTally | { code: ErrorCode | null; message: string };

if (parentPort) {
  const port = parentPort;
  const { source, plans, resize }: TallyThreadData = workerData;
  const surfaced = plans.map((ofLayer) => ofLayer.map((plan) => ({ ...plan, surfaces: new Map() })));
  port.on('message', async ({ rows, files }: TallyRequest) => {
    try {
      const collected = await Promise.all(files.map(readCollected));
      const reply: TallyReply = await tallyChunk(
        source,
        rows,
        collected.map(({ candidates }) => candidates),
        surfaced,
        resize,
      );
      const arrays = reply.tallies.flat().flatMap(({ intersections, activated }) => [intersections, activated]);
      port.postMessage(
        reply,
        [...arrays, reply.pixels].map(({ buffer }) => buffer as ArrayBuffer),
      );
    } catch (error) {
      // Classes do not survive the way between threads.
      const code = error instanceof DissectoryError ? error.code : null;
      port.postMessage({ code, message: error instanceof Error ? error.message : String(error) } satisfies TallyReply);
    }
  });
}
