import { DissectoryError } from '../../core/errors.ts';
import { bytesToFloats } from '../../core/floats.ts';
import type { Dataset, Image, PrismaClient } from '../../prisma/generated/client.ts';
import type { UnitMap } from './overlay.ts';

interface FoundTopImage {
  dataset: Dataset;
  image: Image;
  map: UnitMap;
}

/** Reads all that an overlay needs. Throws NOT_FOUND where the unit has no such top image, or nothing to lay its map out by. */
export async function findTopImage(prisma: PrismaClient, unitId: number, rank: number): Promise<FoundTopImage> {
  const top = await prisma.topImage.findUnique({
    where: { unitId_rank: { unitId, rank } },
    include: {
      image: { include: { dataset: true } },
      unit: { include: { dissection: { include: { layer: { include: { model: true } } } } } },
    },
  });
  if (!top) throw new DissectoryError('NOT_FOUND', `This unit has no top image of rank ${rank}.`);
  const { layer } = top.unit.dissection;
  const [, inputHeight, inputWidth] = layer.model.inputShape;
  if (top.unit.threshold === null || inputWidth === undefined) {
    throw new DissectoryError(
      'NOT_FOUND',
      'This unit comes from a published tally, which says nothing of its threshold: there is no overlay.',
    );
  }
  return {
    dataset: top.image.dataset,
    image: top.image,
    map: {
      values: bytesToFloats(top.map),
      grid: { ...layer, height: layer.gridHeight, width: layer.gridWidth },
      inputHeight,
      inputWidth,
      resize: layer.model.resize,
      threshold: top.unit.threshold,
      silent: top.unit.silent,
    },
  };
}
