import { DEFAULT_TAU } from '../../core/defaults.ts';
import { DissectoryError } from '../../core/errors.ts';
import type { Store } from '../../store/store.ts';

/**
 * The dissection that a user means: its number, or MODEL/LAYER for the layer's current one in the units' own basis:
 * that at tau 0.005 where there are others beside it, as in the answers of the API.
 *
 * @throws NOT_FOUND, BAD_INPUT where several fit
 */
export async function findByName(store: Store, name: string): Promise<number> {
  if (/^\d+$/.test(name)) return Number(name);
  const slash = name.indexOf('/');
  const [model, layer] = [name.slice(0, slash), name.slice(slash + 1)];
  const all = await store.prisma.dissection.findMany({
    where: { current: true, basis: 'IDENTITY', layer: { name: layer, model: { slug: model } } },
    include: { dataset: true },
  });
  const usual = all.filter(({ tau }) => tau === DEFAULT_TAU);
  const found = usual.length > 0 ? usual : all;
  if (slash < 0 || found.length === 0) {
    throw new DissectoryError(
      'NOT_FOUND',
      `There is no dissection "${name}": give its number or MODEL/LAYER; \`dissectory status\` lists those that exist.`,
    );
  }
  if (found.length > 1) {
    const choices = found.map(({ id, tau, dataset }) => `${id} (${dataset.slug}, tau ${tau})`).join(', ');
    throw new DissectoryError('BAD_INPUT', `"${name}" was dissected in several ways: choose by number: ${choices}.`);
  }
  return found[0].id;
}
