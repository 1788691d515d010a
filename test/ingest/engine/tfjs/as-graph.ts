import type { Link } from './chain.ts';
import { graphSketch, list, texts, windowAttributes } from './graph-sketch.ts';

const FUSED = { fused_ops: texts('BiasAdd', 'Relu'), num_args: { i: '1' } };

/**
 * Writes a chain as a graph model, bias and ReLU inside the convolutions as tensorflowjs_converter has them:
 * `net/conv5/Relu` and so on.
 */
export function writeGraphModel(folder: string, chain: readonly Link[], size: number): string {
  const net = graphSketch([-1, size, size, 3]);
  let x = 'input';
  const padded = (scope: string, pad: number) => {
    if (pad === 0) return;
    const paddings = net.integers(`${scope}/paddings`, [0, 0, pad, pad, pad, pad, 0, 0], [4, 2]);
    x = net.node('Pad', `${scope}/Pad`, [x, paddings], { T: { type: 'DT_FLOAT' } });
  };
  for (const [i, link] of chain.entries()) {
    const scope = `net/${link.name.includes('/') ? `${link.kind}_${i}` : link.name}`;
    if (link.kind === 'conv') {
      padded(scope, link.pad);
      const weights = [net.weights(`${scope}/kernel`, link.kernel), net.weights(`${scope}/bias`, link.bias)];
      x = net.node('_FusedConv2D', `${scope}/Relu`, [x, ...weights], windowAttributes(link.stride, 'VALID', FUSED));
    } else if (link.kind === 'pool') {
      padded(scope, link.pad);
      const ksize = { ksize: list(1, link.size, link.size, 1) };
      x = net.node('MaxPool', `${scope}/MaxPool`, [x], windowAttributes(link.stride, 'VALID', ksize));
    } else if (link.kind === 'flatten') {
      x = net.node('Transpose', `${scope}/Transpose`, [x, net.integers(`${scope}/perm`, [0, 3, 1, 2])], { T: { type: 'DT_FLOAT' } });
      const dense = chain[i + 1];
      const values = dense?.kind === 'dense' ? dense.kernel.shape[0] : -1;
      x = net.node('Reshape', `${scope}/Reshape`, [x, net.integers(`${scope}/shape`, [-1, values])], { T: { type: 'DT_FLOAT' } });
    } else {
      x = net.node('MatMul', `${scope}/MatMul`, [x, net.weights(`${scope}/kernel`, link.kernel)], {
        transpose_a: { b: false },
        transpose_b: { b: false },
      });
      x = net.node('BiasAdd', `${scope}/BiasAdd`, [x, net.weights(`${scope}/bias`, link.bias)], { T: { type: 'DT_FLOAT' } });
      if (link.activated) x = net.node('Relu', `${scope}/Relu`, [x], { T: { type: 'DT_FLOAT' } });
    }
  }
  return net.write(folder, [x]);
}
