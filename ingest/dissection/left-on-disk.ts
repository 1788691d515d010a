import path from 'node:path';
import { type ChunkStore, openChunks } from './chunks.ts';
import type { Left } from './left.ts';
import { chunksOf, type DissectionPlan, imagesOf, type StepOf } from './plan.ts';

/**
 * Leaves candidates in a folder and all else in memory: a run that was broken off passes no chunk again, and does anew
 * what follows the pass.
 *
 * @param memory bytes of candidates kept in memory; the rest is read back from the folder
 */
export function leftOnDisk(folder: string, memory: number, { images, layers, shards: [whole] }: DissectionPlan): Left {
  const values = new Map<string, unknown>();
  const rounds = new Map<number, ChunkStore>();
  const chunks = chunksOf(whole, images);
  const named = ({ step, round }: StepOf, name: string) => `${step} ${round} ${name}`;
  const collected = (round: number) => rounds.get(round) as ChunkStore;
  return {
    keep: async (step, name, value) => void values.set(named(step, name), value),
    of: async <T>(step: StepOf, name: string) => values.get(named(step, name)) as T,
    chunks: ({ round }) => openChunks(path.join(folder, `round-${round}`), memory),
    keepChunks: async ({ round }, _first, _layers, store) => void rounds.set(round, store),
    values: async (round, layer) =>
      async function* () {
        for (const chunk of chunks) yield (await collected(round).get(chunk, layer)).candidates;
      },
    activity: async (layer) => chunks.map((chunk) => ({ file: collected(0).activityFile(chunk, layer), images: imagesOf(chunk, images) })),
    files: async (round) => chunks.map((chunk) => layers.map((_, layer) => collected(round).file(chunk, layer))),
  };
}
