import type { Store } from '../../../store/store.ts';
import { type OneRunner, oneRunner } from '../../dissection/one-runner.ts';
import type { LayerInfo, Runner, RunOptions } from '../../engine/engine.ts';
import { openDataset, openModel } from '../../registered/registered.ts';
import { startChecked } from '../../registered/start-checked.ts';
import type { ShardPlan } from './plan.ts';

type OpenedModel = Awaited<ReturnType<typeof openModel>>;
type OpenedDataset = Awaited<ReturnType<typeof openDataset>>;

/** What the steps of a dissection work on, each opened when it is first asked for. */
export interface OpenedRun {
  model(): Promise<OpenedModel>;
  dataset(signal: AbortSignal): Promise<OpenedDataset>;
  /** Gives these layers of the model; see `OneRunner`. The options are the same for all steps of a dissection. */
  runner(layers: readonly LayerInfo[], options: RunOptions): Promise<Runner>;
  close(): Promise<void>;
}

export function openedRun(store: Store, plan: Pick<ShardPlan, 'model' | 'dataset'>): OpenedRun {
  let model: OpenedModel | null = null;
  let dataset: OpenedDataset | null = null;
  let runners: OneRunner | null = null;
  return {
    async model() {
      model ??= await openModel(store, plan.model);
      return model;
    },
    async dataset(signal) {
      dataset ??= await openDataset(store, plan.dataset, { signal });
      return dataset;
    },
    async runner(layers, options) {
      const { model: row, network } = await this.model();
      runners ??= oneRunner((some) => startChecked(store, row, network, some, options));
      return runners.of(layers);
    },
    close: async () => runners?.close(),
  };
}

/**
 * Keeps open between two steps of a dissection what both work on: to open a network takes about as long as a small
 * shard.
 */
export interface KeptRun {
  /** Lends what is open of this dissection to one step at a time; what a step fails over is closed. */
  lend<T>(key: string, open: () => OpenedRun, step: (opened: OpenedRun) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Until then the next step has come, or is done by others. */
const KEEP_MS = 5000;

export function keptRun(): KeptRun {
  let kept: { key: string; opened: OpenedRun; timer: NodeJS.Timeout } | null = null;
  const take = () => {
    const taken = kept;
    kept = null;
    clearTimeout(taken?.timer);
    return taken;
  };
  const close = async () => take()?.opened.close();
  return {
    async lend(key, open, step) {
      const taken = take();
      if (taken && taken.key !== key) await taken.opened.close();
      const opened = taken?.key === key ? taken.opened : open();
      try {
        const result = await step(opened);
        await close(); // of another step that was done meanwhile
        kept = { key, opened, timer: setTimeout(() => void close(), KEEP_MS) };
        return result;
      } catch (error) {
        await opened.close();
        throw error;
      }
    },
    close,
  };
}
