import { Command } from 'commander';
import type { Target } from '../../../core/targets.ts';
import { classifyModel } from '../../tasks/classify-model.ts';
import { positive } from '../numbers.ts';
import { withSession } from '../session.ts';
import { targetsOption } from '../targets.ts';
import { progress, table } from '../terminal.ts';

interface ClassifyOptions {
  images: string;
  layer?: string;
  batch?: number;
  target: Target[];
}

export function classifyCommand(): Command {
  return new Command('classify')
    .description("train a linear SVM on a layer's features of labelled images, and test it beside the network's own head")
    .argument('<model>', 'slug')
    .requiredOption('--images <slug>', 'registered with `images add`')
    .option('--layer <name>', "as `model layers` shows it; default: what the network's own head stands on, else the deepest")
    .option('--batch <images>', 'images a batch; default: what the network leaves memory for', positive)
    .addOption(targetsOption())
    .action((model: string, { batch, target, ...options }: ClassifyOptions, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const bars = progress(terminal);
        try {
          const onProgress = (phase: string, done: number, of: number) => bars.show(phase, done, of);
          const heads = await classifyModel(store, { model, ...options, targets: target, batchSize: batch, onProgress });
          bars.stop();
          const rows = heads.map((one) => [one.head, one.kind, one.layer, one.imageCount, one.accuracy.toFixed(4)]);
          terminal.result({ model, images: options.images, heads }, table(['HEAD', 'KIND', 'LAYER', 'IMAGES', 'ACCURACY'], rows));
        } finally {
          bars.stop();
        }
      }),
    );
}
