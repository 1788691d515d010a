import { TensorProto_DataType } from 'onnx-buf';
import type { Layout } from '../graph/image-input.ts';
import { LIT_IMAGES, layoutByLight, litImages } from '../graph/measured-layout.ts';
import type { TensorFacts } from '../graph/tensor-facts.ts';
import { numbersOf } from './half.ts';
import { imageTensor } from './images.ts';
import { PIXELS } from './prepare.ts';
import { NEUTRAL, type Probe } from './probe.ts';
import { rewrite } from './rewrite.ts';
import { openSession } from './session.ts';

/** Finds out by light how tensors lie, image by image. What is not told by it, or does not run, is left out. */
export async function measureLayouts(
  { folder, model, graph, input }: Probe,
  facts: ReadonlyMap<string, TensorFacts>,
  tensors: readonly string[],
): Promise<Map<string, Layout>> {
  const found = new Map<string, Layout>();
  const batch = input.batch ?? 1;
  if (tensors.length === 0) return found;
  const taps = tensors.map((tensor) => ({ tensor, elementType: TensorProto_DataType.FLOAT, layout: 'NCHW' as const }));
  const session = await openSession(
    { bytes: rewrite(model, graph, input, NEUTRAL, taps, batch), folder },
    { graphOptimizationLevel: 'disabled' },
  );
  try {
    const pixels = litImages(input.height, input.width);
    const responses: Record<string, ArrayLike<number>>[] = [];
    for (let n = 0; n < LIT_IMAGES; n++) {
      const image = pixels.subarray((n * pixels.length) / LIT_IMAGES, ((n + 1) * pixels.length) / LIT_IMAGES);
      const copies = new Uint8Array(batch * image.length);
      for (let i = 0; i < batch; i++) copies.set(image, i * image.length);
      const results = await session.run({ [PIXELS]: imageTensor(copies, input, 0, batch) });
      responses.push(Object.fromEntries(tensors.map((tensor) => [tensor, numbersOf(results[tensor]) ?? []])));
    }
    for (const tensor of tensors) {
      const shape = facts.get(tensor)?.shape.slice(1) ?? [];
      const each = shape.reduce((product, size) => product * size, 1);
      const layout = layoutByLight(
        shape,
        responses.map((response) => Array.from({ length: each }, (_, i) => response[tensor][i])),
      );
      if (layout) found.set(tensor, layout);
    }
    return found;
  } finally {
    await session.release();
  }
}
