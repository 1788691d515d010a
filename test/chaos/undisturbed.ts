import { addDataset } from '../../ingest/tasks/add-dataset.ts';
import { addModel } from '../../ingest/tasks/add-model.ts';
import { dissectModel } from '../../ingest/tasks/dissect-model.ts';
import type { Store } from '../../store/store.ts';
import { contentOf } from '../ingest/content.ts';

/** What one process dissects that nothing disturbs: the content by model sha256 and layer. */
export async function undisturbed(
  store: Store,
  home: string,
  { checkpoints, dataset, layers }: { checkpoints: readonly string[]; dataset: string; layers: readonly string[] },
): Promise<Map<string, unknown>> {
  await addDataset(store, dataset, { slug: 'chaos' });
  const contents = new Map<string, unknown>();
  for (const [i, file] of checkpoints.entries()) {
    const { model } = await addModel(store, file, { slug: `checkpoint-${i}` });
    const asked = { model: model.slug, dataset: 'chaos', layers, tau: 0.005, memory: 2 ** 30, home, onProgress: () => {} };
    for (const { layer, id } of await dissectModel(store, asked)) contents.set(`${model.sha256} ${layer}`, await contentOf(store, id));
  }
  return contents;
}

/** The same of all that a store holds. */
export async function contentsOf(store: Store): Promise<Map<string, unknown>> {
  const dissections = await store.prisma.dissection.findMany({ include: { layer: { include: { model: true } } } });
  const contents = new Map<string, unknown>();
  for (const { id, layer } of dissections) contents.set(`${layer.model.sha256} ${layer.name}`, await contentOf(store, id));
  return contents;
}
