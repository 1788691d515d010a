import { explanationId, globalId } from '../graphql/ids.ts';
import type { ExplanationRow } from '../graphql/rows.ts';

/** Paths below the server's root: the server does not know under which name it is reached. */
export const imageUrl = (image: number): string => `/images/${globalId('Image', image)}.png`;
export const overlayUrl = (unit: number, rank: number): string => `/overlays/${globalId('Unit', unit)}/${rank}.png`;
/** On a contact sheet. */
export const MAX_SHEET_UNITS = 23;

export const maskUrl = (prediction: number, unit: number): string => `/masks/${globalId('Prediction', prediction)}/${unit}.png`;

/** @param dataset slug of the dissection that says what the units detect; null for the layer's newest */
export function sheetUrl({ prediction, place }: ExplanationRow, first: number, dataset: string | null): string {
  const query = new URLSearchParams({ first: String(first), ...(dataset !== null && { dataset }) });
  return `/sheets/${explanationId(prediction.id, place)}.png?${query}`;
}
