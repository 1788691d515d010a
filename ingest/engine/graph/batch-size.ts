import type { Reading } from '../engine.ts';
import type { TensorFacts } from './tensor-facts.ts';

/** Memory that one batch's activations may take, and the most images that gain speed by going together. */
const BATCH_BYTES = 2 ** 30;
const LARGEST_BATCH = 32;

/**
 * How many images a batch may well have. Counts every tensor of the network and what is read from it: more than is ever
 * alive at once.
 */
export function roomyBatch(facts: ReadonlyMap<string, TensorFacts>, readings: readonly Reading[]): number {
  let values = 0;
  for (const { shape } of facts.values()) values += shape.slice(1).reduce((product, size) => product * size, 1);
  for (const { units, grid } of readings) values += units * grid.height * grid.width;
  return Math.min(LARGEST_BATCH, Math.max(1, Math.floor(BATCH_BYTES / (4 * values))));
}
