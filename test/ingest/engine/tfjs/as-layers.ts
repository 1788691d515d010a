import * as tf from '@tensorflow/tfjs';
import type { Link, Weights } from './chain.ts';
import { writeTfjsModel } from './write-model.ts';

/** Writes a chain as a layers model. Padding with zeros is what a pool behind a ReLU does with its own padding. */
export async function writeLayersModel(folder: string, chain: readonly Link[], size: number): Promise<string> {
  tf.enableProdMode(); // or it advertises tfjs-node
  const input = tf.input({ shape: [size, size, 3], name: 'input' });
  let x = input;
  const apply = (layer: { apply(x: tf.SymbolicTensor): tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[] }) => {
    x = layer.apply(x) as tf.SymbolicTensor;
  };
  const padded = (name: string, pad: number) =>
    pad > 0 &&
    apply(
      tf.layers.zeroPadding2d({
        padding: [
          [pad, pad],
          [pad, pad],
        ],
        name: `${name}_pad`,
      }),
    );
  for (const [i, link] of chain.entries()) {
    const name = link.name.includes('/') ? `${link.kind}_${i}` : link.name;
    if (link.kind === 'conv') {
      padded(name, link.pad);
      const [kernelSize, , , filters] = link.kernel.shape;
      apply(
        tf.layers.conv2d({
          name,
          kernelSize,
          filters,
          strides: link.stride,
          activation: 'relu',
          weights: [tensor(link.kernel), tensor(link.bias)],
        }),
      );
    } else if (link.kind === 'pool') {
      padded(name, link.pad);
      apply(tf.layers.maxPooling2d({ name, poolSize: link.size, strides: link.stride }));
    } else if (link.kind === 'flatten') {
      apply(tf.layers.permute({ name: `${name}_order`, dims: [3, 1, 2] }));
      apply(tf.layers.flatten({ name }));
    } else {
      const [, units] = link.kernel.shape;
      const activation = link.activated ? 'relu' : 'linear';
      apply(tf.layers.dense({ name, units, activation, weights: [tensor(link.kernel), tensor(link.bias)] }));
    }
  }
  let file = '';
  const model = tf.model({ inputs: input, outputs: x });
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      file = writeTfjsModel(folder, artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return file;
}

function tensor({ shape, values }: Weights): tf.Tensor {
  return tf.tensor(values, shape);
}
