import type { PoolClient } from 'pg';
import type { Dissection } from '../../prisma/generated/client.ts';
import type { Store } from '../../store/store.ts';
import { inTransaction } from '../../store/transaction.ts';
import { type DissectionIdentity, dissectionKey } from './key.ts';
import type { DissectionRecord } from './record.ts';
import { writeUnits } from './units.ts';

export { dissectionKey };

/** The dissection of a key (see `dissectionKey`), superseded or not; null where it has not been computed. */
export const findDissection = ({ prisma }: Store, key: string): Promise<Dissection | null> =>
  prisma.dissection.findUnique({ where: { key } });

/**
 * Stores a dissection with its units, whole or not at all, and makes it the current one of its layer, dataset, tau and
 * basis.
 *
 * Where its key is stored already, also by somebody else in this moment, that row is given and nothing is written: the
 * units are not even asked for. Throws what producing the units throws, and STORE_FULL or STORE_UNAVAILABLE where the
 * database fails.
 */
export async function writeDissection(store: Store, { units, ...identity }: DissectionRecord): Promise<Dissection> {
  const key = dissectionKey(identity);
  await inTransaction(store.pool, async (client) => {
    const dissectionId = await insert(client, identity, key);
    if (dissectionId === null) return;
    const written = await writeUnits(client, { dissectionId, datasetId: identity.datasetId }, units);
    const { rows } = await client.query('SELECT unit_count FROM layers WHERE id = $1 FOR NO KEY UPDATE', [identity.layerId]);
    if (written !== rows[0].unit_count) throw new RangeError(`The layer has ${rows[0].unit_count} units, ${written} were dissected.`);
    await supersede(client, dissectionId);
  });
  return store.prisma.dissection.findUniqueOrThrow({ where: { key } });
}

/** Waits for whoever is just writing the same key. Null where it is stored then. */
async function insert(client: PoolClient, identity: DissectionIdentity, key: string): Promise<number | null> {
  const { layerId, datasetId, tau, basis, basisParameters, provenance } = identity;
  const row = {
    layer_id: layerId,
    dataset_id: datasetId,
    tau,
    basis,
    basis_parameters: basisParameters,
    key,
    current: false,
    model_sha256: provenance.modelSha256,
    dataset_sha256: provenance.datasetSha256,
    engine: provenance.engine,
    engine_version: provenance.engineVersion,
    provider: provenance.provider,
    code_version: provenance.codeVersion,
    parameters: provenance.parameters,
  };
  const columns = Object.keys(row);
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO dissections (${columns}) VALUES (${columns.map((_, i) => `$${i + 1}`)}) ON CONFLICT (key) DO NOTHING RETURNING id`,
    Object.values(row),
  );
  return rows[0]?.id ?? null;
}

/** To be called with the layer locked: of several that finish at once, the last is the current one. */
async function supersede(client: PoolClient, id: number): Promise<void> {
  await client.query(
    `UPDATE dissections AS other SET current = false FROM dissections AS this
     WHERE this.id = $1 AND other.id <> this.id AND other.current AND other.layer_id = this.layer_id
       AND other.dataset_id = this.dataset_id AND other.tau = this.tau AND other.basis = this.basis
       AND other.basis_parameters IS NOT DISTINCT FROM this.basis_parameters`,
    [id],
  );
  await client.query('UPDATE dissections SET current = true, created_at = clock_timestamp() WHERE id = $1', [id]);
}
