import path from 'node:path';
import { withLock } from '../../../store/lock.ts';
import { enqueue } from '../../../store/queue/enqueue.ts';
import type { JobQueue } from '../../../store/queue/open.ts';
import type { ScanPayload } from '../../../store/queue/payload.ts';
import { requireTarget } from '../../../store/queue/target.ts';
import { openNetwork } from '../../engine/open.ts';
import { readCard } from '../../engine/read-card.ts';
import { modelHere } from '../../registered/model-here.ts';
import { addModel } from '../add-model.ts';
import { iterationOf } from './iteration.ts';

/** What became of a file. */
export interface TakenIn {
  file: string;
  /** Slug of the model whose file it is. */
  model: string;
  /** False for a file whose content is registered already: another look, a copy, a touched file. */
  isNew: boolean;
  job: number;
}

/**
 * Registers a complete model file or object as a checkpoint of the series, unless its content is registered, and asks
 * for its dissection, unless that was ever asked for. Whatever dies on the way, the next look does the rest; several
 * may look at once.
 *
 * @throws BAD_MODEL, BAD_CARD, NOT_FOUND where the dataset is not registered
 */
export async function takeIn(
  queue: JobQueue,
  file: string,
  { series, dataset, layers, tau, iterationPattern, runsOn }: ScanPayload,
): Promise<TakenIn> {
  const { store } = queue;
  const here = await modelHere(file);
  const card = await readCard(here);
  const { sha256 } = await openNetwork(here, card);
  const stem = path.parse(file).name;
  const named = iterationOf(stem, iterationPattern);
  const iteration = (iterationPattern === undefined ? (card.facts.iteration ?? named) : named) ?? undefined;

  const { model, isNew } = await withLock(store, { name: `checkpoint ${sha256}`, onWait: () => {} }, async () => {
    const known = await store.prisma.model.findFirst({ where: { sha256 }, orderBy: { id: 'asc' } });
    if (known) return { model: known.slug, isNew: false };
    const wanted = iteration === undefined ? slugOf(stem) : `${series}@${iteration}`;
    const isTaken = (await store.prisma.model.findUnique({ where: { slug: wanted } })) !== null;
    const slug = isTaken ? `${wanted}-${sha256.slice(0, 8)}` : wanted;
    await addModel(store, file, { slug, series, ...(iteration !== undefined && { iteration }) });
    return { model: slug, isNew: true };
  });
  if (runsOn) await requireTarget(store.prisma, model, runsOn);
  const payload = { model, dataset, layers, tau, ...(runsOn && { runsOn }) };
  const { job } = await enqueue(queue, { kind: 'DISSECT', payload }, { sameAs: 'ever' });
  return { file, model, isNew, job: job.id };
}

function slugOf(stem: string): string {
  return stem.replaceAll(/[^A-Za-z0-9._@-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'model';
}
