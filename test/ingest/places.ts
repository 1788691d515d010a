import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');

/** 60 images, 98 concepts. */
export const TINY = path.join(ROOT, 'test/fixtures/broden-tiny');
/** 360 images: several chunks of a pass. */
export const MINI = path.join(ROOT, 'examples/broden-mini');
export const EXAMPLES = path.join(ROOT, 'examples');
/** Its layers: conv1 to conv5. */
export const ALEXNET_FC = path.join(ROOT, 'examples/models/scenes-alexnet-fc.onnx');
export const OBJECTS = path.join(ROOT, 'examples/models/objects-alexnet.onnx');
export const ALEXNET = path.join(ROOT, 'test/fixtures/models/scenes-alexnet.onnx');

/** A reference dissection of broden-tiny, without what stands behind `__layer`. */
export const reference = (name: string): string => path.join(ROOT, 'test/fixtures/reference', name);
