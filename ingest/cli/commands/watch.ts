import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { DEFAULT_TAU } from '../../../core/defaults.ts';
import type { Target } from '../../../core/targets.ts';
import { type JobQueue, openQueue } from '../../../store/queue/open.ts';
import type { ScanPayload } from '../../../store/queue/payload.ts';
import { requireScannable } from '../../tasks/watch/require-scannable.ts';
import { watcher } from '../../tasks/watch/watcher.ts';
import { positive, share } from '../numbers.ts';
import { withSession } from '../session.ts';
import { targetOption } from '../targets.ts';
import type { Terminal } from '../terminal.ts';
import { untilSignal } from '../until-signal.ts';

/** What `watch` and `schedule add` take alike. */
export function scanOptions(command: Command): Command {
  return command
    .requiredOption('--series <slug>', 'training run that the checkpoints belong to; made where it is new')
    .requiredOption('--dataset <slug>', 'registered with `dataset add`')
    .requiredOption('--layers <names>', 'comma-separated names as `model layers` shows them, or `all`', (names) => names.split(','))
    .option('--tau <share>', 'share of activations above the threshold', share, DEFAULT_TAU)
    .option(
      '--iteration-pattern <regexp>',
      'finds the iteration in a file’s name; default: the number at its end, and before that what its card says',
    )
    .addOption(targetOption());
}

export type ScanOptions = Omit<ScanPayload, 'place' | 'fromAfar' | 'runsOn'> & { target?: Target };

/** What a scan is asked with. */
export function scanOf(place: string, { target, ...asked }: ScanOptions): ScanPayload {
  return { place, ...asked, ...(target && { runsOn: target }) };
}

export function watchCommand(): Command {
  return scanOptions(new Command('watch'))
    .description('register each model file that appears in a folder, once it is complete, and have it dissected; until told to stop')
    .argument('<place>', 'folder, or folder and pattern such as /runs/a/net@*.onnx (in quotes), or s3:// URL of such')
    .option('--every <seconds>', 'between two looks; a file that is the same at both is complete', positive, 5)
    .action((place: string, { every, ...asked }: ScanOptions & { every: number }, command: Command) =>
      withSession(command, async ({ store, terminal, hearSignals }) => {
        hearSignals();
        const stop = untilSignal();
        const queue = await openQueue(store, 'client');
        try {
          const payload = scanOf(place, asked);
          await requireScannable(store, payload);
          await watch(queue, payload, every * 1000, stop, terminal);
        } finally {
          await queue.close();
        }
      }),
    );
}

async function watch(queue: JobQueue, payload: ScanPayload, everyMs: number, stop: AbortSignal, terminal: Terminal): Promise<void> {
  const eyes = watcher(queue, payload);
  while (!stop.aborted) {
    try {
      const { taken, refused } = await eyes.look();
      for (const one of taken)
        terminal.event(one, `${one.file}: ${one.isNew ? 'new checkpoint' : 'known as'} ${one.model}, job ${one.job}`);
      for (const { file, error } of refused) terminal.event({ file, error: messageOf(error) }, `${file}: ${messageOf(error)}`);
    } catch (error) {
      // A network disk that is away for a while, a database that restarts: the next look finds what came meanwhile
      terminal.event({ error: messageOf(error) }, messageOf(error));
    }
    await sleep(everyMs, undefined, { signal: stop }).catch(() => {});
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
