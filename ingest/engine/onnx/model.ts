/**
 * An ONNX file, read whole: its protobuf, with weights kept in side files put inside as far as there is room, and its
 * functions where they are called.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { type ModelProto, ModelProtoSchema } from 'onnx-buf';
import { DissectoryError } from '../../../core/errors.ts';
import { takeInExternalData } from './external-data.ts';
import { inlineFunctions } from './inline-functions.ts';

export interface OnnxModel {
  file: string;
  /** Of the file's bytes, and of its external data files' where it has some. */
  sha256: string;
  /** Where weights lie that are too large to be in `proto`. */
  folder: string;
  /** Whether some are. */
  keepsWeightsOutside: boolean;
  proto: ModelProto;
}

const HOW_TO_EXPORT = 'Give an .onnx file, as torch.onnx.export or tf2onnx writes it.';

/** Reads and checks an ONNX file. Throws BAD_MODEL when there is no such file, or when it is not a whole ONNX model. */
export async function readModel(file: string): Promise<OnnxModel> {
  const bytes = await readBytes(file);
  const proto = parse(file, bytes);
  const hash = createHash('sha256').update(bytes);
  const keepsWeightsOutside = await takeInExternalData(file, proto, hash);
  inlineFunctions(file, proto);
  return { file, folder: path.dirname(path.resolve(file)), keepsWeightsOutside, sha256: hash.digest('hex'), proto };
}

async function readBytes(file: string): Promise<Uint8Array> {
  const info = await stat(file).catch((cause) => {
    throw new DissectoryError('BAD_MODEL', `Cannot open the model ${file}: ${cause.code ?? cause.message}. Check the path.`, { cause });
  });
  if (!info.isFile()) throw new DissectoryError('BAD_MODEL', `The model ${file} is not a file. ${HOW_TO_EXPORT}`);
  if (info.size === 0) throw new DissectoryError('BAD_MODEL', `The model ${file} is empty. Copy or export it again.`);
  if (info.size >= 2 ** 31) {
    const message = `The model ${file} is larger than the 2 GiB that an ONNX file may have. Keep its weights in a file beside it: onnx.save(..., save_as_external_data=True).`;
    throw new DissectoryError('BAD_MODEL', message);
  }
  return readFile(file).catch((cause) => {
    throw new DissectoryError('BAD_MODEL', `Cannot read the model ${file}: ${cause.code ?? cause.message}.`, { cause });
  });
}

function parse(file: string, bytes: Uint8Array): ModelProto {
  let proto: ModelProto;
  try {
    proto = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    // Every exporter writes ir_version, field 1, first: what starts so and does not parse was most likely cut off.
    if (bytes[0] === 0x08) {
      throw new DissectoryError('BAD_MODEL', `The model ${file} is cut off or damaged (${bytes.length} bytes). Copy or export it again.`, {
        cause,
      });
    }
    throw new DissectoryError('BAD_MODEL', `The model ${file} is not an ONNX file. ${HOW_TO_EXPORT}`, { cause });
  }
  if (!proto.graph || proto.graph.node.length === 0 || proto.opsetImport.length === 0) {
    throw new DissectoryError('BAD_MODEL', `The model ${file} holds no ONNX graph. ${HOW_TO_EXPORT}`);
  }
  return proto;
}
