import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { DissectoryError } from '../../../core/errors.ts';
import type { Target } from '../../../core/targets.ts';
import { foldersOf } from '../../jobs/allowed-folders.ts';
import { serveMetrics } from '../../jobs/metrics.ts';
import type { Webhook } from '../../jobs/webhook.ts';
import { startWorker } from '../../jobs/worker.ts';
import { endWithParent } from '../end-with-parent.ts';
import { positive } from '../numbers.ts';
import { withSession } from '../session.ts';
import { targetsOption } from '../targets.ts';
import { untilSignal } from '../until-signal.ts';

interface WorkerCommandOptions {
  concurrency: number;
  target: Target[];
  memory: number;
  layersAtOnce?: number;
  metricsPort?: number;
}

export function workerCommand(): Command {
  return new Command('worker')
    .description('work off the queue until told to stop; any number of workers, on any machines that reach the database and the files')
    .option('--concurrency <dissections>', 'dissections at the same time', atMostFour, 1)
    .addOption(targetsOption())
    .option('--memory <megabytes>', 'of activations kept in memory for each dissection; the rest waits on disk', positive, 256)
    .option('--layers-at-once <layers>', 'that one forward pass reads at most; a job for more takes several passes; default: all', positive)
    .option('--metrics-port <port>', 'serve /metrics (Prometheus) and /health there', positive)
    .action((options: WorkerCommandOptions, command: Command) =>
      withSession(command, async ({ store, home, hearSignals }) => {
        hearSignals();
        const stop = untilSignal();
        endWithParent();
        const metrics = options.metricsPort === undefined ? null : await serveMetrics(options.metricsPort);
        try {
          const worker = await startWorker(store, {
            home,
            concurrency: options.concurrency,
            targets: options.target,
            memory: options.memory * 2 ** 20,
            ...(options.layersAtOnce !== undefined && { layersAtOnce: options.layersAtOnce }),
            allowedFolders: foldersOf(process.env.DISSECTORY_FOLDERS),
            webhook: webhook(),
          });
          if (!stop.aborted) await once(stop, 'abort');
          await worker.stop();
        } finally {
          metrics?.close();
        }
      }),
    );
}

/** Each needs a connection of the pool for as long as it runs. */
function atMostFour(text: string): number {
  const value = positive(text);
  if (value > 4) throw new InvalidArgumentError('It must be from 1 to 4: start more workers instead.');
  return value;
}

/** Throws BAD_INPUT where only half of what it takes is set. */
function webhook(): Webhook | null {
  const { DISSECTORY_WEBHOOK_URL: url, DISSECTORY_WEBHOOK_SECRET: secret } = process.env;
  if (!url && !secret) return null;
  if (url && secret && URL.canParse(url)) return { url, secret };
  throw new DissectoryError(
    'BAD_INPUT',
    'For a webhook set DISSECTORY_WEBHOOK_URL to an http(s) URL and DISSECTORY_WEBHOOK_SECRET to a secret that the receiver knows too.',
  );
}
