import { partsOfTarget, type Target } from '../core/targets.ts';
import { type Benchmark, ratio } from './figure.ts';
import { interleaved, type Timing } from './measure.ts';
import { dissectStage, forwardOnly, setStage } from './stage.ts';

const RUNS = 3;
const IMAGES = 720;

/** A GPU's forward pass and whole dissection against the CPU's. */
export function targetOverCpu(target: Target): Benchmark {
  const { device } = partsOfTarget(target);
  return {
    name: `target/${device}`,
    async measure() {
      const stage = await setStage(IMAGES, ['layer4'], 'resnet18', target).catch((error: Error) => error);
      if (stage instanceof Error) return { why: stage.message };
      const cpu = await setStage(IMAGES, ['layer4']);
      const timings = await interleaved(
        [
          { name: 'cpu', run: await forwardOnly(cpu) },
          { name: 'forward', run: await forwardOnly(stage) },
          { name: 'dissect', run: () => dissectStage(stage) },
        ],
        RUNS,
      );
      await stage.runner.close();
      await cpu.runner.close();
      const [ofCpu, forward, dissect] = ['cpu', 'forward', 'dissect'].map((name) => timings.get(name) as Timing);
      return [
        ratio(`target/${device}`, ofCpu.wall / forward.wall, 'the same forward pass on the CPU: times as fast', RUNS),
        ratio(`target/${device}/dissect`, dissect.wall / forward.wall, `bare forward pass with ${device}`, RUNS),
      ];
    },
  };
}
