import type { IouPart } from './iou/iou.ts';
import type { MaskWatcher, Subject } from './labeller.ts';
import { allMethods, labellerOf, type Method } from './labellers.ts';

/** What methods keep of the masks of one layer at one tau. IoU is always among them: it is what a dissection is. */
export type Parts = { iou: IouPart } & Partial<Record<Method, unknown>>;

export function emptyParts(subject: Subject): Parts {
  const observed = new Set(['iou', ...subject.methods]);
  const entries = allMethods()
    .filter((method) => observed.has(method))
    .map((method) => [method, labellerOf(method).masks?.empty(subject)] as const);
  return Object.fromEntries(entries.filter(([, part]) => part !== undefined)) as Parts;
}

export function watchersOf(parts: Parts, subject: Subject): MaskWatcher[] {
  return observersIn(parts).map(({ observer, method }) => observer.watch(parts[method], subject));
}

/** Adds `part` to `sum`, in place. */
export function mergeParts(sum: Parts, part: Parts): void {
  for (const { observer, method } of observersIn(sum)) observer.merge(sum[method], part[method]);
}

function observersIn(parts: Parts) {
  return (Object.keys(parts) as Method[]).flatMap((method) => {
    const observer = labellerOf(method).masks;
    return observer ? [{ method, observer }] : [];
  });
}
