import { type Benchmark, ratio } from './figure.ts';
import { interleaved } from './measure.ts';
import { dissectStage, forwardOnly, setStage } from './stage.ts';

const RUNS = 3;
const IMAGES = 2880;

/** A whole dissection, from files on disk to scores, over the bare forward pass. */
export function dissectOverForward(name: string, layers: readonly string[]): Benchmark {
  return {
    name: `dissect-over-forward/${name}`,
    async measure() {
      const stage = await setStage(IMAGES, layers);
      const timings = await interleaved(
        [
          { name: 'forward', run: await forwardOnly(stage) },
          { name: 'dissect', run: () => dissectStage(stage) },
        ],
        RUNS,
      );
      await stage.runner.close();
      const [forward, dissect] = ['forward', 'dissect'].map((one) => timings.get(one) as { wall: number; processor: number });
      const against = `bare forward pass, ${IMAGES} images`;
      return [
        ratio(`dissect-over-forward/${name}`, dissect.wall / forward.wall, against, RUNS),
        ratio(`dissect-over-forward/${name}/processor`, dissect.processor / forward.processor, `processor time of the ${against}`, RUNS),
      ];
    },
  };
}
