import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDense } from '../../../ingest/dataset/open.ts';
import { readPlacedImage } from '../../../ingest/dataset/placed-image.ts';
import { dissect } from '../../../ingest/dissection/dissect.ts';
import { openNetwork } from '../../../ingest/engine/open.ts';
import type { Resize } from '../../../prisma/generated/enums.ts';
import { labelPng, rgb, smallBroden } from '../dataset/small.ts';
import { sketch } from '../engine/sketch.ts';
import { temporaryModels } from '../engine/temporary-model.ts';

const write = temporaryModels();
const [HEIGHT, WIDTH] = [16, 32];

/** Two bright things: `near` the middle, columns 12 to 19 of rows 4 to 11, and `far` from it, columns 0 to 3. */
const NEAR = 2;
const FAR = 3;
const labels = Array.from({ length: HEIGHT }, (_, y) =>
  Array.from({ length: WIDTH }, (_, x) => {
    if (x < 4) return FAR;
    return x >= 12 && x < 20 && y >= 4 && y < 12 ? NEAR : 0;
  }),
);

/** One image, twice as wide as high, labelled pixel by pixel. */
async function dataset() {
  const pixels = labels.flat().flatMap((label) => (label > 0 ? [255, 255, 255] : [0, 0, 0]));
  const root = await smallBroden({
    'category.csv': 'name,first,last,count,frequency\nobject,2,3,2,2\n',
    'label.csv': 'number,name,category,frequency,coverage,syns\n2,near,object(1),1,0.125,\n3,far,object(1),1,0.125,\n',
    'c_object.csv': 'code,number,name,frequency,coverage\n1,2,near,1,0.125\n2,3,far,1,0.125\n',
    'c_part.csv': null,
    'c_scene.csv': null,
    'index.csv': 'image,split,ih,iw,sh,sw,object\nwide.png,train,16,32,16,32,wide_object.png\n',
    'images/wide.png': await rgb(HEIGHT, WIDTH, pixels).png().toBuffer(),
    'images/wide_object.png': await labelPng(labels),
  });
  return openDense(root);
}

/** What a unit that fires where the image is bright has in common with `near` and `far`. */
async function counts(resize: Resize, size: number) {
  const net = sketch({ height: size, width: size });
  const network = await openNetwork(write(net.model(net.conv('input', 'brightness', { kernel: 1 }))));
  const layers = [network.layer('brightness')];
  const runner = await network.start(layers, { normalisation: { mean: [0, 0, 0], std: [1, 1, 1] } });
  const workFolder = await mkdtemp(path.join(tmpdir(), 'dissectory-resize-'));
  onTestFinished(() => rm(workFolder, { recursive: true }));
  const dense = await dataset();
  const options = { dense, network, runner, layers, resize, taus: [0.05], workFolder, memory: 0, batchSize: 1, onProgress: () => {} };
  const [
    {
      parts: { iou: tally },
      pixels,
    },
  ] = await dissect(options);
  await runner.close();
  return { near: tally.intersections[1], far: tally.intersections[2], active: tally.activated[0], pixels: [...pixels] };
}

describe('an image of another shape than the network’s input', () => {
  it('is cropped, and so are the labels: what the network never saw counts nowhere', async () => {
    // Columns 8 to 23 are left, pixel by pixel: the mask is exactly `near`.
    expect(await counts('CROP', 16)).toEqual({ near: 64, far: 0, active: 64, pixels: [64, 0] });
  });

  it('is padded, and the map is read where the image lies', async () => {
    // It lies in rows 8 to 23, pixel by pixel.
    expect(await counts('PAD', 32)).toEqual({ near: 64, far: 64, active: 128, pixels: [64, 64] });
  });
});

describe('the pixels that the network is given', () => {
  it('are the middle of a cropped image, and a padded one with black above and below', async () => {
    const small = await dataset();
    const columns = async (resize: Resize, size: number, y: number) => {
      const pixels = await readPlacedImage(small, small.rows[0], { height: size, width: size }, resize);
      return Array.from({ length: size }, (_, x) => (pixels[(y * size + x) * 3] > 0 ? '#' : '.')).join('');
    };
    expect(await columns('CROP', 16, 8)).toBe('....########....');
    expect(await columns('PAD', 32, 12)).toBe('####........########............');
    expect(await columns('PAD', 32, 8)).toBe('####............................');
    expect(await columns('PAD', 32, 7)).toBe('................................');
    expect(await columns('PAD', 32, 24)).toBe('................................');
  });
});
