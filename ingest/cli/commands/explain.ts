import { Command } from 'commander';
import type { Target } from '../../../core/targets.ts';
import { type Explanation, explainImages } from '../../tasks/explain-images.ts';
import { positive } from '../numbers.ts';
import { withSession } from '../session.ts';
import { targetsOption } from '../targets.ts';
import { progress, table } from '../terminal.ts';

interface ExplainOptions {
  images: string;
  top: number;
  head?: number;
  class?: string;
  dataset?: string;
  batch?: number;
  target: Target[];
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('say which units a prediction comes from, and store it: score = sum of what they contribute, plus bias')
    .argument('<model>', 'slug')
    .requiredOption('--images <place>', 'an image, a folder of images, or the slug of a dataset')
    .option('--top <units>', 'how many units to name', positive, 5)
    .option(
      '--head <number>',
      "which linear head, as `classify` shows them; default: the network's own, else the SVM trained last",
      positive,
    )
    .option('--class <name>', 'the class to explain; default: the predicted one')
    .option('--dataset <slug>', 'over which the units were dissected; default: the layer’s newest dissection at tau 0.005')
    .option('--batch <images>', 'images a batch; default: what the network leaves memory for', positive)
    .addOption(targetsOption())
    .action((model: string, { batch, target, class: className, ...options }: ExplainOptions, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const bars = progress(terminal);
        try {
          const onProgress = (done: number, of: number) => bars.show('features', done, of);
          const explained = await explainImages(store, { model, ...options, targets: target, className, batchSize: batch, onProgress });
          bars.stop();
          terminal.result({ model, images: explained }, explained.map(told).join('\n\n'));
        } finally {
          bars.stop();
        }
      }),
    );
}

function told({ file, predicted, className, score, bias, units }: Explanation): string {
  const other = className === predicted ? '' : `, predicted ${predicted}`;
  const rows = units.map(({ unit, weight, activation, contribution, label, iou }) => [
    unit,
    weight.toPrecision(4),
    activation.toPrecision(4),
    contribution.toPrecision(4),
    label,
    iou?.toFixed(3),
  ]);
  const heading = `${file}: ${className} ${score.toPrecision(5)} (bias ${bias.toPrecision(4)}${other})`;
  return `${heading}\n${table(['UNIT', 'WEIGHT', 'ACTIVATION', 'CONTRIBUTION', 'LABEL', 'IOU'], rows)}`;
}
