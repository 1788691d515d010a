/** A thread to try the protocol with. */
import { DissectoryError } from '../../../core/errors.ts';
import { serve } from '../../../ingest/threads/serve.ts';

serve(async (data: { fails?: boolean }) => {
  if (data.fails) throw new DissectoryError('BAD_MODEL', 'It does not open.');
  return {
    ready: 'stands',
    async answer(request: 'numbers' | 'coded' | 'defect' | 'exit'): Promise<Float32Array<ArrayBuffer>> {
      if (request === 'coded') throw new DissectoryError('CACHE_FULL', 'There is no room.');
      if (request === 'defect') throw new TypeError('x is not a function');
      if (request === 'exit') process.exit(7);
      return Float32Array.of(1, 2, 3);
    },
    handedOver: (numbers: Float32Array<ArrayBuffer>) => [numbers.buffer],
  };
});
