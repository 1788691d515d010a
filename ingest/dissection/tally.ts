import type { DenseDataset } from '../dataset/dataset.ts';
import { emptyParts, mergeParts } from '../labelling/parts.ts';
import { addLabelCounts, emptyLabelCounts } from '../math/labels/label-counts.ts';
import type { ListedConcepts } from './concept-lists.ts';
import type { Work } from './left.ts';
import { chunkSizeOf, needsConcepts, type StepOf } from './plan.ts';
import { passSequence } from './sequence.ts';
import type { SettledLayer } from './settle.ts';
import { subjectOf } from './subject.ts';
import { tallyChunks } from './tally-chunks.ts';

/**
 * Shows the masks of a shard's images, at the thresholds that this round has settled, to the labelling methods; leaves
 * what they keep, `parts/L/T` of each layer and tau, `labels`, what labels there are, and `concepts` of each image
 * where a method needs them.
 *
 * @throws BAD_DATASET, the signal's reason
 */
export async function tallyShard({ plan, left, signal, onImages }: Work, dense: DenseDataset, round: number, shard: number): Promise<void> {
  const { methods, resize } = plan;
  const step: StepOf = { step: 'TALLY', round, shard };
  const layers = await Promise.all(
    plan.layers.map(async (info, layer) => {
      const { bounds } = await left.of<SettledLayer>({ step: 'THRESHOLDS', round, shard: 0 }, `settled/${layer}`);
      return { grid: info.grid, subject: subjectOf(info, dense, methods), bounds };
    }),
  );
  const sums = layers.map(({ subject }) => plan.taus.map(() => emptyParts(subject)));
  const counts = emptyLabelCounts(dense.concepts.length, dense.categories.length);
  const listed: ListedConcepts[] = [];
  const withConcepts = round === 0 && needsConcepts(plan);

  const size = chunkSizeOf(plan.images);
  const { from, to } = plan.shards[shard];
  const rows = [...passSequence(plan.images).subarray(from, to)];
  const files = await left.files(round, shard);
  const requests = files.map((ofChunk, i) => ({ rows: rows.slice(i * size, (i + 1) * size), files: ofChunk }));
  const input = { height: plan.inputHeight, width: plan.inputWidth };
  let tallied = 0;
  await tallyChunks(dense, { layers, input, resize, withConcepts }, requests, (chunk, place) => {
    signal?.throwIfAborted();
    for (const [layer, ofLayer] of chunk.parts.entries()) for (const [t, part] of ofLayer.entries()) mergeParts(sums[layer][t], part);
    addLabelCounts(counts, chunk.counts);
    if (chunk.listed) listed[place] = chunk.listed;
    onImages(Math.min(++tallied * size, rows.length));
  });
  for (const [layer, ofLayer] of sums.entries())
    for (const [t, sum] of ofLayer.entries()) await left.keep(step, `parts/${layer}/${t}`, sum);
  await left.keep(step, 'labels', counts);
  await left.keep(step, 'concepts', listed);
}
