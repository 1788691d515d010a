/** Started as a process of its own: ends in the middle of a batch. */
import { openOnnx } from '../../../ingest/engine/onnx/engine.ts';

const network = await openOnnx(process.argv[2]);
const runner = await network.start([network.layer('conv5')], { normalisation: { mean: [0, 0, 0], std: [1, 1, 1] }, threads: 1 });
const { inputHeight, inputWidth } = network;
void runner.run(new Uint8Array(64 * inputHeight * inputWidth * 3), 64);
setTimeout(() => process.exit(3), 20);
