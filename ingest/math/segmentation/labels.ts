import type { ImageLabels } from '../../dataset/broden.ts';

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
