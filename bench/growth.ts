import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Benchmark, ratio } from './figure.ts';
import { median } from './measure.ts';

interface Peak {
  wall: number;
  processor: number;
  megabytes: number;
}

const RUNS = 3;

async function peak(images: number, model: string, layer: string): Promise<Peak> {
  const script = fileURLToPath(new URL('./peak.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, String(images), model, layer]);
  return JSON.parse(stdout);
}

/**
 * What four times as much costs, in processor time and in memory, without the network: the pass of every distinct image
 * is replayed.
 */
function growth(name: string, sizes: readonly [number, string][], layer: string): Benchmark {
  return {
    name: `growth/${name}`,
    async measure() {
      const peaks: Peak[][] = sizes.map(() => []);
      for (let run = 0; run < RUNS; run++)
        for (const [i, [images, model]] of sizes.entries()) peaks[i].push(await peak(images, model, layer));
      const medians = peaks.map((of) => ({ time: median(of.map((one) => one.processor)), memory: median(of.map((one) => one.megabytes)) }));
      return [1, 2].flatMap((i) => [
        ratio(`growth/${name}/${2 ** i}x/time`, medians[i].time / medians[0].time, `processor time of 1x ${name}`, RUNS),
        ratio(`growth/${name}/${2 ** i}x/memory`, medians[i].memory / medians[0].memory, `peak memory of 1x ${name}`, RUNS),
      ]);
    },
  };
}

export const imageGrowth = growth(
  'images',
  [1440, 2880, 5760].map((images) => [images, 'resnet18']),
  'layer4',
);
export const unitGrowth = growth(
  'units',
  [128, 256, 512].map((units) => [1440, `wide-${units}`]),
  'layer',
);

/** Peak memory of a dataset of Broden's size over that of a small one. */
export const rss: Benchmark = {
  name: 'rss/63305-over-2000',
  async measure() {
    const small = await peak(2000, 'resnet18', 'layer4');
    const large = await peak(63305, 'resnet18', 'layer4');
    const against = `2,000 images, ${Math.round(small.megabytes)} MB (63,305 images: ${Math.round(large.megabytes)} MB)`;
    return [ratio('rss/63305-over-2000', large.megabytes / small.megabytes, against, 1)];
  },
};
