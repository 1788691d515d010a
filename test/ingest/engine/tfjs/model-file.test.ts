import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNetwork } from '../../../../ingest/engine/open.ts';
import { ALEXNET_FC } from '../../places.ts';
import { writeLayersModel } from './as-layers.ts';
import { readChain } from './chain.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dissectory-tfjs-'));
afterAll(() => rmSync(folder, { recursive: true }));

let whole: string;
let count = 0;

beforeAll(async () => {
  whole = path.join(folder, 'whole');
  await writeLayersModel(whole, await readChain(ALEXNET_FC), 112);
});

/** A copy of the model that may be damaged. */
function copy(): { model: string; shard: string } {
  const to = path.join(folder, `copy${count++}`);
  cpSync(whole, to, { recursive: true });
  return {
    model: path.join(to, 'model.json'),
    shard: path.join(to, readdirSync(to).find((name) => name.startsWith('group1-shard2of')) as string),
  };
}

function edit(model: string, change: (json: Record<string, unknown>) => void): void {
  const json = JSON.parse(readFileSync(model, 'utf8'));
  change(json);
  writeFileSync(model, JSON.stringify(json));
}

const refused = (model: string, message: RegExp) =>
  expect(openNetwork(model)).rejects.toMatchObject({ code: 'BAD_MODEL', message: expect.stringMatching(message) });

describe('a TensorFlow.js model on disk', () => {
  it('is opened by its model.json or by its folder, and known by the bytes of all its files', async () => {
    const { model, shard } = copy();
    const opened = await openNetwork(path.dirname(model));
    expect(opened.format).toBe('TFJS');
    const bytes = readFileSync(shard);
    bytes[17] ^= 1;
    writeFileSync(shard, bytes);
    expect((await openNetwork(model)).sha256).not.toBe(opened.sha256);
  });

  it('is refused where a weight file is missing, naming it', () => {
    const { model, shard } = copy();
    rmSync(shard);
    return refused(model, /keeps weights in group1-shard2of\d\.bin, which cannot be read \(ENOENT\)/);
  });

  it('is refused where a weight file is cut off, saying by how much', () => {
    const { model, shard } = copy();
    truncateSync(shard, 1000);
    return refused(model, /hold \d+ bytes, not \d+: they are cut off/);
  });

  it('is refused where model.json is cut off', () => {
    const { model } = copy();
    truncateSync(model, 500);
    return refused(model, /is not valid JSON: it is cut off/);
  });

  it('is refused where weights lie outside its folder', () => {
    const { model } = copy();
    edit(model, (json) => {
      (json.weightsManifest as { paths: string[] }[])[0].paths[0] = '../whole/group1-shard1of4.bin';
    });
    return refused(model, /outside its own folder/);
  });

  it('is refused where it has a layer that TensorFlow.js does not know', () => {
    const { model } = copy();
    edit(model, ({ modelTopology }) => {
      const { config } =
        (modelTopology as { model_config?: { config: { layers: { class_name: string }[] } } }).model_config ??
        (modelTopology as { config: { layers: { class_name: string }[] } });
      config.layers[1].class_name = 'Wavelet2D';
    });
    return refused(model, /TensorFlow\.js cannot run the model .*Wavelet2D/);
  });

  it('is refused where there are weights only', () => {
    const file = path.join(folder, 'weights_manifest.json');
    writeFileSync(file, JSON.stringify([{ weights: [], paths: ['x.bin'] }]));
    return refused(file, /lists weights but holds no network/);
  });

  it('is refused where a folder holds a SavedModel, or nothing', async () => {
    const saved = path.join(folder, 'saved', 'saved_model.pb');
    cpSync(whole, path.dirname(saved), { recursive: true });
    rmSync(path.join(path.dirname(saved), 'model.json'));
    await refused(path.dirname(saved), /is a folder without a model\.json/);
    writeFileSync(saved, '');
    await refused(
      path.dirname(saved),
      /is a SavedModel\. Convert it, with tensorflowjs_converter --input_format=tf_saved_model IN OUT or python -m tf2onnx/,
    );
  });
});
