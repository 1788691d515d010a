import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Store } from '../../store/store.ts';
import { startWith } from '../ingest/cli/dissectory.ts';

/** Workers as processes of their own, each replaced as soon as it has ended, as a supervisor would. */
export interface Fleet {
  /** Kills -9 a worker that has a job in hand, and says which job it was; null where none has. */
  killOne(random: () => number): Promise<{ job: number; attempts: number } | null>;
  /** What the workers logged, all together. */
  log(): string;
  /** What workers said last that ended by themselves. */
  gaveUp(): readonly string[];
  /** Ends them with SIGTERM. Their exit codes. */
  stop(): Promise<(number | null)[]>;
}

export function startFleet(store: Store, env: Readonly<Record<string, string>>, size: number): Fleet {
  let log = '';
  let stopping = false;
  const gaveUp: string[] = [];
  const start = (place: number): ChildProcess => {
    let said = '';
    const worker = startWith({ ...env, DISSECTORY_LOG_LEVEL: 'info' }, ['worker']);
    for (const stream of [worker.stdout, worker.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        said = text;
      });
    worker.once('exit', (code) => {
      if (stopping) return;
      if (code !== null) gaveUp.push(said.trim());
      workers[place] = start(place);
    });
    return worker;
  };
  const workers: ChildProcess[] = [];
  for (let place = 0; place < size; place++) workers.push(start(place));
  return {
    async killOne(random) {
      const running = await store.prisma.job.findMany({ where: { state: 'RUNNING' } });
      const atWork = running.flatMap(({ id, attempts, worker: name }) => {
        const place = workers.findIndex(({ pid }) => name?.endsWith(`:${pid}`));
        return place < 0 ? [] : [{ place, job: id, attempts }];
      });
      if (atWork.length === 0) return null;
      const { place, ...hit } = atWork[Math.floor(random() * atWork.length)];
      workers[place].kill('SIGKILL');
      return hit;
    },
    log: () => log,
    gaveUp: () => gaveUp,
    stop: () => {
      stopping = true;
      return Promise.all(
        workers.map(async (worker) => {
          if (worker.exitCode !== null) return worker.exitCode;
          worker.kill('SIGTERM');
          return (await once(worker, 'exit'))[0] as number | null;
        }),
      );
    },
  };
}
