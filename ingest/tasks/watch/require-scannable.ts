import { DissectoryError } from '../../../core/errors.ts';
import { requireSlug } from '../../../core/slug.ts';
import type { ScanPayload } from '../../../store/queue/payload.ts';
import type { Store } from '../../../store/store.ts';
import { iterationOf } from './iteration.ts';
import { lookAt } from './look.ts';

/** What is wrong from the start is said at the start. Throws NOT_FOUND, BAD_INPUT, and what `lookAt` throws. */
export async function requireScannable({ prisma }: Store, { place, series, dataset, iterationPattern }: ScanPayload): Promise<void> {
  requireSlug(series);
  iterationOf('', iterationPattern);
  await lookAt(place);
  if ((await prisma.dataset.count({ where: { slug: dataset } })) > 0) return;
  throw new DissectoryError(
    'NOT_FOUND',
    `No dataset "${dataset}" is registered: add it with \`dissectory dataset add DIR --slug ${dataset}\`.`,
  );
}
