/** A thread that tallies chunks, one after the other. */
import { type DatasetSource, openSource } from '../dataset/open.ts';
import { emptyBuffer, emptySurfaces } from '../math/segmentation/masks.ts';
import { serve } from '../threads/serve.ts';
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

serve(async ({ source, layers, ...plan }: TallyThreadData) => {
  const buffer = emptyBuffer();
  const surfaced = layers.map((layer) => ({ ...layer, surfaces: emptySurfaces(buffer) }));
  const opened = await openSource(source);
  return {
    ready: null,
    async answer({ rows, files }: TallyRequest): Promise<ChunkTally> {
      const collected = await Promise.all(files.map(readCollected));
      const candidates = collected.map((one) => one.candidates);
      return tallyChunk(opened, rows, candidates, surfaced, plan);
    },
    handedOver: (tally) => [...buffersOf(tally)],
  };
});

/** The memory of all typed arrays in a value: it is handed over, not copied. */
function buffersOf(value: unknown, found: Set<ArrayBuffer> = new Set()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) buffersOf(inner, found);
  return found;
}
