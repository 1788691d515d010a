/**
 * The standard error of an IoU by images (docs/definitions.md): with I_i and U_i the pixels of intersection and union
 * in image i, over the n images that carry the concept's category, R = sum I / sum U is a ratio of means, linearised:
 * SE = sqrt(n / (n - 1) * sum (I_i - R U_i)^2) / sum U.
 */

/**
 * Sums over images, exact integers; those of disjoint sets of images add up. All but the last are `units * concepts`.
 */
export interface ErrorSums {
  /** I^2. */
  intersections: Float64Array;
  /** I U. */
  products: Float64Array;
  /**
   * U^2 - M^2 - L^2, M the mask's pixels and L the concept's: 0 where one of them is empty, so that images without
   * either add nothing.
   */
  unions: Float64Array;
  /** M^2 over the images that carry the category, `units * categories`. */
  activated: Float64Array;
}

export function emptyErrorSums(units: number, concepts: number, categories: number): ErrorSums {
  const [intersections, products, unions] = [0, 1, 2].map(() => new Float64Array(units * concepts));
  return { intersections, products, unions, activated: new Float64Array(units * categories) };
}

/** Adds one image in which mask and concept both have pixels, in place. @param at `unit * concepts + concept` */
export function addImage(sums: ErrorSums, at: number, intersection: number, mask: number, label: number): void {
  const union = mask + label - intersection;
  sums.intersections[at] += intersection * intersection;
  sums.products[at] += intersection * union;
  sums.unions[at] += union * union - mask * mask - label * label;
}

/** What an IoU and its error are made of: sums over the images that carry the concept's category. */
export interface RatioSums {
  images: number;
  intersection: number;
  union: number;
  /** Of I^2, I U and U^2. */
  squares: { intersections: number; products: number; unions: number };
}

/**
 * The standard error; null where there are fewer than two images, or the union is empty. The sum under the root is
 * taken in exact integers.
 */
export function iouError({ images, intersection, union, squares }: RatioSums): number | null {
  if (images < 2 || union === 0) return null;
  const [i, u] = [BigInt(intersection), BigInt(union)];
  const scaled = BigInt(squares.intersections) * u * u - 2n * i * u * BigInt(squares.products) + i * i * BigInt(squares.unions);
  return Math.sqrt((images / (images - 1)) * Number(scaled)) / union ** 2;
}
