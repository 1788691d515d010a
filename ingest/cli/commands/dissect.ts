import { Command, InvalidArgumentError } from 'commander';
import { dissectModel } from '../../dissect-model.ts';
import { withSession } from '../session.ts';
import { progress } from '../terminal.ts';

export function dissectCommand(): Command {
  return new Command('dissect')
    .description('dissect layers of a registered model over a registered dataset; what the store has already is not computed again')
    .argument('<model>', 'slug')
    .requiredOption('--dataset <slug>', 'registered with `dataset add`')
    .requiredOption('--layers <names>', 'comma-separated names as `model layers` shows them, or `all`', (names) => names.split(','))
    .option('--tau <share>', 'share of activations above the threshold', share, 0.005)
    .option('--batch <images>', 'images a batch', positive, 32)
    .option('--memory <megabytes>', 'of activations kept in memory; the rest waits on disk', positive, 1024)
    .action((model: string, options: { dataset: string; layers: string[]; tau: number; batch: number; memory: number }, command: Command) =>
      withSession(command, async ({ store, home, terminal }) => {
        const bars = progress(terminal);
        try {
          const dissected = await dissectModel(store, {
            model,
            dataset: options.dataset,
            layers: options.layers,
            tau: options.tau,
            batchSize: options.batch,
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

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must lie between 0 and 1.');
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}
