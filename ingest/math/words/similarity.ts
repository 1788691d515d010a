/**
 * Labels from words (CLIP-Dissect, Oikarinen and Weng 2023): how alike a unit's activations and a text's likeness to
 * the images are.
 */

/** Embeddings of things, one after the other: `count * width`. */
export interface Embeddings {
  count: number;
  width: number;
  values: Float32Array;
}

/**
 * Soft WPMI looks at each unit's most active images, less at later ones; the cubed cosine at all. Constants and steps
 * as published.
 */
export const SIMILARITIES = ['soft_wpmi', 'wpmi', 'cos_cubed'] as const;
export type Similarity = (typeof SIMILARITIES)[number];

/** Images that a similarity looks at for each unit; 0 for all that there are. */
export const TOP_IMAGES: Readonly<Record<Similarity, number>> = { soft_wpmi: 100, wpmi: 28, cos_cubed: 0 };

const SHARPNESS = { soft_wpmi: 10, wpmi: 2 } as const;
const LAMBDA = { soft_wpmi: 1, wpmi: 0.6 } as const;
const SMALL = 1e-7;

/**
 * The similarity of each unit and each text. That of one unit depends on which others take part.
 *
 * @param meanOf a unit's mean activation on each image, in the embeddings' order
 * @returns units * texts, float64
 * @throws RangeError where there are fewer images than `TOP_IMAGES`, or embeddings of different widths
 */
export function similarities(
  method: Similarity,
  images: Embeddings,
  texts: Embeddings,
  units: number,
  meanOf: (unit: number) => Float64Array,
): Float64Array {
  if (images.width !== texts.width) throw new RangeError(`image embeddings of ${images.width} numbers, text embeddings of ${texts.width}`);
  if (images.count < TOP_IMAGES[method]) throw new RangeError(`${images.count} images, where ${TOP_IMAGES[method]} are needed`);
  const cosines = cosinesOf(images, texts);
  return method === 'cos_cubed'
    ? cubed(images.count, texts.count, cosines, units, meanOf)
    : pointwise(method, images, texts, cosines, units, meanOf);
}

/** Gives the cosines of one image and all texts; overwritten by the next. */
type CosinesOf = (image: number) => Float64Array;

function cosinesOf(images: Embeddings, texts: Embeddings): CosinesOf {
  const { width } = images;
  const norms = ({ count, values }: Embeddings) =>
    Float64Array.from({ length: count }, (_, i) => {
      let sum = 0;
      for (let d = 0; d < width; d++) sum += values[i * width + d] ** 2;
      return Math.sqrt(sum);
    });
  const [imageNorms, textNorms] = [norms(images), norms(texts)];
  const row = new Float64Array(texts.count);
  return (image) => {
    for (let text = 0; text < texts.count; text++) {
      let dot = 0;
      for (let d = 0; d < width; d++) dot += images.values[image * width + d] * texts.values[text * width + d];
      row[text] = dot / (imageNorms[image] * textNorms[text]);
    }
    return row;
  };
}

/**
 * WPMI: log of how likely a text is on a unit's images, less lambda times that over all units. Only images of some
 * unit's top are looked at.
 */
function pointwise(
  method: 'soft_wpmi' | 'wpmi',
  images: Embeddings,
  texts: Embeddings,
  cosines: CosinesOf,
  units: number,
  meanOf: (unit: number) => Float64Array,
): Float64Array {
  const most = TOP_IMAGES[method];
  const askers: [unit: number, rank: number][][] = Array.from({ length: images.count }, () => []);
  for (let unit = 0; unit < units; unit++)
    for (const [rank, image] of topImages(meanOf(unit), most).entries()) askers[image].push([unit, rank]);
  const logs = new Float64Array(units * texts.count);
  const p = new Float64Array(texts.count);
  for (const [image, asking] of askers.entries()) {
    if (asking.length === 0) continue;
    softmax(cosines(image), SHARPNESS[method], p);
    for (const [unit, rank] of asking) {
      const weight = method === 'wpmi' ? 1 : 0.998 - (rank / most) * (0.998 - 0.97);
      for (let text = 0; text < p.length; text++) {
        const likely = method === 'wpmi' ? p[text] : 1 + weight * (p[text] - 1);
        logs[unit * p.length + text] += Math.log(likely + SMALL);
      }
    }
  }
  for (let text = 0; text < texts.count; text++) {
    let largest = -Infinity;
    for (let unit = 0; unit < units; unit++) largest = Math.max(largest, logs[unit * texts.count + text]);
    let sum = 0;
    for (let unit = 0; unit < units; unit++) sum += Math.exp(logs[unit * texts.count + text] - largest);
    const common = LAMBDA[method] * (largest + Math.log(sum / units));
    for (let unit = 0; unit < units; unit++) logs[unit * texts.count + text] -= common;
  }
  return logs;
}

/** The images of highest activation, of equal ones the first. */
function topImages(means: Float64Array, most: number): Uint32Array {
  return Uint32Array.from(means.keys())
    .sort((a, b) => means[b] - means[a] || a - b)
    .subarray(0, most);
}

function softmax(row: Float64Array, sharpness: number, into: Float64Array): void {
  let largest = -Infinity;
  for (let t = 0; t < row.length; t++) largest = Math.max(largest, sharpness * row[t]);
  let sum = 0;
  for (let t = 0; t < row.length; t++) {
    into[t] = Math.exp(sharpness * row[t] - largest);
    sum += into[t];
  }
  for (let t = 0; t < row.length; t++) into[t] /= sum;
}

/** Cosine of the cubes of what each is above its mean over the images. */
function cubed(images: number, texts: number, cosines: CosinesOf, units: number, meanOf: (unit: number) => Float64Array): Float64Array {
  const activations = Array.from({ length: units }, (_, unit) => cubesOf(meanOf(unit)));
  const means = new Float64Array(texts);
  for (let image = 0; image < images; image++) {
    const row = cosines(image);
    for (let text = 0; text < texts; text++) means[text] += row[text] / images;
  }
  const squares = new Float64Array(texts);
  const products = new Float64Array(units * texts);
  const cubes = new Float64Array(texts);
  for (let image = 0; image < images; image++) {
    const row = cosines(image);
    for (let text = 0; text < texts; text++) {
      cubes[text] = (row[text] - means[text]) ** 3;
      squares[text] += cubes[text] ** 2;
    }
    for (let unit = 0; unit < units; unit++) {
      const x = activations[unit][image];
      if (x !== 0) for (let text = 0; text < texts; text++) products[unit * texts + text] += x * cubes[text];
    }
  }
  for (let unit = 0; unit < units; unit++)
    for (let text = 0; text < texts; text++) products[unit * texts + text] /= Math.max(Math.sqrt(squares[text]), LEAST_NORM);
  return products;
}

const LEAST_NORM = 0.001;

function cubesOf(values: Float64Array): Float64Array {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  const cubes = values.map((value) => (value - mean) ** 3);
  let squares = 0;
  for (let i = 0; i < cubes.length; i++) squares += cubes[i] ** 2;
  const norm = Math.max(Math.sqrt(squares), LEAST_NORM);
  return cubes.map((value) => value / norm);
}
