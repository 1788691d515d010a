/** A layer as URLs name it: `model/layer`. A model's slug holds no slash; a layer's name may. */
export interface LayerName {
  model: string;
  layer: string;
}

export const toText = ({ model, layer }: LayerName): string => `${model}/${layer}`;

/** null where it is not such a name. */
export function fromText(text: string): LayerName | null {
  const slash = text.indexOf('/');
  return slash > 0 && slash < text.length - 1 ? { model: text.slice(0, slash), layer: text.slice(slash + 1) } : null;
}
