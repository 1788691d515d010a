import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_TAU } from '../../../core/defaults.ts';
import type { Target } from '../../../core/targets.ts';
import { requireTarget } from '../../../store/queue/target.ts';
import { askWorker } from '../ask-worker.ts';
import { labelOption } from '../labels.ts';
import { positive, share } from '../numbers.ts';
import { withSession } from '../session.ts';
import { targetOption } from '../targets.ts';

interface EnqueueOptions {
  dataset: string;
  layers: string[];
  tau: number;
  label?: string[];
  shards?: number;
  target?: Target;
  priority: number;
}

export function enqueueCommand(): Command {
  return new Command('enqueue')
    .description('have a worker dissect layers of a registered model, as `dissect` does here and now; `jobs` shows how far it is')
    .argument('<model>', 'slug')
    .requiredOption('--dataset <slug>', 'registered with `dataset add`')
    .requiredOption('--layers <names>', 'comma-separated names as `model layers` shows them, or `all`', (names) => names.split(','))
    .addOption(labelOption())
    .option('--tau <share>', 'share of activations above the threshold', share, DEFAULT_TAU)
    .option('--shards <number>', 'split the images into so many shards, for as many workers to share', atMostThousand)
    .addOption(targetOption())
    .option('--priority <number>', 'higher goes first', wholeNumber, 0)
    .action((model: string, options: EnqueueOptions, command: Command) =>
      withSession(command, async (session) => {
        const { priority, target, label, ...rest } = options;
        if (target) await requireTarget(session.store.prisma, model, target);
        const payload = { model, ...rest, ...(target && { runsOn: target }), ...(label && { labels: label }) };
        await askWorker(session, { kind: 'DISSECT', payload }, priority);
      }),
    );
}

function atMostThousand(text: string): number {
  const value = positive(text);
  if (value > 1000) throw new InvalidArgumentError('It must be from 1 to 1000.');
  return value;
}

function wholeNumber(text: string): number {
  if (/^-?\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}
