/** A thread that tallies chunks, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { DissectoryError, type ErrorCode } from '../../core/errors.ts';
import { type DatasetSource, openSource } from '../dataset/open.ts';
import { emptyBuffer, emptySurfaces } from '../math/segmentation/masks.ts';
import { readCollected } from './chunks.ts';
import { type ChunkPlan, type ChunkTally, type LayerPlan, tallyChunk } from './tally-chunk.ts';

export interface TallyThreadData extends ChunkPlan {
  source: DatasetSource;
  layers: Omit<LayerPlan, 'surfaces'>[];
}

export interface TallyRequest {
  /** Indices of the chunk's rows. */
  rows: readonly number[];
  files: readonly string[];
}

export type TallyReply = ChunkTally | { code: ErrorCode | null; message: string };

if (parentPort) {
  const port = parentPort;
  const { source, layers, ...plan }: TallyThreadData = workerData;
  const buffer = emptyBuffer();
  const surfaced = layers.map((layer) => ({ ...layer, surfaces: emptySurfaces(buffer) }));
  const opening = openSource(source);
  opening.catch(() => {}); // told in answer to the first request
  port.on('message', async ({ rows, files }: TallyRequest) => {
    try {
      const collected = await Promise.all(files.map(readCollected));
      const candidates = collected.map((one) => one.candidates);
      const reply: TallyReply = await tallyChunk(await opening, rows, candidates, surfaced, plan);
      port.postMessage(reply, [...buffersOf(reply)]);
    } catch (error) {
      // Classes do not survive the way between threads.
      const code = error instanceof DissectoryError ? error.code : null;
      port.postMessage({ code, message: error instanceof Error ? error.message : String(error) } satisfies TallyReply);
    }
  });
}

/** The memory of all typed arrays in a value: it is handed over, not copied. */
function buffersOf(value: unknown, found: Set<ArrayBuffer> = new Set()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) buffersOf(inner, found);
  return found;
}
