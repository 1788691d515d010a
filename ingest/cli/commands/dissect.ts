import { Command, Option } from 'commander';
import { DEFAULT_TAU } from '../../../core/defaults.ts';
import type { Target } from '../../../core/targets.ts';
import { sweepWork } from '../../dissection/sweep-work.ts';
import type { Precision } from '../../engine/engine.ts';
import { dissectModel } from '../../tasks/dissect-model.ts';
import { labelOption } from '../labels.ts';
import { positive, share } from '../numbers.ts';
import { withSession } from '../session.ts';
import { targetNote, targetsOption } from '../targets.ts';
import { progress } from '../terminal.ts';

interface DissectOptions {
  dataset: string;
  layers: string[];
  tau: number;
  label?: string[];
  batch?: number;
  target: Target[];
  precision: Precision;
  memory: number;
}

export function dissectCommand(): Command {
  return new Command('dissect')
    .description('dissect layers of a registered model over a registered dataset; what the store has already is not computed again')
    .argument('<model>', 'slug')
    .requiredOption('--dataset <slug>', 'registered with `dataset add`')
    .requiredOption('--layers <names>', 'comma-separated names as `model layers` shows them, or `all`', (names) => names.split(','))
    .addOption(labelOption())
    .option('--tau <share>', 'share of activations above the threshold', share, DEFAULT_TAU)
    .option('--batch <images>', 'images a batch; default: what the network leaves memory for', positive)
    .addOption(targetsOption())
    .addOption(new Option('--precision <name>', 'fp16: half precision, for a GPU').choices(['fp32', 'fp16']).default('fp32'))
    .option('--memory <megabytes>', 'of activations kept in memory; the rest waits on disk', positive, 256)
    .action((model: string, options: DissectOptions, command: Command) =>
      withSession(command, async ({ store, home, terminal }) => {
        const bars = progress(terminal);
        await sweepWork(store, home);
        try {
          const dissected = await dissectModel(store, {
            model,
            dataset: options.dataset,
            layers: options.layers,
            tau: options.tau,
            ...(options.label && { labels: options.label }),
            ...(options.batch !== undefined && { batchSize: options.batch }),
            targets: options.target,
            precision: options.precision,
            onStart: (device, passedOver) => terminal.note(targetNote(device, passedOver)),
            memory: options.memory * 2 ** 20,
            home,
            onProgress: (phase, images, of) => bars.show(phase, images, of),
          });
          bars.stop();
          const lines = dissected.map(({ layer, id, computed }) => `${layer}: dissection ${id}${computed ? '' : ' (already stored)'}`);
          terminal.result({ model, dissections: dissected }, lines.join('\n'));
        } finally {
          bars.stop();
        }
      }),
    );
}
