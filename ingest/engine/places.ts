import { DissectoryError } from '../../core/errors.ts';
import { type Place, partsOf } from '../../store/queue/place.ts';
import { BACKENDS, type BackendChoice, PROVIDERS, type ProviderChoice } from './engine.ts';
import { requireProvider } from './onnx/opens.ts';
import { openOn } from './tfjs/backend.ts';

/** Where this process can compute. */
export interface PlacesHere {
  places: Place[];
  /** One sentence for each place that does not open. */
  passedOver: string[];
}

/** What a job that is to run at a place is run with. */
export function choicesOf(place: Place): { provider: ProviderChoice } | { backend: BackendChoice } {
  const { format, provider } = partsOf(place);
  return format === 'ONNX' ? { provider: provider as ProviderChoice } : { backend: provider as BackendChoice };
}

/** Those of TensorFlow.js that are always there; to open them would only take memory. */
const PORTABLE: readonly string[] = ['wasm', 'cpu'];

/**
 * Finds out where networks can run by trying.
 *
 * @param choices `auto` stands for all that open
 * @throws BAD_INPUT where one that was chosen does not open
 */
export async function placesHere(choices: { provider: ProviderChoice; backend?: BackendChoice }): Promise<PlacesHere> {
  const here: PlacesHere = { places: [], passedOver: [] };
  const { provider, backend = 'auto' } = choices;
  const tryOne = async (place: Place, isChosen: boolean, open: () => Promise<unknown>) => {
    try {
      await open();
      here.places.push(place);
    } catch (error) {
      if (isChosen || !(error instanceof DissectoryError && error.code === 'BAD_INPUT')) throw error;
      here.passedOver.push(error.message);
    }
  };
  for (const one of provider === 'auto' ? PROVIDERS : [provider])
    await tryOne(`ONNX-${one}`, provider !== 'auto', async () => one === 'cpu' || requireProvider(one));
  for (const one of backend === 'auto' ? BACKENDS : [backend])
    await tryOne(`TFJS-${one}`, backend !== 'auto', async () => PORTABLE.includes(one) || openOn(one, async () => {}));
  return here;
}
