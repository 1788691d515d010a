/** One batch on its way to the engine: `images.length * height * width * 3` bytes, RGB, image after image. */
export interface PixelBatch {
  images: number[];
  pixels: Uint8Array;
}

/**
 * Decodes ahead of whoever takes the batches: `ahead` batches at most are decoded or being decoded beside the one in hand.
 *
 * @param images indices in the dataset, in the order wanted
 * @param read gives one image's bytes at the network's input size
 */
export async function* decodedBatches(
  images: Uint32Array,
  batchSize: number,
  ahead: number,
  read: (image: number) => Promise<Uint8Array>,
): AsyncGenerator<PixelBatch> {
  const decoding: Promise<PixelBatch>[] = [];
  let next = 0;
  const startOne = () => {
    if (next >= images.length) return;
    const batch = decode(Array.from(images.subarray(next, next + batchSize)), read);
    batch.catch(() => {}); // reported where it is awaited; until then it must not end the process
    decoding.push(batch);
    next += batchSize;
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
