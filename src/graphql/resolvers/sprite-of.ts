import { requireSize } from '../../images/sprite-size.ts';
import { type SpriteArgs, spriteUrl, spriteVersion } from '../../images/urls.ts';
import type { Loaders } from '../loaders/index.ts';
import type { UnitRow } from '../rows.ts';

/** Where the picture of these units' top images is. Throws BAD_INPUT where it would be too large. */
export async function spriteOf(units: readonly UnitRow[], size: SpriteArgs, loaders: Loaders): Promise<string> {
  requireSize(units.length, size.images, size.side);
  const dissections = await Promise.all(units.map(({ dissectionId }) => loaders.node.Dissection.load(dissectionId)));
  return spriteUrl(
    units.map(({ id }) => id),
    spriteVersion(dissections.map(({ key }) => key)),
    size,
  );
}
