/** What a picture is labelled with, at mask resolution, as concept indices. */
export interface ImageLabels {
  height: number;
  width: number;
  /** Places in `categories` of those that the picture carries a label of, ascending. */
  present: readonly number[];
  /** Concepts of the whole picture, each once. */
  whole: Int32Array;
  /**
   * `height * width` each, rows then columns: concept index + 1, or 0 for no label. A pixel may carry concepts in
   * several maps; one that it carries twice counts once (`distinctLabels`).
   */
  maps: Uint16Array[];
  /** Pixels that count neither as labelled nor as background (void), by category. Mostly none. */
  ignored: readonly IgnoredPixels[];
}

/** Pixels that enter no sum of these categories. No concept of theirs may stand there, in `maps` or in `whole`. */
export interface IgnoredPixels {
  /** Places in the dataset's categories. */
  categories: readonly number[];
  /** `height * width`, rows then columns: 1 where the pixel is ignored, else 0. */
  pixels: Uint8Array;
}

/**
 * The same labels with each concept at most once on a pixel: a concept that stands in several maps counts once
 * (docs/definitions.md, IoU).
 */
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
