/** What an image is labelled with, at mask resolution, as concept indices. */
export interface ImageLabels {
  height: number;
  width: number;
  /** Bit c set: the image carries at least one label of category c. */
  present: number;
  /** Concepts of the whole image, each once. */
  whole: Int32Array;
  /** One per label map, `height * width`, rows then columns: concept index + 1, or 0 for no label. A pixel may stand under several maps of one category. */
  maps: Uint16Array[];
}

/** The same labels with each concept at most once on a pixel: a concept that stands in several maps counts once (docs/definitions.md, IoU). */
export function distinctLabels(labels: ImageLabels): ImageLabels {
  const maps = labels.maps.map((map, m) => (m === 0 ? map : withoutRepeats(map, labels.maps.slice(0, m))));
  return { ...labels, maps };
}

function withoutRepeats(map: Uint16Array, earlier: readonly Uint16Array[]): Uint16Array {
  const own = map.slice();
  for (const other of earlier) {
    for (let p = 0; p < own.length; p++) if (own[p] === other[p]) own[p] = 0;
  }
  return own;
}
