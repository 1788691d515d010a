import type { PrismaClient } from '../../../prisma/generated/client.ts';
import { dissectionOf, seed, seedUnits } from './seed.ts';

const CREATED = new Date('2026-01-03T03:04:05.678Z');

/**
 * `seed`, and experiments upon it: what an indexed dataset, rotations, a sweep of tau and a person's verdict leave in
 * the store.
 */
export async function seedWithExperiments(prisma: PrismaClient, times: number): Promise<void> {
  await seed(prisma, times);
  await seedExperiments(prisma, times);
}

/** To be called after `seed`. */
export async function seedExperiments(prisma: PrismaClient, times: number): Promise<void> {
  const { id: datasetId } = await prisma.dataset.findUniqueOrThrow({ where: { slug: 'tiny' } });
  const conceptIds = (await prisma.concept.findMany({ where: { datasetId }, orderBy: { index: 'asc' } })).map(({ id }) => id);
  const imageIds = (await prisma.image.findMany({ where: { datasetId }, orderBy: { index: 'asc' } })).map(({ id }) => id);
  await seedIndex(prisma, conceptIds, imageIds);

  const layers = await prisma.layer.findMany({
    where: { name: 'conv1', model: { slug: { startsWith: 'run-' }, iteration: 1000 } },
    orderBy: { id: 'asc' },
  });
  for (const { id: layerId } of layers) {
    const made = { layerId, datasetId, createdAt: CREATED };
    const own = await prisma.dissection.findFirstOrThrow({ where: { layerId, basis: 'IDENTITY', current: true } });
    const rotations = [own.id];
    for (let seed = 1; seed <= 2 * times; seed++) {
      for (const alpha of [0.5, 1]) {
        const basis = { basis: 'ROTATION' as const, basisParameters: { seed, alpha } };
        const { id } = await prisma.dissection.create({
          data: { ...dissectionOf(`${layerId} ${seed} ${alpha}`), ...made, ...basis, tau: 0.005 },
        });
        await seedUnits(prisma, id, times, seed + 2 * alpha, conceptIds, imageIds);
        rotations.push(id);
      }
    }
    const sweep = [own.id];
    for (const [i, tau] of [0.01, 0.02].entries()) {
      const { id } = await prisma.dissection.create({ data: { ...dissectionOf(`${layerId} tau ${tau}`), ...made, tau } });
      await seedUnits(prisma, id, times, i + 1, conceptIds, imageIds);
      sweep.push(id);
    }
    const links = (ids: number[]) => ({ create: ids.map((dissectionId) => ({ dissectionId })) });
    const parameters = { tau: 0.005, alphas: [0, 0.5, 1], seeds: rotations.slice(1).map((_, i) => i + 1) };
    await prisma.experiment.create({
      data: { ...made, kind: 'ROTATION', key: `rotation ${layerId}`, parameters, dissections: links(rotations) },
    });
    const taus = { taus: [0.005, 0.01, 0.02] };
    await prisma.experiment.create({
      data: { ...made, kind: 'TAU_SWEEP', key: `taus ${layerId}`, parameters: taus, dissections: links(sweep) },
    });
  }
}

/** Concept i lies on every image but each fifth; its profiles have two bins. */
async function seedIndex(prisma: PrismaClient, conceptIds: number[], imageIds: number[]) {
  await prisma.conceptImage.createMany({
    data: conceptIds.flatMap((conceptId, c) =>
      imageIds
        .filter((_, i) => (i + c) % 5 !== 4)
        .map((imageId, i) => ({ conceptId, imageId, pixels: 1 + ((c + i) % 4), coverage: (1 + ((c + i) % 4)) / 16 })),
    ),
  });
  await prisma.conceptProfile.createMany({
    data: conceptIds.map((conceptId, c) => ({
      conceptId,
      colors: [c / 8, 1 - c / 8].map(clamped),
      patterns: c % 2 === 0 ? [0.25, 0.75] : [],
    })),
  });
}

const clamped = (share: number) => Math.min(Math.max(share, 0), 1);
