import path from 'node:path';
import { Command } from 'commander';
import { restoreDump } from '../../../store/dump/restore.ts';
import { writeDump } from '../../../store/dump/write.ts';
import { repair } from '../../../store/embedded/repair.ts';
import { dissectoryHome } from '../../../store/home.ts';
import { terminalOf, withSession } from '../session.ts';

export function storeCommand(): Command {
  const dump = new Command('dump')
    .description(
      'write all that the store holds into one new file, while others go on working: the way to back it up, and to another version',
    )
    .argument('<file>', 'such as store.dump.gz; it appears when it is whole')
    .action((file: string, _options: object, command: Command) =>
      withSession(command, async ({ store, terminal }) => {
        const tables = await writeDump(store, path.resolve(file), (name) => terminal.note(name));
        terminal.result({ file: path.resolve(file), tables }, `${file}: ${tables} tables`);
      }),
    );
  const restore = new Command('restore')
    .description('take such a file into an empty store: a new DISSECTORY_HOME, or an empty database')
    .argument('<file>', 'that `store dump` wrote')
    .action(async (file: string, _options: object, command: Command) => {
      const terminal = terminalOf(command);
      const tables = await restoreDump(path.resolve(file), { home: dissectoryHome() }, (name) => terminal.note(name));
      terminal.result({ tables }, `restored ${tables} tables`);
    });
  const mend = new Command('repair')
    .description('mend what a copy or backup of the embedded database lost, and take over what a machine left open that is gone')
    .action(async (_options: object, command: Command) => {
      const done = await repair(dissectoryHome());
      terminalOf(command).result({ done }, done.length > 0 ? done.join('\n') : 'Nothing was wrong: the database opens.');
    });
  return new Command('store').description('dump, restore and repair the store').addCommand(dump).addCommand(restore).addCommand(mend);
}
