import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Store } from '../../store/store.ts';
import type { Reading } from '../engine/engine.ts';
import { findDissection } from '../write/dissection.ts';
import type { DissectionRecord } from '../write/record.ts';
import type { AskedDissection, Keyed, RunSettings } from './asked.ts';
import { dissect } from './dissect.ts';
import { needsActivity } from './plan.ts';
import { inTurn, type PlannedDissection, planDissection } from './plan-dissection.ts';
import { readingGroups } from './reading-groups.ts';
import { withWorkFolder } from './work-folder.ts';
import { writeNumbers } from './write-numbers.ts';

export interface DissectedReading {
  layer: string;
  tau: number;
  basisParameters: DissectionRecord['basisParameters'];
  /** Of the dissection. */
  id: number;
  /** False where the store had it already. */
  computed: boolean;
}

/**
 * Dissects readings of a registered model over a registered dataset into the store, all of them at each tau, from one
 * forward pass where memory allows; what the store has already is found, not computed. Two processes asked for the same
 * model and dataset take turns.
 *
 * @returns reading by reading, taus in the order asked for
 * @throws what `planDissection` and `computeMissing` throw
 */
export async function dissectReadings(store: Store, asked: AskedDissection, settings: RunSettings): Promise<DissectedReading[]> {
  const planned = await planDissection(store, asked, settings);
  try {
    return await computeMissing(store, planned, settings);
  } finally {
    await planned.runners.close();
  }
}

/**
 * Computes in this process what the store lacks. Throws BAD_IMAGE, BAD_DATASET, BAD_ACTIVATIONS, STORE_FULL,
 * STORE_UNAVAILABLE.
 */
export async function computeMissing(store: Store, planned: PlannedDissection, settings: RunSettings): Promise<DissectedReading[]> {
  if (planned.missing.length === 0) return reported(store, planned.keyed, []);
  return inTurn(store, planned, settings, async (missing, signal) => {
    const { dense, batchSize } = planned;
    const groups = readingGroups(missing, dense.concepts.length, batchSize, settings.memory, settings.layersAtOnce);
    for (const [pass, group] of groups.entries()) {
      const onProgress: RunSettings['onProgress'] = (phase, images, of) =>
        settings.onProgress(phase, pass * of + images, groups.length * of);
      await computeGroup(store, planned, group, { ...settings, signal, onProgress });
    }
    return reported(store, planned.keyed, missing);
  });
}

/** From one forward pass. */
async function computeGroup(store: Store, planned: PlannedDissection, group: readonly Keyed[], settings: RunSettings): Promise<void> {
  const { dense, network, model, batchSize, methods } = planned;
  const asked = [...new Set(group.map(({ reading }) => reading))];
  const taus = [...new Set(group.map(({ tau }) => tau))];
  const layers: Reading[] = asked.map(({ layer, turn }) => (turn ? { ...layer, rotation: turn.rotation() } : layer));
  const runner = await planned.runners.of(layers);
  const workFolder = path.join(
    settings.home,
    'work',
    digest([...group.map(({ key }) => key), ...(needsActivity(planned) ? ['activity'] : [])]),
  );
  await withWorkFolder(workFolder, async () => {
    const numbers = await dissect({
      ...{ dense, network, runner, layers, taus, workFolder, batchSize, methods },
      resize: model.resize,
      memory: settings.memory,
      signal: settings.signal,
      onProgress: (phase, images) => settings.onProgress(phase, images, dense.rows.length),
    });
    for (const [i, reading] of asked.entries()) {
      const wanted = group.filter((one) => one.reading === reading).map(({ tau, identity }) => ({ tau: taus.indexOf(tau), identity }));
      await writeNumbers(store, numbers.slice(i * taus.length, (i + 1) * taus.length), wanted, { dense, methods });
    }
  });
}

async function reported(store: Store, keyed: readonly Keyed[], computed: readonly Keyed[]): Promise<DissectedReading[]> {
  const found = await Promise.all(keyed.map(({ key }) => findDissection(store, key)));
  return keyed.map((one, i) => ({
    layer: one.reading.layer.name,
    tau: one.tau,
    basisParameters: one.reading.turn?.parameters ?? null,
    id: found[i]?.id as number,
    computed: computed.includes(one),
  }));
}

function digest(keys: readonly string[]): string {
  return createHash('sha256').update(keys.join()).digest('hex');
}
