import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Target } from '../../core/targets.ts';
import type { Model } from '../../prisma/generated/client.ts';
import { withLock } from '../../store/lock.ts';
import { CODE_VERSION } from '../../store/package.ts';
import type { Store } from '../../store/store.ts';
import type { DenseDataset } from '../dataset/dataset.ts';
import type { LayerInfo, Network, Precision, Reading, Runner, RunOptions } from '../engine/engine.ts';
import { openDataset, openModel } from '../registered/registered.ts';
import { findDissection, writeDissection } from '../write/dissection.ts';
import { type DissectionIdentity, dissectionKey } from '../write/key.ts';
import { ensureLayer } from '../write/model.ts';
import type { DissectionRecord, Provenance } from '../write/record.ts';
import { dissect } from './dissect.ts';
import { readingGroups } from './reading-groups.ts';
import { labelsAtAnyTau, unitRecords } from './unit-records.ts';
import { withWorkFolder } from './work-folder.ts';

/** How a dissection is run; but for device and precision, which its provenance names, nothing here changes its numbers. */
export interface RunSettings {
  /** Absent: what the engine thinks fit. */
  batchSize?: number;
  /** Where it may run; see `RunOptions`. */
  targets?: readonly Target[];
  /** Absent: `fp32`. */
  precision?: Precision;
  /** Told once which device the network runs on, and why not on a better one. */
  onStart?(device: string, passedOver: readonly string[]): void;
  /** Bytes of candidates kept in memory; also what decides how many turned bases are read in one pass. */
  memory: number;
  /** Layers that one forward pass reads at most: bounds what the engine and the pass hold. Absent: all that are asked for. */
  layersAtOnce?: number;
  /** Holds the work of runs that are not complete. */
  home: string;
  /** Ends the run after the chunk it is in, with the signal's reason; it goes on from there when it is asked for again. */
  signal?: AbortSignal;
  /** Told the images of all passes together; of a dataset that is fetched first, its files. */
  onProgress(phase: 'fetch' | 'waiting' | 'forward' | 'tally', images: number, of: number): void;
  /** Asked before anything is computed whether others are to do it; then what is missing stays so. Absent: nobody else does. */
  handOver?(missing: Missing): boolean;
}

/** What a dissection is computed from, and what of it the store lacks. */
export interface Missing {
  model: Model;
  network: Network;
  broden: DenseDataset;
  runner: Runner;
  run: RunOptions;
  batchSize: number;
  /** All that is asked for. */
  keyed: readonly Keyed[];
  /** That of it which the store lacks. */
  wanted: readonly Keyed[];
}

/** A layer in a basis. */
export interface AskedReading {
  layer: LayerInfo;
  /** null: the units' own. */
  turn: Turn | null;
}

export interface Turn {
  parameters: NonNullable<DissectionRecord['basisParameters']>;
  /** How the rotation is drawn: part of the provenance. */
  generator: string;
  /** Q^alpha, units * units, row-major. Asked for only where the store lacks the dissection. */
  rotation(): Float32Array;
}

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
 * Dissects readings of a registered model over a registered dataset into the store, all of them at each tau, from one forward pass where
 * memory allows; what the store has already is found, not computed. Two processes asked for the same model and dataset take turns.
 *
 * @param model, dataset slugs
 * @param readings chosen once the network is open
 * @returns reading by reading, taus in the order asked for
 * @throws NOT_FOUND where model or dataset are not registered, BAD_MODEL or BAD_DATASET where their files changed since, LAYER_NOT_FOUND,
 * NOT_SPATIAL, BAD_IMAGE, BAD_ACTIVATIONS, STORE_FULL, STORE_UNAVAILABLE
 */
