/** What the runtime's optimiser is known to make wrong, and what keeps it from that. */
import { type Graph, integer } from '../graph/graph.ts';

/**
 * Names of rewrites that are never made. Pad and MaxPool become one as if minus infinity had been padded, whatever the
 * padding's value is.
 */
export const WRONG_REWRITES = ['Pad_Fusion'];

/**
 * Whether the graph must run as it stands. In an optimised session normalisation in training mode writes its running
 * statistics over its weights, so that results change from run to run.
 */
export function mustRunAsItStands({ nodes }: Graph): boolean {
  return nodes.some((node) => node.opType === 'BatchNormalization' && integer(node, 'training_mode', 0) === 1);
}
