import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { exportDissection } from '../../export-dissection.ts';
import { importTally } from '../../netdissect/import-tally.ts';
import { writeTally } from '../../netdissect/write-tally.ts';
import { findByName } from '../find-dissection.ts';
import { withSession } from '../session.ts';

export function importCommand(): Command {
  const netdissect = new Command('netdissect')
    .description('import the tally.csv of NetDissect or NetDissect-Lite as the dissection of one layer')
    .argument('<csv>', 'tally.csv; its `unit` column counts from 1')
    .requiredOption('--model <slug>', 'model that the units belong to; registered without a file where it is new')
    .requiredOption('--layer <name>', 'layer that the units belong to')
    .option('--dataset <slug>', 'dataset that the labels belong to; registered without a folder where it is new', 'broden')
    .action((csv: string, options: { model: string; layer: string; dataset: string }, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const imported = await importTally(store, { file: csv, ...options });
        const verb = imported.created ? 'imported' : 'already there';
        terminal.result(imported, `${options.model} ${options.layer}: ${imported.units} units ${verb}, dissection ${imported.id}`);
      }),
    );
  return new Command('import').description('take in published results').addCommand(netdissect);
}

export function exportCommand(): Command {
  return new Command('export')
    .description('write a dissection out, one row a unit')
    .argument('<dissection>', 'its number as `dissectory status` shows it, or MODEL/LAYER')
    .addOption(
      new Option('--format <format>', 'csv: the columns of NetDissect’s tally.csv; json: everything stored')
        .choices(['csv', 'json'])
        .default('csv'),
    )
    .option('--output <file>', 'instead of standard output')
    .action((name: string, { format, output }: { format: 'csv' | 'json'; output?: string }, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const id = await findByName(store, name);
        const text = format === 'csv' ? await writeTally(store, id) : `${JSON.stringify(await exportDissection(store, id), null, 2)}\n`;
        if (output === undefined) {
          process.stdout.write(text);
          return;
        }
        await writeFile(output, text);
        terminal.result({ dissection: id, output }, `Wrote dissection ${id} to ${output}.`);
      }),
    );
}
