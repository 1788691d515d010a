import { createHash } from 'node:crypto';
import path from 'node:path';
import { DissectoryError } from '../prisma/errors.ts';
import { withLock } from '../prisma/lock.ts';
import type { Store } from '../prisma/store.ts';
import { openBroden } from './dataset/open.ts';
import type { LayerInfo, Network, Normalisation, Runner } from './engine/engine.ts';
import { openOnnx } from './engine/onnx/engine.ts';
import { CODE_VERSION } from './package.ts';
import { dissect } from './pass/dissect.ts';
import { unitRecords } from './pass/unit-records.ts';
import { withWorkFolder } from './pass/work-folder.ts';
import { findDissection, writeDissection } from './write/dissection.ts';
import { type DissectionIdentity, dissectionKey } from './write/key.ts';
import { ensureLayer } from './write/model.ts';
import type { Provenance } from './write/record.ts';

export interface DissectRequest {
  /** Slug. */
  model: string;
  /** Slug. */
  dataset: string;
  /** Names as `Network.layer` takes them; `all` for every listed layer. */
  layers: readonly string[];
  tau: number;
  batchSize: number;
  /** Bytes of candidates kept in memory. */
  memory: number;
  /** Holds the work of runs that are not complete. */
  home: string;
  onProgress(phase: 'waiting' | 'forward' | 'tally', images: number, of: number): void;
}

export interface DissectedLayer {
  layer: string;
  /** Of the dissection. */
  id: number;
  /** False where the store had it already. */
  computed: boolean;
}

/**
 * Dissects layers of a registered model over a registered dataset into the store; what the store has already is found, not computed.
 * Two processes asked for the same model and dataset take turns.
 *
 * @throws NOT_FOUND where model or dataset are not registered, BAD_MODEL or BAD_DATASET where their files changed since, LAYER_NOT_FOUND,
 * NOT_SPATIAL, BAD_IMAGE, BAD_ACTIVATIONS, STORE_FULL, STORE_UNAVAILABLE
 */
export async function dissectModel(store: Store, request: DissectRequest): Promise<DissectedLayer[]> {
  const { model, network } = await openModel(store, request.model);
  const { dataset, broden } = await openDataset(store, request.dataset);
  const layers = chosenLayers(network, request.layers);
  const normalisation: Normalisation = { mean: triple(model.mean), std: triple(model.std) };
  const runner = await network.start(layers, { normalisation });
  try {
    const provenance = provenanceOf(network, runner, broden.sha256, normalisation);
    const keyed: Keyed[] = [];
    for (const layer of layers) {
      const { id: layerId } = await ensureLayer(store, model.id, layer);
      const identity = { layerId, datasetId: dataset.id, tau: request.tau, basis: 'IDENTITY' as const, basisParameters: null, provenance };
      keyed.push({ layer, identity, key: dissectionKey(identity) });
    }
    const found = async ({ key }: Keyed) => (await findDissection(store, key))?.id;
    if (!(await Promise.all(keyed.map(found))).includes(undefined)) return reported(keyed, found, new Set());

    const waiting = () => request.onProgress('waiting', 0, broden.rows.length);
    return await withLock(store, `dissect ${network.sha256} ${broden.sha256}`, waiting, async () => {
      const known = await Promise.all(keyed.map(found));
      const missing = keyed.filter((_, i) => known[i] === undefined);
      if (missing.length > 0) {
        const missingRunner =
          missing.length === keyed.length
            ? runner
            : await network.start(
                missing.map(({ layer }) => layer),
                { normalisation },
              );
        try {
          await compute(store, request, broden, network, missingRunner, missing);
        } finally {
          if (missingRunner !== runner) await missingRunner.close();
        }
      }
      return reported(keyed, found, new Set(missing));
    });
  } finally {
    await runner.close();
  }
}

interface Keyed {
  layer: LayerInfo;
  key: string;
  identity: DissectionIdentity;
}

async function reported(keyed: readonly Keyed[], found: (one: Keyed) => Promise<number | undefined>, computed: Set<Keyed>) {
  const ids = await Promise.all(keyed.map(found));
  return keyed.map((one, i) => ({ layer: one.layer.name, id: ids[i] as number, computed: computed.has(one) }));
}

async function compute(
  store: Store,
  { tau, batchSize, memory, home, onProgress }: DissectRequest,
  broden: Awaited<ReturnType<typeof openBroden>>,
  network: Network,
  runner: Runner,
  missing: readonly Keyed[],
): Promise<void> {
  const run = createHash('sha256')
    .update(missing.map(({ key }) => key).join())
    .digest('hex');
  const workFolder = path.join(home, 'work', run);
  await withWorkFolder(workFolder, async () => {
    const numbers = await dissect({
      broden,
      network,
      runner,
      layers: missing.map(({ layer }) => layer),
      taus: [tau],
      workFolder,
      memory,
      batchSize,
      onProgress: (phase, images) => onProgress(phase, images, broden.rows.length),
    });
    for (const [i, { identity }] of missing.entries()) await writeDissection(store, { ...identity, units: unitRecords(numbers[i], broden) });
  });
}

async function openModel(store: Store, slug: string) {
  const model = await store.prisma.model.findUnique({ where: { slug } });
  if (!model)
    throw new DissectoryError('NOT_FOUND', `No model "${slug}" is registered: add it with \`dissectory model add FILE --slug ${slug}\`.`);
  if (model.path === null)
    throw new DissectoryError('BAD_MODEL', `Model "${slug}" has no file (its units came from a published tally): it cannot be dissected.`);
  const network = await openOnnx(model.path, { inputSize: { height: model.inputShape[1], width: model.inputShape[2] } });
  if (network.sha256 !== model.sha256) {
    throw new DissectoryError(
      'BAD_MODEL',
      `${model.path} changed since it was registered as "${slug}": register the new file under a slug of its own.`,
    );
  }
  return { model, network };
}

async function openDataset(store: Store, slug: string) {
  const dataset = await store.prisma.dataset.findUnique({ where: { slug } });
  if (!dataset)
    throw new DissectoryError(
      'NOT_FOUND',
      `No dataset "${slug}" is registered: add it with \`dissectory dataset add DIR --slug ${slug}\`.`,
    );
  if (dataset.path === null)
    throw new DissectoryError(
      'BAD_DATASET',
      `Dataset "${slug}" has no folder (only published tallies refer to it): nothing can be dissected over it.`,
    );
  const broden = await openBroden(dataset.path);
  if (broden.sha256 !== dataset.sha256) {
    throw new DissectoryError(
      'BAD_DATASET',
      `${dataset.path} changed since it was added as "${slug}": add it again under a slug of its own, or restore it.`,
    );
  }
  return { dataset, broden };
}

function chosenLayers(network: Network, names: readonly string[]): LayerInfo[] {
  const chosen = names.flatMap((name) => (name === 'all' ? network.layers.filter(({ listed }) => listed) : [network.layer(name)]));
  return [...new Set(chosen)].sort((a, b) => a.index - b.index);
}

function triple(values: readonly number[]): readonly [number, number, number] {
  return [values[0], values[1], values[2]];
}

function provenanceOf(network: Network, runner: Runner, datasetSha256: string, { mean, std }: Normalisation): Provenance {
  return {
    modelSha256: network.sha256,
    datasetSha256,
    engine: runner.engine,
    engineVersion: runner.engineVersion,
    provider: runner.provider,
    codeVersion: CODE_VERSION,
    parameters: { inputHeight: network.inputHeight, inputWidth: network.inputWidth, mean, std },
  };
}
