import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Target } from '../../core/targets.ts';
import { openDense } from '../../ingest/dataset/open.ts';
import { scoreUnit } from '../../ingest/math/segmentation/score.ts';
import { dissectFile } from '../dissect-file.ts';
import { ALEXNET_FC, TINY } from '../ingest/places.ts';

describe('the target that auto finds', () => {
  // On a machine with a GPU this compares it with the CPU; without one it compares the CPU with itself and says so.
  it('gives IoUs within 0.001 of those of the CPU', async () => {
    const dense = await openDense(TINY);
    const categories = dense.concepts.map(({ category }) => dense.categories.indexOf(category));
    const ious = async (targets: readonly Target[]) => {
      const [numbers] = await dissectFile(
        ALEXNET_FC,
        dense,
        ['conv5'],
        [0.005],
        path.join(await mkdtemp(path.join(tmpdir(), 'dissectory-targets-')), 'run'),
        targets,
      );
      return Array.from(
        { length: numbers.layer.units },
        (_, k) => scoreUnit(numbers.parts.iou, k, categories, dense.categories.length, numbers.pixels).iou,
      );
    };
    const [auto, cpu] = [await ious([]), await ious(['onnx-cpu'])];
    for (const [unit, iou] of auto.entries()) expect(Math.abs(iou - cpu[unit]), `unit ${unit}`).toBeLessThanOrEqual(1e-3);
  });
});
