import type { Model } from '../../../prisma/generated/client.ts';
import type { Store } from '../../../store/store.ts';
import { type OpenedLayer, openLayer, type Where } from './opened-layer.ts';

/** Layers kept ready to run, so that the next image need not wait for its network to be opened. */
export interface OpenedLayers {
  get(model: Model, layer: string): Promise<OpenedLayer>;
  close(): Promise<void>;
}

/** Networks that stay in memory at once; the one that was not asked for the longest goes first. */
const MOST = 4;

export function openedLayers(store: Store, where: Where): OpenedLayers {
  const opened = new Map<string, Promise<OpenedLayer>>();
  const closeOne = async (key: string) => {
    const one = opened.get(key);
    opened.delete(key);
    await one?.then(({ runner }) => runner.close()).catch(() => {}); // what never opened was reported to who asked for it
  };
  return {
    async get(model, layer) {
      // All that a run depends on: registered anew with other facts, it is opened anew
      const key = JSON.stringify([
        model.id,
        model.sha256,
        model.channels,
        model.mean,
        model.std,
        model.resize,
        model.tokens,
        model.inputs,
        layer,
      ]);
      const ready = opened.get(key) ?? openLayer(store, model.slug, layer, where);
      opened.delete(key);
      opened.set(key, ready);
      if (opened.size > MOST) await closeOne(opened.keys().next().value as string);
      ready.catch(() => opened.delete(key));
      return ready;
    },
    async close() {
      for (const key of opened.keys()) await closeOne(key);
    },
  };
}
