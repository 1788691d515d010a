import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { DEFAULT_MIN_IOU, DEFAULT_TAU } from '../../../core/defaults.ts';
import type { Store } from '../../../store/store.ts';
import type { Counting, PlotRow } from '../../tasks/export/bars.ts';
import { exportExperiment, exportTauCurves } from '../../tasks/export/experiment.ts';
import { checkpointsOf, exportLayers } from '../../tasks/export/layers.ts';
import { exportChanges, exportConcepts, exportIouSweep } from '../../tasks/export/units.ts';
import { exportDissection } from '../../tasks/export-dissection.ts';
import { writeTally } from '../../tasks/netdissect/write-tally.ts';
import { findByName } from '../find-dissection.ts';
import { numberList, positive, share, whole } from '../numbers.ts';
import { withSession } from '../session.ts';
import { counted } from '../terminal.ts';

export function exportCommand(): Command {
  return new Command('export')
    .addOption(
      new Option('--format <format>', 'of a dissection, csv: the columns of NetDissect’s tally.csv, json: everything stored')
        .choices(['csv', 'json'])
        .default('csv'),
    )
    .option('--output <file>', 'instead of standard output')
    .description('write a dissection out, one row a unit; or, by a command below, results ready to plot, one row a bar or point')
    .argument('<dissection>', 'its number as `dissectory status` shows it, or MODEL/LAYER')
    .action((name: string, _options: object, command: Command) =>
      withText(command, async (store, { format }) => {
        const id = await findByName(store, name);
        const text = format === 'csv' ? await writeTally(store, id) : `${JSON.stringify(await exportDissection(store, id), null, 2)}\n`;
        return { text, of: { dissection: id }, said: `dissection ${id}` };
      }),
    )
    .addCommand(
      plotted('experiment')
        .description(
          'a rotation: unique detectors against alpha; a sweep: against tau, by category; with --unit, that unit’s IoU against tau',
        )
        .argument('<experiment>', 'its number', positive)
        .option('--unit <index>', 'from 0', whole)
        .action((id: number, options: PlotOptions & { unit?: number }, command: Command) =>
          withRows(command, (store) =>
            options.unit === undefined ? exportExperiment(store, id, options) : exportTauCurves(store, id, options.unit),
          ),
        ),
    )
    .addCommand(
      layered('layers', false)
        .description('unique detectors by category of each model’s layer, with what is known of the model')
        .argument('<models...>', 'slugs')
        .action((models: string[], options: LayerOptions, command: Command) =>
          withRows(command, (store) => exportLayers(store, models, { ...options, layer: options.layer ?? null })),
        ),
    )
    .addCommand(
      layered('series', true)
        .description('unique detectors by category of each checkpoint of a series')
        .argument('<series>', 'slug')
        .action((series: string, options: LayerOptions, command: Command) =>
          withRows(command, async (store) =>
            exportLayers(store, await checkpointsOf(store, series), { ...options, layer: options.layer ?? null }),
          ),
        ),
    )
    .addCommand(
      plotted('changes')
        .description('what became of each unit between two dissections, such as before and after fine-tuning')
        .argument('<before>', 'number or MODEL/LAYER')
        .argument('<after>', 'number or MODEL/LAYER')
        .action((before: string, after: string, options: PlotOptions, command: Command) =>
          withRows(command, async (store) =>
            exportChanges(store, await findByName(store, before), await findByName(store, after), options),
          ),
        ),
    )
    .addCommand(
      plotted('concepts')
        .description('the number of detectors of each concept, and their mean IoU')
        .argument('<dissection>', 'number or MODEL/LAYER')
        .action((name: string, options: PlotOptions, command: Command) =>
          withRows(command, async (store) => exportConcepts(store, await findByName(store, name), options)),
        ),
    )
    .addCommand(
      plotted('iou-sweep')
        .description('detectors and unique detectors at several thresholds of IoU')
        .argument('<dissection>', 'number or MODEL/LAYER')
        .option(
          '--min-ious <list>',
          'thresholds',
          numberList('each from 0 to 1', (iou) => iou >= 0 && iou <= 1),
          DEFAULT_SWEEP,
        )
        .action((name: string, options: PlotOptions & { minIous: number[] }, command: Command) =>
          withRows(command, async (store) => exportIouSweep(store, await findByName(store, name), options.minIous, options)),
        ),
    );
}

const DEFAULT_SWEEP = Array.from({ length: 31 }, (_, i) => i / 100);

interface OutputOptions {
  format: 'csv' | 'json';
  output?: string;
}

type PlotOptions = Counting;
type LayerOptions = PlotOptions & { dataset: string; tau: number; layer?: string };

const plotted = (name: string) =>
  new Command(name)
    .configureHelp({ showGlobalOptions: true })
    .option('--min-iou <iou>', 'IoU above which a unit is a detector', share, DEFAULT_MIN_IOU)
    .addOption(new Option('--rule <rule>', 'how unique detectors are counted').choices(['TOP_LABEL', 'PER_CATEGORY']).default('TOP_LABEL'));

function layered(name: string, layerIsRequired: boolean): Command {
  const layer = new Option('--layer <name>', layerIsRequired ? 'as `model layers` shows it' : 'default: the deepest dissected one of each');
  return plotted(name)
    .requiredOption('--dataset <slug>', 'that they were dissected over')
    .option('--tau <share>', 'that they were dissected at', share, DEFAULT_TAU)
    .addOption(layer.makeOptionMandatory(layerIsRequired));
}

/** Format and output are options of `export` itself. */
const withRows = (command: Command, rows: (store: Store) => Promise<readonly PlotRow[]>) =>
  withText(command, async (store, { format }) => {
    const found = await rows(store);
    const text = format === 'csv' ? stringify([...found], { header: true }) : `${JSON.stringify(found, null, 2)}\n`;
    return { text, of: { rows: found.length }, said: counted(found.length, 'row') };
  });

interface Written {
  text: string;
  /** For machines. */
  of: object;
  /** For people. */
  said: string;
}

function withText(command: Command, write: (store: Store, options: OutputOptions) => Promise<Written>): Promise<void> {
  const options = command.optsWithGlobals<OutputOptions>();
  const { output } = options;
  return withSession(command, async ({ store, terminal }) => {
    const { text, of, said } = await write(store, options);
    if (output === undefined) {
      process.stdout.write(text);
      return;
    }
    await writeFile(output, text);
    terminal.result({ ...of, output }, `Wrote ${said} to ${output}.`);
  });
}
