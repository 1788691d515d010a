import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DissectoryError } from '../../../core/errors.ts';
import { Supervision } from '../../../prisma/generated/enums.ts';
import { isObjectUrl } from '../../../store/objects/url.ts';
import type { LayerInfo, Network } from '../../engine/engine.ts';
import { openNetwork } from '../../engine/open.ts';
import { readCard } from '../../engine/read-card.ts';
import { modelHere } from '../../registered/model-here.ts';
import { openModel } from '../../registered/registered.ts';
import { type AddModelOptions, addModel } from '../../tasks/add-model.ts';
import { terminalOf, withSession } from '../session.ts';
import { table } from '../terminal.ts';

export function modelCommand(): Command {
  const add = new Command('add')
    .description('register a model file; its facts come from the model card beside it (NAME.json), flags override it')
    .argument('<file>', '.onnx file, or the model.json of a TensorFlow.js model; path or s3:// URL')
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
    .option('--mean <numbers>', 'of pixel / 255, one for each channel (R,G,B) or one for all', channelwise)
    .option('--std <numbers>', 'of pixel / 255, as --mean', channelwise)
    .option('--output <name>', "the output whose values are the classes' scores, where the network has several")
    .option('--classes <names>', 'comma-separated, in the order of the outputs', (text) => text.split(','))
    .action((file: string, options: AddModelOptions, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const { model, network, notes } = await addModel(store, file, options);
        for (const note of notes) terminal.note(note);
        const listed = network.layers.filter((layer) => layer.listed);
        terminal.result(
          { slug: model.slug, sha256: model.sha256, layers: listed.map(({ name }) => name) },
          `${model.slug}: layers ${listed.map(({ name, units }) => `${name} (${units} units)`).join(', ')}`,
        );
      }),
    );
  const layers = new Command('layers')
    .description('the layers of a model file or a registered model: names, units, grid, receptive field')
    .argument('<model>', 'file, s3:// URL or slug')
    .option('--all', 'every tensor, not only what `--layers all` means')
    .action(async (model: string, { all = false }: { all?: boolean }, command: Command) => {
      const network = existsSync(model) || isObjectUrl(model) ? await openFile(model) : await openSlug(model, command);
      const { layers, unreadable, channels, inputHeight, inputWidth } = network;
      const colours = channels === 'GREY' ? 'grey' : channels;
      terminalOf(command).note(`Takes ${colours} images of ${inputHeight} x ${inputWidth} pixels (height x width).`);
      for (const note of network.notes) terminalOf(command).note(note);
      const shown = layers.filter(({ listed }) => all || listed);
      const others = all ? unreadable : [];
      terminalOf(command).result(
        [...shown.map((layer) => ({ ...layer, dissectable: true })), ...others.map((tensor) => ({ ...tensor, dissectable: false }))],
        [layerTable(shown), ...others.map(({ name, operator, why }) => `${name} (${operator}) cannot be dissected: it ${why}.`)].join('\n'),
      );
    });
  return new Command('model').description('networks').addCommand(add).addCommand(layers);
}

async function openFile(model: string): Promise<Network> {
  const here = await modelHere(model);
  const card = await readCard(here);
  return openNetwork(here, { ...card, classes: card.facts.classes?.length });
}

async function openSlug(slug: string, command: Command): Promise<Network> {
  let network: Network | null = null;
  await withSession(command, async ({ store }) => {
    const known = await store.prisma.model.findUnique({ where: { slug } });
    if (!known?.path) throw new DissectoryError('NOT_FOUND', `${slug} is neither a file nor the slug of a registered model with a file.`);
    network = (await openModel(store, slug)).network;
  });
  if (!network) throw new Error('the session ended before its work');
  return network;
}

/**
 * A layer of kind `vector` sees the whole image; where a map's field is `?`, the graph does not say it and the grid is
 * spread evenly.
 */
function layerTable(layers: readonly LayerInfo[]): string {
  return table(
    ['LAYER', 'KIND', 'OPERATOR', 'UNITS', 'GRID', 'FIELD', 'STRIDE', 'OFFSET', 'NODE', 'TENSOR', 'ALSO'],
    layers.map(({ name, kind, operator, units, grid, receptiveField: field, node, tensor, aliases }) => [
      name,
      kind,
      operator,
      units,
      `${grid.height}x${grid.width}`,
      field ? `${field.height}x${field.width}` : kind === 'vector' ? 'whole image' : '?',
      pair(grid.strideY, grid.strideX),
      pair(grid.offsetY, grid.offsetX),
      node,
      tensor,
      aliases.join(' '),
    ]),
  );
}

const pair = (y: number, x: number) => (y === x ? rounded(y) : `${rounded(y)},${rounded(x)}`);

const rounded = (value: number) => String(Number(value.toFixed(3)));

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

function channelwise(text: string): number[] {
  const values = text.split(',').map(number);
  if (values.length !== 1 && values.length !== 3) throw new InvalidArgumentError('It must be one number, or three: R,G,B.');
  return values;
}
