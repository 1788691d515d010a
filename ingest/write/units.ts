import type { PoolClient } from 'pg';
import { copyRows } from '../../store/copy/rows.ts';
import type { UnitRecord } from './record.ts';

/** Units held at a time: with large maps some megabytes. */
const CHUNK = 64;

const UNIT = {
  id: 'int4',
  dissection_id: 'int4',
  index: 'int4',
  threshold: 'float8',
  silent: 'bool',
  max_activation: 'float8',
  label_id: 'int4',
  iou: 'float8',
  category: 'text',
} as const;
const SCORE = {
  unit_id: 'int4',
  concept_id: 'int4',
  iou: 'float8',
  intersection: 'int8',
  union: 'int8',
  standard_error: 'float8',
} as const;
const CATEGORY = {
  unit_id: 'int4',
  category: 'text',
  activated: 'int8',
  best_id: 'int4',
  best_iou: 'float8',
  best_intersection: 'int8',
  best_union: 'int8',
} as const;
const TOP_IMAGE = { unit_id: 'int4', rank: 'int4', image_id: 'int4', max_activation: 'float8', map: 'bytea' } as const;

/** A dataset's rows by their index. */
interface Dataset {
  concepts: readonly { id: number; category: string }[];
  images: readonly { id: number }[];
}

/** Writes the units of a dissection with their scores, categories and top images, and gives their number. */
export async function writeUnits(
  client: PoolClient,
  { dissectionId, datasetId }: { dissectionId: number; datasetId: number },
  units: Iterable<UnitRecord>,
): Promise<number> {
  const dataset = await readDataset(client, datasetId);
  let written = 0;
  for (const chunk of chunks(units, CHUNK)) {
    await writeChunk(client, dissectionId, dataset, chunk);
    written += chunk.length;
  }
  return written;
}

async function readDataset(client: PoolClient, id: number): Promise<Dataset> {
  const concepts: Dataset['concepts'][number][] = [];
  const images: Dataset['images'][number][] = [];
  for (const row of (await client.query('SELECT index, id, category FROM concepts WHERE dataset_id = $1', [id])).rows)
    concepts[row.index] = row;
  for (const row of (await client.query('SELECT index, id FROM images WHERE dataset_id = $1', [id])).rows) images[row.index] = row;
  return { concepts, images };
}

async function writeChunk(client: PoolClient, dissection_id: number, { concepts, images }: Dataset, units: UnitRecord[]): Promise<void> {
  const concept = (index: number | null) => (index === null ? null : at(concepts, index, 'concept').id);
  const numbered = await reserveIds(client, units.map(withLabelThatOverlaps));
  await copyRows(
    client,
    'units',
    UNIT,
    numbered.map(([id, { index, threshold, silent, maxActivation, label, iou }]) => ({
      id,
      dissection_id,
      index,
      threshold,
      silent,
      max_activation: maxActivation,
      label_id: concept(label),
      iou,
      category: label === null ? null : at(concepts, label, 'concept').category,
    })),
  );
  await copyRows(
    client,
    'unit_scores',
    SCORE,
    numbered.flatMap(([unit_id, { scores }]) =>
      scores.map(({ concept: index, iou, intersection, union, standardError = null }) => {
        return { unit_id, concept_id: concept(index), iou, intersection, union, standard_error: standardError };
      }),
    ),
  );
  await copyRows(
    client,
    'unit_categories',
    CATEGORY,
    numbered.flatMap(([unit_id, { categories }]) =>
      categories.map(({ category, activated, best, bestIou, bestIntersection, bestUnion }) => ({
        unit_id,
        category,
        activated,
        best_id: concept(best),
        best_iou: bestIou,
        best_intersection: bestIntersection,
        best_union: bestUnion,
      })),
    ),
  );
  await copyRows(
    client,
    'top_images',
    TOP_IMAGE,
    numbered.flatMap(([unit_id, { topImages }]) =>
      topImages.map(({ image, maxActivation, map }, place) => ({
        unit_id,
        rank: place + 1,
        image_id: at(images, image, 'image').id,
        max_activation: maxActivation,
        map: new Uint8Array(map.buffer, map.byteOffset, map.byteLength),
      })),
    ),
  );
}

/**
 * A concept that the unit's mask meets nowhere, as that of a unit that never fires, is no label, although none is
 * better.
 */
const withLabelThatOverlaps = (unit: UnitRecord): UnitRecord => (unit.iou > 0 ? unit : { ...unit, label: null });

/** Rising, though not without gaps where others write at the same time. */
async function reserveIds(client: PoolClient, units: UnitRecord[]): Promise<[number, UnitRecord][]> {
  const next = "SELECT nextval(pg_get_serial_sequence('units', 'id'))::int AS id FROM generate_series(1, $1)";
  const { rows } = await client.query<{ id: number }>(next, [units.length]);
  return units.map((unit, i) => [rows[i].id, unit]);
}

function at<T>(rows: readonly T[], index: number, what: string): T {
  const row = rows[index];
  if (row === undefined) throw new RangeError(`The dataset has no ${what} ${index}.`);
  return row;
}

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
