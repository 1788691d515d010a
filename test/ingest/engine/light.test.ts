import { describe, expect, it } from 'vitest';
import { integersAttribute, textAttribute } from '../../../ingest/engine/graph/build.ts';
import { openNetwork } from '../../../ingest/engine/open.ts';
import { light } from './light.ts';
import { type Sketch, sketch } from './sketch.ts';
import { temporaryModels } from './temporary-model.ts';

const write = temporaryModels();

/**
 * A strided pool as anti-aliased networks export it: a dense pool, padding by reflection, a fixed blur of each channel
 * by itself.
 */
function blurPool(net: Sketch, x: string, y: string, units: number): string {
  const dense = net.pool('MaxPool', x, `${y}/dense`, { kernel: 2 });
  const pads = integersAttribute('pads', [0, 0, 1, 1, 0, 0, 2, 2]);
  const padded = net.node('Pad', [dense], `${y}/padded`, [textAttribute('mode', 'reflect'), pads]);
  return net.conv(padded, y, { kernel: 4, stride: 2, units, from: units, group: units });
}

describe('a graph whose rows and columns are lit one by one', () => {
  it.each<[string, (net: Sketch) => string, { offset: number; stride: number; size: number }]>([
    [
      'depthwise and pointwise, as in MobileNet',
      (net) => {
        const x = net.relu(net.conv('input', 'a', { kernel: 3, stride: 2, pad: 1, units: 4 }), 'ra');
        const y = net.relu(net.conv(x, 'b', { kernel: 3, stride: 2, pad: 1, units: 4, from: 4, group: 4 }), 'rb');
        return net.conv(y, 'y', { kernel: 1, units: 2, from: 4 });
      },
      // 3/2 with padding 1 twice: 3 + 2 * 2
      { offset: 0, stride: 4, size: 7 },
    ],
    [
      'anti-aliased',
      (net) => blurPool(net, net.relu(net.conv('input', 'a', { kernel: 3, pad: 1, units: 2 }), 'ra'), 'y', 2),
      // 3 wide; a pool of 2 adds 1 and half a pixel; a blur of 4 adds 3 and (3/2 - 1) pixels
      { offset: 1, stride: 2, size: 7 },
    ],
  ])('%s: hears what the graph says, as worked out by hand', async (_, build, { offset, stride, size }) => {
    const net = sketch({ height: 40, width: 40, opset: 9 });
    const network = await openNetwork(write(net.model(build(net))));
    const { grid, receptiveField } = network.layer('y');
    expect(grid).toMatchObject({ offsetY: offset, offsetX: offset, strideY: stride, strideX: stride });
    expect(receptiveField).toEqual({ height: size, width: size });
    const { rows, columns } = (await light(network, ['y'])).get('y') ?? { rows: [], columns: [] };
    expect(rows.length).toBeGreaterThan(4);
    for (const { expected, heard } of [...rows, ...columns]) expect(heard).toEqual(expected);
  });
});
