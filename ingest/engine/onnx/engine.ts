import { TensorProto_DataType } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';
import { devicesFor } from '../devices-for.ts';
import type { Network, OpenOptions, Reading, RunOptions } from '../engine.ts';
import { roomyBatch } from '../graph/batch-size.ts';
import { imageInput } from '../graph/find-input.ts';
import { viewGraph } from '../graph/graph.ts';
import { networkLayers, unprovenMaps } from '../graph/network-layers.ts';
import { networkNotes } from '../graph/network-notes.ts';
import { usualNormalisation } from '../normalisation.ts';
import { fixInputs } from './fix-inputs.ts';
import { halve } from './half.ts';
import { measureLayouts } from './measure-layouts.ts';
import { readModel } from './model.ts';
import { readOwnHead } from './own-head.ts';
import { PIXELS } from './prepare.ts';
import { probe } from './probe.ts';
import { startRerun } from './rerun.ts';
import { rewrite, tapName } from './rewrite.ts';
import { startRunner } from './runner.ts';
import { mustRunAsItStands } from './wrong-rewrites.ts';

const { FLOAT, FLOAT16 } = TensorProto_DataType;

/** What another order of summation may change, and where steps of quantisation may flip. */
const EXACT = 1e-3;
const QUANTISED = 0.1;

/**
 * Opens an ONNX model and runs it once to learn its layers. Throws BAD_MODEL where the file is not a model that takes
 * images.
 */
export async function openOnnx(
  file: string,
  { inputSize = null, tokens = null, channels = null, inputs = null, output = null, classes = 0 }: OpenOptions = {},
): Promise<Network> {
  const model = await readModel(file);
  const { proto, folder, keepsWeightsOutside, sha256 } = model;
  if (inputs) fixInputs(file, proto, inputs);
  const graph = viewGraph(proto);
  const asked = { output, classes };
  const declared = imageInput(file, graph, inputSize, channels);
  const probed = { file, folder, model: proto, graph, input: declared };
  const { facts, ...report } = await probe(probed);
  const { batch, disturbed } = report;
  const input = { ...declared, batch };
  const measured = await measureLayouts({ ...probed, input }, facts, unprovenMaps(graph, input, facts));
  const { layers, unreadable, layer, maps } = networkLayers(file, graph, input, { facts, measured, ...report }, tokens);

  return {
    format: 'ONNX',
    sha256,
    inputHeight: input.height,
    inputWidth: input.width,
    channels: input.channels,
    usualNormalisation: usualNormalisation(input),
    notes: networkNotes(file, declared, report),
    rewriteTolerance: graph.nodes.some(({ opType }) => opType.includes('QuantizeLinear')) ? QUANTISED : EXACT,
    layers,
    unreadable,
    layer,
    ownHead: () => readOwnHead(model, graph, facts, maps, layers, asked),
    rerun({ tensor, name }, normalisation) {
      const map = maps.get(tensor);
      if (!map) throw new Error(`${name} is a layer of another network`);
      return startRerun({ model: proto, folder, graph, input, facts, asked }, map, normalisation);
    },
    async start(readings: readonly Reading[], { normalisation, threads, targets, precision = 'fp32', asItStands = false }: RunOptions) {
      const wanted = readings.map(({ tensor, name, rotation }, i) => {
        const tap = maps.get(tensor);
        if (!tap) throw new Error(`${name} is a layer of another network`);
        const typed = precision === 'fp16' ? { ...tap, elementType: FLOAT16 } : tap;
        return rotation ? { ...typed, turn: { name: `turn${i}`, matrix: rotation } } : typed;
      });
      const outputs = wanted.map(tapName);
      if (precision === 'fp16' && keepsWeightsOutside) {
        throw new DissectoryError(
          'BAD_INPUT',
          `${file} keeps more than 1 GiB of weights beside it: export it in half precision instead of --precision fp16.`,
        );
      }
      const network = precision === 'fp16' ? halve(proto) : proto;
      const image = precision === 'fp16' && input.elementType === FLOAT ? { ...input, elementType: FLOAT16 } : input;
      const view = precision === 'fp16' ? viewGraph(network) : graph;
      const isDisturbed = readings.some(({ tensor }) => disturbed.has(tensor));
      const atOnce = isDisturbed ? 1 : batch;
      const bytes = rewrite(network, view, image, normalisation, [...new Set(wanted)], atOnce);
      const { height, width } = input;
      const devices = devicesFor('ONNX', targets);
      const plain = asItStands || mustRunAsItStands(graph);
      const setup = { bytes, folder, input: PIXELS, outputs, height, width, batch: atOnce, threads, devices, asItStands: plain };
      return startRunner(setup, roomyBatch(facts, readings));
    },
  };
}
