import type * as Tfjs from '@tensorflow/tfjs';

/**
 * TensorFlow.js as whoever opened its backend holds it. Types only: it takes a second to load, and only threads need
 * it.
 */
export type Tf = typeof Tfjs;
