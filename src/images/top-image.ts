import { DissectoryError } from '../../core/errors.ts';
import { bytesToFloats } from '../../core/floats.ts';
import type { Dataset, Image, Prisma, PrismaClient } from '../../prisma/generated/client.ts';
import type { UnitMap } from './overlay.ts';

export interface FoundTopImage {
  dataset: Dataset;
  image: Image;
  /** null where there is nothing to lay a mask out by: of published tallies. */
  map: UnitMap | null;
}

const WITH_ALL = {
  image: { include: { dataset: true } },
  unit: { include: { dissection: { include: { layer: { include: { model: { omit: { classes: true } } } } } } } },
} satisfies Prisma.TopImageInclude;

type Found = Prisma.TopImageGetPayload<{ include: typeof WITH_ALL }>;

/**
 * Reads all that an overlay needs. Throws NOT_FOUND where the unit has no such top image, or nothing to lay its map out
 * by.
 */
export async function findTopImage(
  prisma: PrismaClient,
  unitId: number,
  rank: number,
): Promise<FoundTopImage & { map: UnitMap; maxActivation: number }> {
  const top = await prisma.topImage.findUnique({ where: { unitId_rank: { unitId, rank } }, include: WITH_ALL });
  if (!top) throw new DissectoryError('NOT_FOUND', `This unit has no top image of rank ${rank}.`);
  const map = mapOf(top);
  if (!map) {
    throw new DissectoryError(
      'NOT_FOUND',
      'This unit comes from a published tally, which says nothing of its threshold: there is no overlay.',
    );
  }
  return { dataset: top.image.dataset, image: top.image, map, maxActivation: top.unit.maxActivation ?? top.maxActivation };
}

/** The first top images of many units, in the units' order; an empty list for a unit without any. */
export async function findTopImages(prisma: PrismaClient, units: readonly number[], first: number): Promise<FoundTopImage[][]> {
  const found = await prisma.topImage.findMany({
    where: { unitId: { in: [...units] }, rank: { lte: first } },
    include: WITH_ALL,
    orderBy: { rank: 'asc' },
  });
  return units.map((unit) =>
    found.filter(({ unitId }) => unitId === unit).map((top) => ({ dataset: top.image.dataset, image: top.image, map: mapOf(top) })),
  );
}

function mapOf(top: Found): UnitMap | null {
  const { layer } = top.unit.dissection;
  const [, inputHeight, inputWidth] = layer.model.inputShape;
  if (top.unit.threshold === null || inputWidth === undefined) return null;
  return {
    values: bytesToFloats(top.map),
    grid: { ...layer, height: layer.gridHeight, width: layer.gridWidth },
    inputHeight,
    inputWidth,
    resize: layer.model.resize,
    threshold: top.unit.threshold,
    silent: top.unit.silent,
  };
}
