import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ALEXNET, TINY } from '../places.ts';
import { writeScenes } from '../scenes.ts';
import { newPlace } from './dissectory.ts';

it('goes from images by class to classifiers, explanations and what units mean', async () => {
  const place = await newPlace();
  const scenes = writeScenes({ forest: 'forest', street: 'street' }, 6, ['train', 'test']);
  onTestFinished(async () => {
    scenes.remove();
    await place.remove();
  });
  const text = async (...args: string[]) => {
    const { code, out, err } = await place.run(...args);
    expect(code, err).toBe(0);
    return out;
  };
  expect(await text('images', 'add', scenes.csv, '--slug', 'scenes')).toBe('scenes: 12 images of 2 classes\n');
  await text('model', 'add', ALEXNET, '--slug', 'alexnet');

  const { heads } = JSON.parse(await text('--json', 'classify', 'alexnet', '--images', 'scenes', '--target', 'onnx-cpu'));
  expect(heads).toMatchObject([
    { kind: 'SVM', layer: 'conv5', imageCount: 6 },
    { kind: 'OWN', layer: 'conv5', imageCount: 6 },
  ]);

  const photo = path.join(TINY, 'images/scene/s_00049.jpg');
  const lines = (await text('explain', 'alexnet', '--images', photo, '--top', '2', '--target', 'onnx-cpu')).split('\n');
  expect(lines[0]).toMatch(/^s_00049\.jpg: desert 13\.97\d \(bias -?0\.\d+\)$/);
  expect(lines[1]).toMatch(/^UNIT +WEIGHT +ACTIVATION +CONTRIBUTION +LABEL +IOU$/);
  expect(lines.slice(2)).toHaveLength(3); // two units, and the end of the last line

  const ablated = JSON.parse(await text('--json', 'ablate', 'alexnet', '--images', 'scenes', '--target', 'onnx-cpu'));
  expect(ablated).toMatchObject({ model: 'alexnet', method: 'EXACT', layer: 'conv5', computed: true });
  expect(ablated.classes.filter(({ imageCount }: { imageCount: number }) => imageCount > 0)).toMatchObject([
    { name: 'forest' },
    { name: 'street' },
  ]);
});