export async function dissectReadings(
  store: Store,
  asked: { model: string; dataset: string; taus: readonly number[]; readings: (network: Network) => readonly AskedReading[] },
  settings: RunSettings,
): Promise<DissectedReading[]> {
  const { model, network, normalisation } = await openModel(store, asked.model);
  const { dataset, broden } = await openDataset(store, asked.dataset, {
    signal: settings.signal,
    onProgress: (files, of) => settings.onProgress('fetch', files, of),
  });
  const readings = asked.readings(network);
  const layers = [...new Set(readings.map(({ layer }) => layer))];
  const { targets, precision = 'fp32' } = settings;
  const run: RunOptions = { normalisation, targets, precision };
  const first = layers.slice(0, settings.layersAtOnce);
  let opened: Opened = { layers: first, runner: await network.start(first, run) };
  settings.onStart?.(opened.runner.provider, opened.runner.passedOver);
  try {
    const provenance = provenanceOf(model, network, opened.runner, broden.sha256, run);
    const layerIds = new Map<LayerInfo, number>();
    for (const layer of layers) layerIds.set(layer, (await ensureLayer(store, model.id, layer)).id);
    const keyed = readings.flatMap((reading) =>
      asked.taus.map((tau) => {
        const identity = identityOf(reading, tau, layerIds.get(reading.layer) as number, dataset.id, provenance);
        return { reading, tau, identity, key: dissectionKey(identity) };
      }),
    );
    const missing = async () => {
      const found = await Promise.all(keyed.map(({ key }) => findDissection(store, key)));
      return keyed.filter((_, i) => found[i] === null);
    };
    if ((await missing()).length === 0) return reported(store, keyed, []);

    const waiting = () => settings.onProgress('waiting', 0, broden.rows.length);
    const lock = { name: `dissect ${network.sha256} ${broden.sha256}`, onWait: waiting, signal: settings.signal };
    return await withLock(store, lock, async (signal) => {
      const wanted = await missing();
      const batchSize = settings.batchSize ?? opened.runner.batchSize;
      if (settings.handOver?.({ model, network, broden, runner: opened.runner, run, batchSize, keyed, wanted })) return [];
      const groups = readingGroups(wanted, broden.concepts.length, batchSize, settings.memory, settings.layersAtOnce);
      for (const [pass, group] of groups.entries()) {
        const asked = [...new Set(group.map(({ reading }) => reading))];
        opened = await openedFor(asked, opened, network, run);
        const onProgress: RunSettings['onProgress'] = (phase, images, of) =>
          settings.onProgress(phase, pass * of + images, groups.length * of);
        await computeGroup(
          store,
          { broden, network, resize: model.resize, opened, settings: { ...settings, signal, onProgress } },
          group,
          asked,
        );
      }
      return reported(store, keyed, wanted);
    });
  } finally {
    await opened.runner.close();
  }
}

/** One dissection that is asked for. */
export interface Keyed {
  reading: AskedReading;
  tau: number;
  key: string;
  identity: DissectionIdentity;
}

interface Surroundings {
  broden: DenseDataset;
  network: Network;
  resize: Model['resize'];
  opened: Opened;
  settings: RunSettings;
}

/** A network made ready. */
interface Opened {
  layers: readonly Reading[];
  runner: Runner;
}

/** What gives these readings: what is open where it does, else another in its place, so that two never hold memory at once. */
async function openedFor(asked: readonly AskedReading[], opened: Opened, network: Network, run: RunOptions): Promise<Opened> {
  const layers: Reading[] = asked.map(({ layer, turn }) => (turn ? { ...layer, rotation: turn.rotation() } : layer));
  if (layers.length === opened.layers.length && layers.every((layer, i) => layer === opened.layers[i])) return opened;
  await opened.runner.close();
  return { layers, runner: await network.start(layers, run) };
}

/** From one forward pass. */
async function computeGroup(store: Store, around: Surroundings, group: readonly Keyed[], asked: readonly AskedReading[]): Promise<void> {
  const { broden, network, resize, opened, settings } = around;
  const { layers, runner } = opened;
  const taus = [...new Set(group.map(({ tau }) => tau))];
  const workFolder = path.join(settings.home, 'work', digest(group.map(({ key }) => key)));
  await withWorkFolder(workFolder, async () => {
    const numbers = await dissect({
      broden,
      network,
      runner,
      layers,
      resize,
      taus,
      workFolder,
      memory: settings.memory,
      batchSize: settings.batchSize ?? runner.batchSize,
      signal: settings.signal,
      onProgress: (phase, images) => settings.onProgress(phase, images, broden.rows.length),
    });
    for (const [i, reading] of asked.entries()) {
      const ofTaus = numbers.slice(i * taus.length, (i + 1) * taus.length);
      const labels = labelsAtAnyTau(ofTaus, broden);
      for (const { tau, identity } of group.filter((one) => one.reading === reading)) {
        await writeDissection(store, { ...identity, units: unitRecords(ofTaus[taus.indexOf(tau)], broden, labels) });
      }
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

function identityOf({ turn }: AskedReading, tau: number, layerId: number, datasetId: number, provenance: Provenance): DissectionIdentity {
  if (!turn) return { layerId, datasetId, tau, basis: 'IDENTITY', basisParameters: null, provenance };
  const parameters = { ...provenance.parameters, rotation: turn.generator };
  return { layerId, datasetId, tau, basis: 'ROTATION', basisParameters: turn.parameters, provenance: { ...provenance, parameters } };
}

function digest(keys: readonly string[]): string {
  return createHash('sha256').update(keys.join()).digest('hex');
}

/** All that the numbers of a model's dissections depend on, beside layer, tau and basis. */
export function provenanceOf(
  { resize, tokens, channels }: Pick<Model, 'resize' | 'tokens' | 'channels'>,
  network: Network,
  runner: Runner,
  datasetSha256: string,
  { normalisation: { mean, std }, precision }: RunOptions,
): Provenance {
  return {
    modelSha256: network.sha256,
    datasetSha256,
    engine: runner.engine,
    engineVersion: runner.engineVersion,
    provider: runner.provider,
    codeVersion: CODE_VERSION,
    parameters: { inputHeight: network.inputHeight, inputWidth: network.inputWidth, resize, tokens, channels, mean, std, precision },
  };
}
