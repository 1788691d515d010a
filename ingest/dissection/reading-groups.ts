import type { AskedReading } from './asked.ts';

/** Batches of activations that exist at once: with the engine, on the way, being collected. */
const BATCHES_ALIVE = 3;

/**
 * Divides dissections into groups, each computed in one forward pass. Readings in the units' own basis and as many
 * turned ones as the memory holds go together; one reading's taus are never divided.
 *
 * @param layersAtOnce layers that a group has at most; what they need while they are computed cannot be told beforehand
 *
 * What a turned reading needs: its activations, one matrix here and one in the engine, and a counter for each unit and
 * concept.
 */
export function readingGroups<T extends { reading: AskedReading }>(
  wanted: readonly T[],
  concepts: number,
  batchSize: number,
  memory: number,
  layersAtOnce: number = Infinity,
): T[][] {
  const groups: T[][] = [];
  let group: T[] = [];
  let used = 0;
  let last: AskedReading | null = null;
  for (const one of wanted) {
    if (one.reading !== last) {
      const size = one.reading.turn ? bytesOf(one.reading.layer, concepts, batchSize) : 0;
      const layers = new Set([...group, one].map(({ reading }) => reading.layer));
      if (group.length > 0 && (used + size > memory || layers.size > layersAtOnce)) {
        groups.push(group);
        group = [];
        used = 0;
      }
      used += size;
      last = one.reading;
    }
    group.push(one);
  }
  return group.length > 0 ? [...groups, group] : groups;
}

function bytesOf({ units, grid }: AskedReading['layer'], concepts: number, batchSize: number): number {
  const activations = BATCHES_ALIVE * batchSize * units * grid.height * grid.width * 4;
  const matrices = 2 * units * units * 4;
  return activations + matrices + units * concepts * 8;
}
