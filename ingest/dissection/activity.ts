import { open } from 'node:fs/promises';
import type { Activity } from '../labelling/labeller.ts';
import type { ActivityBlock } from '../math/labels/activity.ts';

/** Activity of one chunk on disk: all means, then all maxima. */
export interface ActivityFile {
  file: string;
  /** Of the chunk, in the order of passing. */
  images: Uint32Array;
}

export function activityBytes({ means, maxima }: ActivityBlock): Uint8Array {
  return Buffer.concat([means, maxima].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)));
}

/** A layer's activity over the whole dataset, read from its chunks some units at a time. */
export function activityOf(files: readonly ActivityFile[], units: number): Activity {
  const images = files.reduce((sum, one) => sum + one.images.length, 0);
  return {
    images,
    async read(from, to) {
      const means = new Float64Array((to - from) * images);
      const maxima = new Float32Array((to - from) * images);
      for (const { file, images: own } of files) {
        const block = await readUnits(file, units, own.length, from, to);
        for (let k = 0; k < to - from; k++) {
          for (const [i, image] of own.entries()) {
            means[k * images + image] = block.means[k * own.length + i];
            maxima[k * images + image] = block.maxima[k * own.length + i];
          }
        }
      }
      return { means, maxima };
    },
  };
}

async function readUnits(file: string, units: number, images: number, from: number, to: number): Promise<ActivityBlock> {
  const means = new Float64Array((to - from) * images);
  const maxima = new Float32Array((to - from) * images);
  const handle = await open(file);
  try {
    for (const [array, start] of [[means, from * images * 8] as const, [maxima, units * images * 8 + from * images * 4] as const]) {
      const bytes = new Uint8Array(array.buffer);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      if (bytesRead !== bytes.length) throw new Error(`${file} is cut off`);
    }
  } finally {
    await handle.close();
  }
  return { means, maxima };
}
