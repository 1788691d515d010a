import { Command } from 'commander';
import type { Target } from '../../../core/targets.ts';
import { writeActivations } from '../../tasks/write-activations.ts';
import { positive } from '../numbers.ts';
import { withSession } from '../session.ts';
import { targetsOption } from '../targets.ts';
import { progress } from '../terminal.ts';

interface ActivationsOptions {
  layers: string[];
  images: string;
  out: string;
  batch?: number;
  target: Target[];
}

export function activationsCommand(): Command {
  return new Command('activations')
    .description('write what layers give for images, before any threshold, into NumPy files: images x units x rows x columns, float32')
    .argument('<model>', 'slug')
    .requiredOption('--layers <names>', 'comma-separated names as `model layers` shows them', (names) => names.split(','))
    .requiredOption('--images <place>', 'an image, a folder of images, or the slug of a dataset')
    .requiredOption('--out <file>', 'FILE.npy; of several layers each writes FILE.LAYER.npy')
    .option('--batch <images>', 'images a batch; default: what the network leaves memory for', positive)
    .addOption(targetsOption())
    .action((model: string, { batch, target, ...options }: ActivationsOptions, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const bars = progress(terminal);
        try {
          const onProgress = (done: number, of: number) => bars.show('activations', done, of);
          const written = await writeActivations(store, { model, ...options, targets: target, batchSize: batch, onProgress });
          bars.stop();
          const lines = written.map(({ layer, file, shape }) => `${layer}: ${file}, ${shape.join(' x ')}`);
          terminal.result({ model, activations: written }, lines.join('\n'));
        } finally {
          bars.stop();
        }
      }),
    );
}
