import { Command } from 'commander';
import { withSession } from '../session.ts';
import { table } from '../terminal.ts';

export function statusCommand(): Command {
  return new Command('status').description('what the store holds').action((_options: object, command: Command) =>
    withSession(command, async ({ store, terminal }) => {
      const datasets = await store.prisma.dataset.findMany({
        orderBy: { slug: 'asc' },
        include: { _count: { select: { concepts: true } } },
      });
      const models = await store.prisma.model.findMany({ orderBy: { slug: 'asc' }, include: { _count: { select: { layers: true } } } });
      const dissections = await store.prisma.dissection.findMany({
        where: { current: true },
        orderBy: { id: 'asc' },
        include: { dataset: true, layer: { include: { model: true } } },
      });
      const value = {
        store: store.cluster,
        datasets: datasets.map(({ slug, path, imageCount, _count }) => ({ slug, path, images: imageCount, concepts: _count.concepts })),
        models: models.map(({ slug, path, format, _count }) => ({ slug, path, format, layers: _count.layers })),
        dissections: dissections.map(({ id, layer, dataset, tau, basis, createdAt }) => ({
          id,
          model: layer.model.slug,
          layer: layer.name,
          dataset: dataset.slug,
          tau,
          basis,
          createdAt,
        })),
      };
      const text = [
        table(
          ['DATASET', 'IMAGES', 'CONCEPTS', 'FOLDER'],
          value.datasets.map((d) => [d.slug, d.images, d.concepts, d.path ?? '-']),
        ),
        table(
          ['MODEL', 'LAYERS', 'FILE'],
          value.models.map((m) => [m.slug, m.layers, m.path ?? '-']),
        ),
        table(
          ['DISSECTION', 'MODEL', 'LAYER', 'DATASET', 'TAU', 'BASIS', 'CREATED'],
          value.dissections.map((d) => [d.id, d.model, d.layer, d.dataset, d.tau, d.basis, d.createdAt.toISOString()]),
        ),
        `The store: ${store.cluster}`,
      ].join('\n\n');
      terminal.result(value, text);
    }),
  );
}
