import path from 'node:path';
import { Command } from 'commander';
import { DEFAULT_TAU } from '../../../core/defaults.ts';
import { DissectoryError } from '../../../core/errors.ts';
import type { Target } from '../../../core/targets.ts';
import { isObjectUrl } from '../../../store/objects/url.ts';
import { type JobQueue, openQueue } from '../../../store/queue/open.ts';
import type { JobRequest } from '../../../store/queue/payload.ts';
import { listSchedules, removeSchedule, setSchedule } from '../../../store/queue/schedule.ts';
import { requireScannable } from '../../tasks/watch/require-scannable.ts';
import { type Session, withSession } from '../session.ts';
import { targetOption } from '../targets.ts';
import { table } from '../terminal.ts';
import { type ScanOptions, scanOf, scanOptions } from './watch.ts';

interface When {
  cron: string;
  tz: string;
}

interface SeriesOptions {
  dataset: string;
  layers: string[];
  target?: Target;
}

export function scheduleCommand(): Command {
  const scan = timed(scanOptions(new Command('scan')))
    .description('look into a folder for new checkpoints, as `watch` does, at set times')
    .argument('<name>', 'of the schedule; one of the same name is replaced')
    .argument('<place>', 'folder, or folder and pattern, on the worker’s machine, or s3:// URL of such')
    .action((name: string, place: string, { cron, tz, ...asked }: ScanOptions & When, command: Command) =>
      withQueue(command, async (queue, { terminal }) => {
        const payload = scanOf(isObjectUrl(place) ? place : path.resolve(place), asked);
        await requireScannable(queue.store, payload);
        await setSchedule(queue, { name, cron, tz, request: { kind: 'SCAN', payload } });
        terminal.result({ name, cron, tz }, `${name}: set`);
      }),
    );
  const series = timed(new Command('series'))
    .description('dissect every checkpoint of a series at set times; what is stored already is not computed again')
    .argument('<name>', 'of the schedule; one of the same name is replaced')
    .argument('<series>', 'slug')
    .requiredOption('--dataset <slug>', 'registered with `dataset add`')
    .requiredOption('--layers <names>', 'comma-separated names, or `all`', (names) => names.split(','))
    .addOption(targetOption())
    .action((name: string, slug: string, { cron, tz, target, ...asked }: When & SeriesOptions, command: Command) =>
      withQueue(command, async (queue, { terminal }) => {
        const payload = { series: slug, tau: DEFAULT_TAU, ...asked, ...(target && { runsOn: target }) };
        const request: JobRequest = { kind: 'DISSECT_SERIES', payload };
        await setSchedule(queue, { name, cron, tz, request });
        terminal.result({ name, cron, tz }, `${name}: set`);
      }),
    );
  const list = new Command('list').description('what is done at set times').action((_options: object, command: Command) =>
    withQueue(command, async (queue, { terminal }) => {
      const schedules = await listSchedules(queue);
      const rows = schedules.map(({ name, cron, tz, request: { kind, payload } }) => [
        name,
        cron,
        tz,
        kind.toLowerCase(),
        JSON.stringify(payload),
      ]);
      terminal.result(schedules, table(['NAME', 'CRON', 'TIME ZONE', 'KIND', 'WHAT'], rows));
    }),
  );
  const remove = new Command('remove')
    .description('remove a schedule; jobs that it led to stay')
    .argument('<name>')
    .action((name: string, _options: object, command: Command) =>
      withQueue(command, async (queue, { terminal }) => {
        if (!(await removeSchedule(queue, name)))
          throw new DissectoryError('NOT_FOUND', `There is no schedule "${name}": \`dissectory schedule list\` shows those that exist.`);
        terminal.result({ name }, `${name}: removed`);
      }),
    );
  const add = new Command('add').description('do something at set times').addCommand(scan).addCommand(series);
  return new Command('schedule').description('what workers do at set times').addCommand(add).addCommand(list).addCommand(remove);
}

function timed(command: Command): Command {
  return command
    .requiredOption('--cron <expression>', 'minute hour day month weekday, such as "0 3 * * *" for three at night')
    .option('--tz <zone>', 'time zone of the expression, such as Europe/Zurich', 'UTC');
}

function withQueue(command: Command, work: (queue: JobQueue, session: Session) => Promise<void>): Promise<void> {
  return withSession(command, async (session) => {
    const queue = await openQueue(session.store, 'client');
    try {
      await work(queue, session);
    } finally {
      await queue.close();
    }
  });
}
