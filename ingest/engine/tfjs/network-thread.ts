import { type Servant, startThread } from '../../threads/ask.ts';
import type { Batch, RunRequest, ThreadData } from './thread.ts';

/** Starts a thread that opens the network; what it is ready with is what `data.work` asks for. */
export function startNetworkThread<Ready>(data: ThreadData): Promise<Servant<Ready, RunRequest, Batch>> {
  // TensorFlow would log below progress and --json. It reads the environment of the process: that of a thread is a
  // copy.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // Else it says at every start that roundings may differ, in lines that no log level holds back; without, they do not.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
  return startThread(new URL('./thread.ts', import.meta.url), data);
}

/** What a thread has to say of a network; it ends with that. Throws what opening the network throws. */
export async function askOnce<Ready>(data: ThreadData): Promise<Ready> {
  const thread = await startNetworkThread<Ready>(data);
  await thread.end();
  return thread.ready;
}
