import { Command, Option } from 'commander';
import type { Target } from '../../../core/targets.ts';
import { ablateModel } from '../../tasks/ablate-model.ts';
import { positive } from '../numbers.ts';
import { withSession } from '../session.ts';
import { targetsOption } from '../targets.ts';
import { progress, table } from '../terminal.ts';

interface AblateOptions {
  images: string;
  layer?: string;
  head?: number;
  target: Target[];
}

/** Units named for each class. */
const TOP = 3;

export function ablateCommand(): Command {
  return new Command('ablate')
    .description('find out which units matter to which class: by how much its score and accuracy fall when a unit is zeroed')
    .argument('<model>', 'slug')
    .requiredOption('--images <slug>', 'registered with `images add`; its test images count')
    .option('--layer <name>', "as `model layers` shows it; default: what the network's own head stands on")
    .addOption(new Option('--head <number>', 'a linear head, as `classify` shows them').argParser(positive).conflicts('layer'))
    .addOption(targetsOption())
    .action((model: string, { target, ...options }: AblateOptions, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const bars = progress(terminal);
        try {
          const onProgress = (done: number, of: number) => bars.show('ablate', done, of);
          const ablated = await ablateModel(store, { model, ...options, targets: target, onProgress });
          bars.stop();
          const where = { ablationId: ablated.id };
          const classes = await store.prisma.ablationClass.findMany({ where, orderBy: { index: 'asc' } });
          const { id, method, layer, computed } = ablated;
          const heading = `${layer}: ablation ${id}, ${method.toLowerCase()}${computed ? '' : ' (already stored)'}`;
          const rows = classes.map(({ name, imageCount, scoreDrops }) => [name, imageCount, ...mostImportant(scoreDrops)]);
          const columns = Array.from({ length: TOP }, (_, i) => `UNIT ${i + 1} (SCORE)`);
          terminal.result({ model, ...ablated, classes }, `${heading}\n${table(['CLASS', 'IMAGES', ...columns], rows)}`);
        } finally {
          bars.stop();
        }
      }),
    );
}

function mostImportant(drops: readonly number[]): string[] {
  const units = Array.from(drops.keys()).sort((a, b) => drops[b] - drops[a]);
  return units.slice(0, TOP).map((unit) => `${unit} (${drops[unit].toFixed(2)})`);
}
