import type { Target } from '../../core/targets.ts';
import { enqueue } from '../../store/queue/enqueue.ts';
import type { JobQueue } from '../../store/queue/open.ts';
import type { RunSettings } from '../dissection/asked.ts';
import type { OpenedLayers } from '../heads/features/opened-layers.ts';
import { addDataset } from '../tasks/add-dataset.ts';
import { addModel } from '../tasks/add-model.ts';
import { dissectModel } from '../tasks/dissect-model.ts';
import { rotationExperiment } from '../tasks/experiment/rotation.ts';
import { tauSweep } from '../tasks/experiment/tau-sweep.ts';
import { explainImage } from '../tasks/explain-image.ts';
import { requireAllowed } from './allowed-folders.ts';
import { dissectInShards } from './divided/begin.ts';
import type { KeptRun } from './divided/opened.ts';
import { takeStep } from './divided/take-step.ts';
import { log } from './log.ts';
import { countImages } from './metrics.ts';
import type { ProgressWriter } from './progress.ts';
import type { JobWork } from './run-job.ts';
import { scanJob } from './scan-job.ts';

export interface WorkSettings {
  /** Holds the work of runs that are not complete; where several machines share it, one goes on where another was. */
  home: string;
  /** Where networks may compute; of an engine that none belongs to, wherever it opens. */
  targets: readonly Target[];
  /** Bytes of activations kept in memory, for each dissection. */
  memory: number;
  /** Layers that one forward pass reads at most; absent: all that a job asks for. */
  layersAtOnce?: number;
  /** Below which the API may have models and datasets registered. */
  allowedFolders: readonly string[];
}

const PHASES = { fetch: 'FETCH', waiting: 'WAITING', forward: 'FORWARD', tally: 'TALLY' } as const;

/** What each kind of job does. @param opened networks that stay open from one explanation to the next */
export function jobWork(queue: JobQueue, opened: OpenedLayers, kept: KeptRun, { allowedFolders, ...settings }: WorkSettings): JobWork {
  const { store } = queue;

  function runSettings(signal: AbortSignal, report: ProgressWriter['report'], target: Target | undefined): RunSettings {
    const counted = countImages();
    return {
      ...settings,
      ...(target && { targets: [target] }),
      signal,
      onStart: (device, passedOver) => log.info({ device, passedOver }, 'network opened'),
      onProgress: (phase, images, of) => {
        if (phase === 'forward') counted(images);
        report(PHASES[phase], images, of);
      },
    };
  }

  return async ({ kind, payload }, { job, signal, report }) => {
    switch (kind) {
      case 'DISSECT': {
        const { shards = 1, ...asked } = payload;
        const run = { ...asked, ...runSettings(signal, report, asked.runsOn) };
        if (shards > 1) return dissectInShards(queue, job, run, shards);
        return { dissections: (await dissectModel(store, run)).map(({ id }) => id) };
      }
      case 'DISSECT_SHARD': {
        const counted = countImages();
        return takeStep(queue, job, payload, settings, kept, {
          signal,
          report: (phase, done, of) => {
            if (phase === 'FORWARD') counted(done);
            report(phase, done, of);
          },
        });
      }
      case 'EXPERIMENT': {
        const run = { ...payload, ...runSettings(signal, report, payload.runsOn) };
        const { id, dissections } = run.kind === 'ROTATION' ? await rotationExperiment(store, run) : await tauSweep(store, run);
        return { experiment: id, dissections: dissections.map((one) => one.id) };
      }
      case 'EXPLAIN':
        return { model: (await explainImage(store, opened, payload)).model };
      case 'REGISTER_MODEL': {
        const { path, ...options } = payload;
        const { model } = await addModel(store, await requireAllowed(path, allowedFolders), options);
        return { model: model.id };
      }
      case 'REGISTER_DATASET': {
        const { path, ...options } = payload;
        const copying = { signal, onProgress: (files: number, of: number) => report('FETCH', files, of) };
        return { dataset: (await addDataset(store, await requireAllowed(path, allowedFolders), options, copying)).id };
      }
      case 'SCAN':
        await scanJob(queue, payload, allowedFolders, signal);
        return {};
      case 'DISSECT_SERIES': {
        const { series, ...rest } = payload;
        const models = await store.prisma.model.findMany({
          where: { series: { slug: series }, path: { not: null } },
          orderBy: { iteration: 'asc' },
        });
        for (const { slug } of models) await enqueue(queue, { kind: 'DISSECT', payload: { model: slug, ...rest } });
        return {};
      }
    }
  };
}
