import { Command, Option } from 'commander';
import { checkDense } from '../../dataset/check.ts';
import { describeFault, type Fault } from '../../dataset/fault.ts';
import { formats } from '../../dataset/formats.ts';
import { datasetHere } from '../../registered/dataset-here.ts';
import { addDataset } from '../../tasks/add-dataset.ts';
import { datasetStats } from '../../tasks/dataset-stats.ts';
import { indexDataset } from '../../tasks/index-dataset.ts';
import { terminalOf, withSession } from '../session.ts';
import { counted, progress, table } from '../terminal.ts';

const formatOption = () => new Option('--format <format>', 'default: recognised').choices(formats.map(({ name }) => name));

export function datasetCommand(): Command {
  const add = new Command('add')
    .description('register a densely labelled dataset')
    .argument('<dir>', 'folder or s3:// URL of the dataset')
    .requiredOption('--slug <slug>', 'short name to call it by')
    .option('--name <name>', 'default: the slug')
    .addOption(formatOption())
    .action((dir: string, options: { slug: string; name?: string; format?: string }, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const bars = progress(terminal);
        const fetching = { onProgress: (files: number, of: number) => bars.show('fetch', files, of) };
        const onSurvey = (images: number, of: number) => bars.show('read labels', images, of);
        const { slug, sha256, imageCount } = await addDataset(store, dir, options, fetching, onSurvey).finally(bars.stop);
        const concepts = await store.prisma.concept.count({ where: { dataset: { slug } } });
        terminal.result({ slug, sha256, images: imageCount, concepts }, `${slug}: ${imageCount} images, ${concepts} concepts`);
      }),
    );
  const check = new Command('check')
    .description('read everything in a dataset and report every fault with file and row')
    .argument('<dir>', 'folder or s3:// URL of the dataset')
    .addOption(formatOption())
    .action(async (dir: string, options: { format?: string }, command: Command) => {
      const terminal = terminalOf(command);
      const bars = progress(terminal);
      const faults: Fault[] = [];
      try {
        const copying = { onProgress: (files: number, of: number) => bars.show('fetch', files, of) };
        const { root, format } = await datasetHere(dir, { format: options.format, copying });
        for await (const fault of checkDense(format, root, (done, total) => bars.show('check', done, total))) faults.push(fault);
      } finally {
        bars.stop();
      }
      const lines = faults.map(describeFault);
      terminal.result(
        { dir, faults },
        [...lines, faults.length === 0 ? `${dir}: no fault` : `${dir}: ${counted(faults.length, 'fault')}`].join('\n'),
      );
      if (faults.length > 0) process.exitCode = 1;
    });
  const index = new Command('index')
    .description(
      'write down which images hold each concept, and what its pixels look like: for queries by concept and comparisons of concepts',
    )
    .argument('<slug>', 'registered with `dataset add`')
    .action((slug: string, _options: object, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const bars = progress(terminal);
        try {
          const written = await indexDataset(store, slug, (done, of) => bars.show('index', done, of));
          bars.stop();
          terminal.result({ slug, written }, `${slug}: ${written ? 'indexed' : 'already indexed'}`);
        } finally {
          bars.stop();
        }
      }),
    );
  const stats = new Command('stats')
    .description('classes of each category, and the images that carry one on average (the paper’s Table 1)')
    .argument('<slug>', 'registered with `dataset add`')
    .action((slug: string, _options: object, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const rows = await datasetStats(store, slug);
        const cells = rows.map((row) => [row.category, row.classes, row.averageSample?.toFixed(1) ?? '-']);
        terminal.result(rows, table(['CATEGORY', 'CLASSES', 'AVG SAMPLE'], cells));
      }),
    );
  return new Command('dataset')
    .description('densely labelled datasets')
    .addCommand(add)
    .addCommand(check)
    .addCommand(index)
    .addCommand(stats);
}
