import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DissectoryError } from '../../../prisma/errors.ts';
import { Supervision } from '../../../prisma/generated/enums.ts';
import { type AddModelOptions, addModel } from '../../add-model.ts';
import type { LayerInfo } from '../../engine/engine.ts';
import { openNetwork } from '../../engine/open.ts';
import { readCard } from '../../engine/read-card.ts';
import { terminalOf, withSession } from '../session.ts';
import { table } from '../terminal.ts';

export function modelCommand(): Command {
  const add = new Command('add')
    .description('register a model file; its facts come from the model card beside it (NAME.json), flags override it')
    .argument('<file>', '.onnx file, or the model.json of a TensorFlow.js model')
    .requiredOption('--slug <slug>', 'short name to call it by')
    .option('--card <file>', 'model card, where it does not lie beside the model')
    .option('--name <name>')
    .option('--architecture <name>')
    .option('--training-data <name>', 'what it was trained on')
    .addOption(
      new Option('--supervision <kind>').choices(Object.keys(SUPERVISIONS)).argParser((text) => {
        const known = SUPERVISIONS[text.toLowerCase()];
        if (!known) throw new InvalidArgumentError(`Allowed choices are ${Object.keys(SUPERVISIONS).join(', ')}.`);
        return known;
      }),
    )
    .option('--task <name>', 'the self-supervised task')
    .option('--series <slug>', 'training run whose checkpoint it is')
    .option('--iteration <steps>', 'training steps until this checkpoint', wholeNumber)
    .option('--accuracy <share>', '0 to 1', number)
    .option('--mean <r,g,b>', 'of pixel / 255', triple)
    .option('--std <r,g,b>', 'of pixel / 255', triple)
    .option('--classes <names>', 'comma-separated, in the order of the outputs', (text) => text.split(','))
    .action((file: string, options: AddModelOptions, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const { model, network } = await addModel(store, file, options);
        const listed = network.layers.filter((layer) => layer.listed);
        terminal.result(
          { slug: model.slug, sha256: model.sha256, layers: listed.map(({ name }) => name) },
          `${model.slug}: layers ${listed.map(({ name, units }) => `${name} (${units} units)`).join(', ')}`,
        );
      }),
    );
  const layers = new Command('layers')
    .description('the layers of a model file or a registered model: names, units, grid, receptive field')
    .argument('<model>', 'file or slug')
    .option('--all', 'every tensor that can be dissected, not only what `--layers all` means')
    .action(async (model: string, { all }: { all?: boolean }, command: Command) => {
      const found = existsSync(model) ? await layersOf(model) : await layersOfSlug(model, command);
      const shown = all ? found : found.filter(({ listed }) => listed);
      terminalOf(command).result(shown, layerTable(shown));
    });
  return new Command('model').description('networks').addCommand(add).addCommand(layers);
}

async function layersOf(file: string): Promise<readonly LayerInfo[]> {
  const { inputSize } = await readCard(file);
  return (await openNetwork(file, { inputSize })).layers;
}

async function layersOfSlug(slug: string, command: Command): Promise<readonly LayerInfo[]> {
  let path: string | null | undefined;
  await withSession(command, async ({ store }) => {
    path = (await store.prisma.model.findUnique({ where: { slug } }))?.path;
  });
  if (!path) throw new DissectoryError('NOT_FOUND', `${slug} is neither a file nor the slug of a registered model with a file.`);
  return layersOf(path);
}

function layerTable(layers: readonly LayerInfo[]): string {
  return table(
    ['LAYER', 'OPERATOR', 'UNITS', 'GRID', 'FIELD', 'STRIDE', 'OFFSET', 'NODE', 'TENSOR', 'ALSO'],
    layers.map(({ name, operator, units, grid, receptiveField: field, node, tensor, aliases }) => [
      name,
      operator,
      units,
      `${grid.height}x${grid.width}`,
      field ? `${field.height}x${field.width}` : 'whole image',
      pair(grid.strideY, grid.strideX),
      pair(grid.offsetY, grid.offsetX),
      node,
      tensor,
      aliases.join(' '),
    ]),
  );
}

const pair = (y: number, x: number) => (y === x ? String(y) : `${y},${x}`);

const SUPERVISIONS: Readonly<Record<string, Supervision>> = {
  supervised: Supervision.SUPERVISED,
  'self-supervised': Supervision.SELF_SUPERVISED,
  none: Supervision.NONE,
};

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

function triple(text: string): [number, number, number] {
  const values = text.split(',').map(number);
  if (values.length !== 3) throw new InvalidArgumentError('It must be three numbers: R,G,B.');
  return [values[0], values[1], values[2]];
}
