import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { io } from '@tensorflow/tfjs';

/** Bytes of a weight file: small enough that real networks have several. */
const SHARD = 2 ** 20;

/** Writes model.json and its weight files as TensorFlow.js' own tools do. Gives the path of model.json. */
export function writeTfjsModel(folder: string, { modelTopology, weightSpecs = [], weightData, ...rest }: io.ModelArtifacts): string {
  mkdirSync(folder, { recursive: true });
  const data = Buffer.concat([weightData ?? []].flat().map((part) => Buffer.from(part)));
  const count = Math.max(1, Math.ceil(data.length / SHARD));
  const paths = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  for (const [i, path] of paths.entries()) writeFileSync(join(folder, path), data.subarray(i * SHARD, (i + 1) * SHARD));
  const file = join(folder, 'model.json');
  writeFileSync(file, JSON.stringify({ ...rest, modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] }));
  return file;
}
