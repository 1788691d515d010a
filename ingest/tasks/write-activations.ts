import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Store } from '../../store/store.ts';
import { readStoredImage } from '../dataset/stored-image.ts';
import { decodedBatches, inBatches } from '../dissection/batches.ts';
import type { RunOptions } from '../engine/engine.ts';
import { openModel } from '../registered/registered.ts';
import { startChecked } from '../registered/start-checked.ts';
import { imagesOf } from './images-of.ts';

export interface ActivationsRequest extends Pick<RunOptions, 'targets' | 'precision'> {
  /** Slug. */
  model: string;
  /** Names as `Network.layer` takes them. */
  layers: readonly string[];
  /** An image file, a folder of them, or the slug of a dataset. */
  images: string;
  /** A NumPy file; of several layers each has its name in front of the ending. */
  out: string;
  batchSize?: number;
  onProgress(images: number, of: number): void;
}

export interface WrittenActivations {
  layer: string;
  file: string;
  /** images x units x rows x columns, float32. */
  shape: readonly number[];
  /** In the order of the first axis. */
  images: readonly string[];
}

/**
 * Writes what layers give for images, as it is before any threshold: a NumPy file for each layer, batch by batch.
 *
 * @throws NOT_FOUND, LAYER_NOT_FOUND, NOT_SPATIAL, BAD_MODEL, BAD_IMAGE, BAD_INPUT
 */
export async function writeActivations(store: Store, request: ActivationsRequest): Promise<WrittenActivations[]> {
  const { model, network, normalisation } = await openModel(store, request.model);
  const layers = request.layers.map((name) => network.layer(name));
  const images = await imagesOf(store, request.images);
  const { targets, precision, onProgress } = request;
  const runner = await startChecked(store, model, network, layers, { normalisation, targets, precision });
  const written = layers.map(({ name, units, grid }) => ({
    layer: name,
    file: layers.length === 1 ? request.out : fileOf(request.out, name),
    shape: [images.length, units, grid.height, grid.width],
    images: images.map(({ file }) => file),
  }));
  const files = await Promise.all(written.map(({ file }) => open(file, 'w')));
  try {
    for (const [i, { shape }] of written.entries()) await files[i].write(npyHeader(shape));
    const input = { height: network.inputHeight, width: network.inputWidth };
    const read = (i: number) => readStoredImage(store, images[i], input, model.resize);
    const batches = inBatches(Uint32Array.from(images.keys()), request.batchSize ?? runner.batchSize);
    let done = 0;
    for await (const batch of decodedBatches(batches, 1, read)) {
      const outputs = await runner.run(batch.pixels, batch.images.length);
      for (const [i, { buffer, byteOffset, byteLength }] of outputs.entries())
        await files[i].write(new Uint8Array(buffer, byteOffset, byteLength));
      done += batch.images.length;
      onProgress(done, images.length);
    }
    return written;
  } finally {
    await Promise.all(files.map((file) => file.close()));
    await runner.close();
  }
}

/** `maps.npy` of the layer `features/3` is `maps.features_3.npy`. */
function fileOf(out: string, layer: string): string {
  const { dir, name, ext } = path.parse(out);
  return path.join(dir, `${name}.${layer.replace(/[^\w.-]/g, '_')}${ext}`);
}

/** Version 1.0 of NumPy's format: little-endian float32, rows last. */
function npyHeader(shape: readonly number[]): Uint8Array {
  const fields = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const length = Math.ceil((10 + fields.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length - 10, 8);
  header.write(fields, 10, 'latin1');
  header.write('\n', length - 1, 'latin1');
  return header;
}
