import { encodeId, explanationId } from '../../core/ids.ts';

/** Paths below the server's root: the server does not know under which name it is reached. */
export const imageUrl = (image: number): string => `/images/${encodeId('Image', image)}.png`;
export const overlayUrl = (unit: number, rank: number): string => `/overlays/${encodeId('Unit', unit)}/${rank}.png`;
/** On a contact sheet. */
export const MAX_SHEET_UNITS = 23;

export const maskUrl = (prediction: number, unit: number): string => `/masks/${encodeId('Prediction', prediction)}/${unit}.png`;

/** @param dataset slug of the dissection that says what the units detect; null for the layer's newest */
export function sheetUrl(
  { prediction, place }: { prediction: { id: number }; place: number },
  first: number,
  dataset: string | null,
): string {
  const query = new URLSearchParams({ first: String(first), ...(dataset !== null && { dataset }) });
  return `/sheets/${explanationId(prediction.id, place)}.png?${query}`;
}
