/** One batch on its way to the engine: `images.length * height * width * 3` bytes, RGB, image after image. */
export interface PixelBatch {
  images: number[];
  pixels: Uint8Array;
}

/** Cuts images into batches; only the last may be smaller. */
export function inBatches(images: Uint32Array, batchSize: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(images.length / batchSize) }, (_, i) => images.subarray(i * batchSize, (i + 1) * batchSize));
}

/**
 * Decodes ahead of whoever takes the batches: `ahead` batches at most are decoded or being decoded beside the one in
 * hand.
 *
 * @param batches indices in the dataset, in the order wanted
 * @param read gives one image's bytes at the network's input size
 */
export async function* decodedBatches(
  batches: readonly Uint32Array[],
  ahead: number,
  read: (image: number) => Promise<Uint8Array>,
): AsyncGenerator<PixelBatch> {
  const decoding: Promise<PixelBatch>[] = [];
  const waiting = batches.values();
  const startOne = () => {
    const { value: images } = waiting.next();
    if (!images) return;
    const batch = decode(Array.from(images), read);
    batch.catch(() => {}); // reported where it is awaited; until then it must not end the process
    decoding.push(batch);
  };
  for (let i = 0; i <= ahead; i++) startOne();
  for (let batch = decoding.shift(); batch; batch = decoding.shift()) {
    const ready = await batch;
    startOne();
    yield ready;
  }
}

async function decode(images: number[], read: (image: number) => Promise<Uint8Array>): Promise<PixelBatch> {
  const decoded = await Promise.all(images.map(read));
  const size = decoded[0].length;
  const pixels = new Uint8Array(size * images.length);
  for (const [i, image] of decoded.entries()) pixels.set(image, i * size);
  return { images, pixels };
}
