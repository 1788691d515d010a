import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import type { Translated } from './translated.ts';

/** A model in the runtime's memory. */
export interface TfjsNetwork {
  graph: Translated;
  /** The tensors that can be computed from the image, in the graph's order. */
  computable: readonly string[];
  /**
   * Kernel and bias of the dense layer that writes a tensor; null where none does, or a graph model hides it. They stay
   * the network's own.
   */
  dense(tensor: string): { kernel: Tensor; bias: Tensor | null } | null;
  /** Runs it on images as it wants them; the caller disposes of what it gives. */
  run(images: Tensor4D, tensors: readonly string[]): Tensor[];
}
