import type { DissectRequest } from '../../ingest/tasks/dissect-model.ts';

/** What `dissectory dissect` asks for where no option is given. */
export function request(
  home: string,
  asked: Partial<DissectRequest> & Pick<DissectRequest, 'model' | 'dataset' | 'layers'>,
): DissectRequest {
  return { tau: 0.005, batchSize: 32, memory: 2 ** 30, home, onProgress: () => {}, ...asked };
}
