import { InferenceSession } from 'onnxruntime-node';
import { WRONG_REWRITES } from './wrong-rewrites.ts';

/** A model, or a part of one, as the runtime takes it. */
export interface OnnxBytes {
  bytes: Uint8Array;
  /** Where weights lie that are not in the bytes. */
  folder: string;
}

export type SessionOptions = Pick<
  InferenceSession.SessionOptions,
  'executionProviders' | 'intraOpNumThreads' | 'graphOptimizationLevel'
> & {
  /** Threads that wait busily answer sooner, and take the cores from others. */
  spins?: boolean;
};

/** Opens a session. On the CPU where no provider is named. */
export function openSession(
  { bytes, folder }: OnnxBytes,
  { spins = true, executionProviders = ['cpu'], ...options }: SessionOptions = {},
): Promise<InferenceSession> {
  return InferenceSession.create(bytes, {
    ...options,
    executionProviders,
    logSeverityLevel: 4,
    extra: {
      session: {
        model_external_initializers_file_folder_path: folder,
        ...(!spins && { intra_op: { allow_spinning: '0' } }),
      },
      optimization: { disable_specified_optimizers: WRONG_REWRITES.join(';') },
    },
  });
}
