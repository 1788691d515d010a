import { iou } from './iou/iou.ts';
import type { Labeller } from './labeller.ts';

/** The table of methods by the names that they are asked for, stored and shown by. A new one is a folder and a line here. */
export const LABELLERS = { iou } satisfies Readonly<Record<string, Labeller<unknown, unknown>>>;

export type Method = keyof typeof LABELLERS;

export const METHODS = Object.keys(LABELLERS) as Method[];

/** A method, whatever its parts are. */
export const labellerOf = (method: Method): Labeller<unknown, unknown> => LABELLERS[method];
