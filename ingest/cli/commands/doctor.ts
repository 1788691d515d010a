import { Command } from 'commander';
import { dissectoryHome } from '../../../store/home.ts';
import { foldersOf } from '../../jobs/allowed-folders.ts';
import { examine, type Finding } from '../../tasks/doctor.ts';
import { terminalOf } from '../session.ts';
import { table } from '../terminal.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { good: 'ok', note: 'note', bad: 'BAD' };

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'look at store, folders, engines and disk as every command finds them, and say what to do; status 1 where something is bad',
    )
    .action(async (_options: object, command: Command) => {
      const findings = await examine(dissectoryHome(), foldersOf(process.env.DISSECTORY_FOLDERS));
      const text = table(
        ['', 'WHAT', 'FOUND'],
        findings.map(({ what, state, says }) => [MARKS[state], what, says]),
      );
      terminalOf(command).result({ findings }, text);
      if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1;
    });
}
