import { Command } from 'commander';
import { importTally } from '../../tasks/netdissect/import-tally.ts';
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
