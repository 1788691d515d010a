import type { Target } from '../core/targets.ts';
import type { DenseDataset } from '../ingest/dataset/dataset.ts';
import { dissect } from '../ingest/dissection/dissect.ts';
import type { LayerNumbers } from '../ingest/dissection/numbers.ts';
import { withWorkFolder } from '../ingest/dissection/work-folder.ts';
import { openNetwork } from '../ingest/engine/open.ts';

const NORMALISATION = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** Dissects layers of a zoo network straight from its file, without a store. */
export async function dissectFile(
  file: string,
  dense: DenseDataset,
  names: readonly string[],
  taus: readonly number[],
  workFolder: string,
  chosen?: readonly Target[],
): Promise<LayerNumbers[]> {
  const network = await openNetwork(file);
  const targets = chosen ?? (network.format === 'ONNX' ? (['onnx-cpu'] as const) : []);
  const layers = names.map((name) => network.layer(name));
  const runner = await network.start(layers, { normalisation: NORMALISATION, targets });
  if (chosen?.length === 0) console.log(`auto runs on ${runner.provider}`, ...runner.passedOver);
  try {
    const options = { dense, network, runner, layers, taus, workFolder, memory: 2 ** 30, batchSize: 32, onProgress: () => {} };
    return await withWorkFolder(workFolder, () => dissect(options));
  } finally {
    await runner.close();
  }
}
