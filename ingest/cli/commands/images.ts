import { Command } from 'commander';
import { addImages } from '../../tasks/add-images.ts';
import { withSession } from '../session.ts';

export function imagesCommand(): Command {
  const add = new Command('add')
    .description('register images by class, for `classify` and `ablate`')
    .argument('<place>', 'folder with train/CLASS/ and test/CLASS/, or a CSV with the columns path (relative to its folder), class, split')
    .requiredOption('--slug <slug>', 'short name to call them by')
    .option('--name <name>', 'default: the slug')
    .action((place: string, options: { slug: string; name?: string }, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const { slug, sha256, imageCount, classes } = await addImages(store, place, options);
        terminal.result({ slug, sha256, images: imageCount, classes }, `${slug}: ${imageCount} images of ${classes.length} classes`);
      }),
    );
  return new Command('images').description('images by class').addCommand(add);
}
