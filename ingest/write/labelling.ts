import type { PoolClient } from 'pg';
import { keyOf } from '../../core/key.ts';
import { copyRows } from '../../store/copy/rows.ts';
import { CODE_VERSION } from '../../store/package.ts';
import type { Store } from '../../store/store.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { UnitLabels } from './record.ts';

/** Units held at a time. */
const CHUNK = 256;

const LABEL = {
  labelling_id: 'int4',
  unit_id: 'int4',
  rank: 'int4',
  text: 'text',
  operators: 'text[]',
  score: 'float8',
  standard_error: 'float8',
  intersection: 'int8',
  union: 'int8',
  images: 'int4',
  proven: 'bool',
} as const;
const CONCEPT = { labelling_id: 'int4', unit_id: 'int4', rank: 'int4', place: 'int4', concept_id: 'int4' } as const;
const SCORE = { labelling_id: 'int4', unit_id: 'int4', concept_id: 'int4', score: 'float8', standard_error: 'float8' } as const;

/** What a method says of a dissection. */
export interface LabellingIdentity {
  /** Key of the dissection. */
  dissection: string;
  method: string;
  parameters: Readonly<Record<string, unknown>>;
}

const labellingKey = (identity: LabellingIdentity) => keyOf({ ...identity, codeVersion: CODE_VERSION });

/** Which of these labellings the store lacks. */
export async function lackingLabellings(store: Store, wanted: readonly LabellingIdentity[]): Promise<LabellingIdentity[]> {
  const found = await store.prisma.labelling.findMany({ where: { key: { in: wanted.map(labellingKey) } }, select: { key: true } });
  const keys = new Set(found.map(({ key }) => key));
  return wanted.filter((one) => !keys.has(labellingKey(one)));
}

/**
 * Stores what a method says of a dissection that is stored, whole or not at all, and makes it the current one of its
 * method. Where the same is stored already nothing is written, and the units are not even asked for.
 *
 * @param units all of the dissection's, in order
 * @throws what producing the units throws, STORE_FULL, STORE_UNAVAILABLE
 */
export async function writeLabelling(
  store: Store,
  identity: LabellingIdentity,
  units: Iterable<UnitLabels> | AsyncIterable<UnitLabels>,
): Promise<void> {
  const { method, parameters } = identity;
  await inTransaction(store.pool, async (client) => {
    const { rows } = await client.query<{ id: number; dissection: number; dataset: number }>(
      `INSERT INTO labellings (dissection_id, method, parameters, code_version, key, current)
       SELECT id, $2, $3, $4, $5, true FROM dissections WHERE key = $1 ON CONFLICT (key) DO NOTHING
       RETURNING id, dissection_id AS dissection, (SELECT dataset_id FROM dissections WHERE key = $1) AS dataset`,
      [identity.dissection, method, parameters, CODE_VERSION, labellingKey(identity)],
    );
    if (rows.length === 0) return;
    const [{ id, dissection, dataset }] = rows;
    await client.query('UPDATE labellings SET current = false WHERE dissection_id = $1 AND method = $2 AND id <> $3', [
      dissection,
      method,
      id,
    ]);
    const unitIds = await ids(client, 'SELECT id FROM units WHERE dissection_id = $1 ORDER BY index', dissection);
    const conceptIds = await ids(client, 'SELECT id FROM concepts WHERE dataset_id = $1 ORDER BY index', dataset);
    let first = 0;
    for await (const chunk of inChunks(units)) {
      await writeChunk(client, { id, method, conceptIds }, unitIds.slice(first, first + chunk.length), chunk);
      first += chunk.length;
    }
    if (first !== unitIds.length) throw new RangeError(`The dissection has ${unitIds.length} units, ${first} were labelled.`);
  });
}

interface Labelling {
  id: number;
  method: string;
  conceptIds: readonly number[];
}

async function writeChunk(
  client: PoolClient,
  { id, method, conceptIds }: Labelling,
  unitIds: number[],
  units: UnitLabels[],
): Promise<void> {
  const labels = units.flatMap((unit, i) => unit.labels.map((label, rank) => ({ ...label, unit_id: unitIds[i], rank: rank + 1 })));
  await copyRows(
    client,
    'unit_labels',
    LABEL,
    labels.map(({ concepts: _, details: __, standardError, ...label }) => ({ ...label, labelling_id: id, standard_error: standardError })),
  );
  const concepts = labels.flatMap(({ concepts: of, unit_id, rank }) =>
    of.map((concept, place) => ({ labelling_id: id, unit_id, rank, place, concept_id: conceptIds[concept] })),
  );
  await copyRows(client, 'unit_label_concepts', CONCEPT, concepts);
  const scores = units.flatMap((unit, i) =>
    unit.scores.map(({ concept, score, standardError }) => {
      return { labelling_id: id, unit_id: unitIds[i], concept_id: conceptIds[concept], score, standard_error: standardError };
    }),
  );
  if (method === 'iou') await addErrors(client, scores);
  else await copyRows(client, 'label_scores', SCORE, scores);
}

/** The scores of IoU are stored with the units: of a dissection that was made without errors, these are added. */
async function addErrors(
  client: PoolClient,
  scores: readonly { unit_id: number; concept_id: number; standard_error: number | null }[],
): Promise<void> {
  await client.query(
    `UPDATE unit_scores s SET standard_error = v.error
     FROM unnest($1::int[], $2::int[], $3::float8[]) AS v (unit, concept, error)
     WHERE s.unit_id = v.unit AND s.concept_id = v.concept AND s.standard_error IS DISTINCT FROM v.error`,
    [scores.map((one) => one.unit_id), scores.map((one) => one.concept_id), scores.map((one) => one.standard_error)],
  );
}

async function ids(client: PoolClient, query: string, of: number): Promise<number[]> {
  return (await client.query<{ id: number }>(query, [of])).rows.map(({ id }) => id);
}

async function* inChunks(units: Iterable<UnitLabels> | AsyncIterable<UnitLabels>): AsyncGenerator<UnitLabels[]> {
  let chunk: UnitLabels[] = [];
  for await (const unit of units) {
    chunk.push(unit);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
